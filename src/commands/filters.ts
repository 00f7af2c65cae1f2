import { elapsedNs, type LogTime } from "../model/capture.js";
import type { Exchange } from "../model/exchange.js";
import type { Frame, Protocol } from "../model/frame.js";
import type { Journey } from "../model/journey.js";
import type { Topology } from "../model/topology.js";
import { BoundedMap } from "../verify/bounded-map.js";
import { ChosenVms } from "./chosen-vms.js";
import { Failure } from "./failure.js";

/** Which of the frames and journeys of a log are shown. All are traced. */
export interface Filters {
	/** Names, UUIDs, MAC addresses, taps or IP addresses; none: all VMs. */
	readonly vms: readonly string[];
	readonly protocols: readonly Protocol[];
	readonly interfaces: readonly string[];
	readonly since: LogTime | null;
	readonly until: LogTime | null;
	/** Only what was not plainly delivered. */
	readonly problems: boolean;
}

/** @throws {Failure} when nothing can pass them */
export function checkFilters({ since, until }: Filters): void {
	if (since !== null && until !== null && elapsedNs(since, until) < 0) {
		throw new Failure("--since is later than --until: nothing lies between");
	}
}

/** More journeys than these are not remembered as having passed an interface. */
const journeyLimit = 32_768;

/** Chooses what is shown of what comes of a log. It must be told of all that comes. */
export class ResultFilter {
	readonly #filters: Filters;
	readonly #vms: ChosenVms;
	readonly #interfaces: ChosenInterfaces;
	/** Journeys that passed one of the interfaces asked for, by id. */
	readonly #passing = new BoundedMap<number, true>(journeyLimit);

	constructor(filters: Filters) {
		this.#filters = filters;
		this.#vms = new ChosenVms(filters.vms);
		this.#interfaces = new ChosenInterfaces(filters.interfaces);
	}

	/** What was asked for and is not there, neither on the host nor in what passed. */
	get unknown(): {
		readonly vms: readonly string[];
		readonly interfaces: readonly string[];
	} {
		return { vms: this.#vms.unknown, interfaces: this.#interfaces.unknown };
	}

	/** What the host says: which VM has which names, which interfaces there are. */
	noteTopology(topology: Topology): void {
		this.#vms.noteTopology(topology);
		this.#interfaces.note(topology.ports.map(({ name }) => name));
	}

	/** Whether a journey is shown. Time is that of its first hop. */
	isJourneyWanted(journey: Journey): boolean {
		const filters = this.#filters;
		const [first] = journey.hops;
		const passed = [...journey.hops, ...journey.copies].map(
			(hop) => hop.interface,
		);
		const isOfVm = this.#vms.hasJourney(journey);
		const isThere = this.#interfaces.hasOne(passed);
		if (isThere && filters.interfaces.length > 0) {
			this.#passing.set(journey.id, true);
		}
		return (
			isOfVm &&
			isThere &&
			!(filters.problems && journey.outcome === "delivered") &&
			isProtocolWanted(journey.protocol, filters) &&
			isTimeWanted(first?.time ?? null, filters)
		);
	}

	/**
	 * Whether an exchange is shown: as one of its journeys would be. Time is that of its
	 * first message.
	 */
	isExchangeWanted(exchange: Exchange): boolean {
		const filters = this.#filters;
		const { lastSeen, firstMissing, roundTrip, messages } = exchange;
		const passed = [lastSeen, firstMissing, ...Object.keys(roundTrip ?? {})];
		const isThere =
			this.#interfaces.hasOne(passed) ||
			messages.some(({ journey }) => this.#passing.get(journey) === true);
		return (
			this.#vms.hasExchange(exchange) &&
			isThere &&
			!(filters.problems && exchange.outcome === "delivered") &&
			isProtocolWanted(exchange.protocol, filters) &&
			isTimeWanted(exchange.since, filters)
		);
	}

	/** Whether a frame is shown. */
	isFrameWanted(
		frame: Frame,
		time: LogTime | null,
		interfaceName: string | null,
	): boolean {
		const filters = this.#filters;
		const isOfVm = this.#vms.hasFrame(frame, interfaceName);
		const isThere = this.#interfaces.hasOne([interfaceName]);
		return (
			isOfVm &&
			isThere &&
			isProtocolWanted(frame.protocol, filters) &&
			isTimeWanted(time, filters)
		);
	}
}

/** The interfaces that were asked for, and which of them there are. */
class ChosenInterfaces {
	readonly #wanted: readonly string[];
	readonly #known = new Set<string>();

	constructor(wanted: readonly string[]) {
		this.#wanted = wanted;
	}

	get unknown(): readonly string[] {
		return this.#wanted.filter((name) => !this.#known.has(name));
	}

	note(names: readonly (string | null)[]): void {
		for (const name of this.#wanted) {
			if (names.includes(name)) {
				this.#known.add(name);
			}
		}
	}

	hasOne(passed: readonly (string | null)[]): boolean {
		this.note(passed);
		return (
			this.#wanted.length === 0 ||
			passed.some((name) => name !== null && this.#wanted.includes(name))
		);
	}
}

function isProtocolWanted(
	protocol: Protocol | null,
	{ protocols }: Filters,
): boolean {
	return (
		protocols.length === 0 ||
		(protocol !== null && protocols.includes(protocol))
	);
}

function isTimeWanted(
	time: LogTime | null,
	{ since, until }: Filters,
): boolean {
	if (time === null) {
		return since === null && until === null;
	}
	return (
		(since === null || elapsedNs(since, time) >= 0) &&
		(until === null || elapsedNs(time, until) >= 0)
	);
}
