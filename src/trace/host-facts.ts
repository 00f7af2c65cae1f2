import type { Mac } from "../model/address.js";
import { elapsedNs, epoch, type LogTime } from "../model/capture.js";
import type { HostDocument, HostDocumentType } from "../model/host-document.js";
import type { Port } from "../model/port.js";
import type { SafeText } from "../model/safe-text.js";
import type { Topology, TopologyPort } from "../model/topology.js";
import { buildTopology } from "../topology/build-topology.js";
import { keepRoles } from "./kept-roles.js";
import type { Saying } from "./membership.js";
import type { PortBook } from "./ports.js";
import type { SessionEvents } from "./session-events.js";
import type { Whereabouts } from "./whereabouts.js";

/** More documents than this, or more JSON text, do not wait for their time. */
const waitingLimit = 1024;
const waitingLength = 32 * 1024 * 1024;

/** Who is told what the host says, when it holds. */
type HostEvents = Pick<SessionEvents, "onDocument" | "onTopology">;

/** A document, and between when what it says began to hold. */
interface Waiting {
	readonly document: HostDocument;
	/** Of its JSON text, in characters. */
	readonly length: number;
	readonly said: Saying;
}

/**
 * What the host said, as the tracer uses it: from the time on at which it was said. The
 * documents of files that are read side by side come before that.
 */
export class HostFacts {
	readonly #book: PortBook;
	readonly #whereabouts: Whereabouts;
	readonly #events: HostEvents;
	readonly #documents = new Map<HostDocumentType, HostDocument>();
	/** In order of time. */
	readonly #waiting: Waiting[] = [];
	#waitingLength = 0;
	#ports: ReadonlyMap<SafeText, TopologyPort> = new Map();
	/** Which MAC address the host says lives behind which port. */
	#places: ReadonlyMap<Mac, SafeText> = new Map();
	#told = "";

	constructor(book: PortBook, whereabouts: Whereabouts, events: HostEvents) {
		this.#book = book;
		this.#whereabouts = whereabouts;
		this.#events = events;
	}

	/** Whether nothing that the log's host said is used yet. */
	get isEmpty(): boolean {
		return this.#documents.size === 0;
	}

	/** The user says how the host is made; that may be of another time than the capture. */
	give(topology: Topology | null): void {
		if (topology !== null) {
			this.#apply(topology, null);
		}
	}

	/** @param before the latest time at which the host is known to have said otherwise */
	add(document: HostDocument, time: LogTime, before: LogTime | null): void {
		const from = before && elapsedNs(before, time) > 0 ? before : time;
		const { length } = JSON.stringify(document);
		const waiting = { document, length, said: { from, to: time } };
		this.#waitingLength += length;
		const later = this.#waiting.findIndex(
			({ said }) => elapsedNs(time, said.to) > 0,
		);
		this.#waiting.splice(later < 0 ? this.#waiting.length : later, 0, waiting);
		while (
			this.#waiting.length > waitingLimit ||
			this.#waitingLength > waitingLength
		) {
			this.#applyFirst(1);
		}
	}

	/** Uses what was said up to a time; null: all. */
	advance(until: LogTime | null): void {
		if (this.#waiting.length === 0) {
			return;
		}
		const later = this.#waiting.findIndex(
			({ said }) => until !== null && elapsedNs(until, said.to) > 0,
		);
		this.#applyFirst(later < 0 ? this.#waiting.length : later);
	}

	/** A port came up. */
	welcome(port: Port): void {
		this.#setRole(port);
		for (const [mac, name] of this.#places) {
			if (name === port.name) {
				this.#whereabouts.tellPlace(mac, port, epoch);
			}
		}
	}

	#applyFirst(count: number): void {
		const used = this.#waiting.splice(0, count);
		const [first] = used;
		const last = used.at(-1);
		if (first === undefined || last === undefined) {
			return;
		}
		for (const { document, length, said } of used) {
			this.#waitingLength -= length;
			if (!isUnlisted(document) || !this.#documents.has(document.type)) {
				this.#documents.set(document.type, document);
			}
			this.#events.onDocument(document, said.to);
		}
		const said = buildTopology([...this.#documents.values()]);
		const topology = keepRoles(said, this.#ports);
		const told = JSON.stringify(topology);
		if (told !== this.#told) {
			this.#told = told;
			const from = used.reduce(
				(least, { said }) =>
					elapsedNs(said.from, least) > 0 ? said.from : least,
				first.said.from,
			);
			this.#apply(topology, { from, to: last.said.to });
			this.#events.onTopology(topology);
		}
	}

	#apply(topology: Topology, said: Saying | null): void {
		const { membership, vms } = this.#whereabouts;
		const isFirst = this.#ports.size === 0;
		this.#ports = new Map(topology.ports.map((port) => [port.name, port]));
		membership.set(topology, said);
		vms.set(topology, said !== null);
		this.#book.addIndexNames(
			topology.ports.map(({ index, name }) => [index, name]),
		);
		for (const port of this.#book.list) {
			this.#setRole(port);
		}
		const since = isFirst || said === null ? epoch : said.to;
		this.#setPlaces(findPlaces(topology, said !== null), since);
	}

	#setRole(port: Port): void {
		const role = this.#ports.get(port.name)?.role ?? "unknown";
		if (role === "unknown") {
			return;
		}
		if (role === "bridge" && port.role !== role) {
			this.#whereabouts.forgetPlacesAt(port);
		}
		port.role = role;
		port.isInferred = false;
	}

	/** What was said before and still is need not be said again: frames may know better. */
	#setPlaces(places: ReadonlyMap<Mac, SafeText>, since: LogTime): void {
		for (const [mac, name] of places) {
			const port = this.#book.find(name);
			if (port !== null && this.#places.get(mac) !== name) {
				this.#whereabouts.tellPlace(mac, port, since);
			}
		}
		this.#places = places;
	}
}

/** Interfaces that could not be listed just then have not gone. */
function isUnlisted({ type, statements }: HostDocument): boolean {
	return type === "host-links" && (statements[0]?.output ?? null) === null;
}

/**
 * Where the host says that MAC addresses live: a bridge's own at the bridge, a running
 * VM's behind its tap. Not those that several have.
 *
 * @param hasTaps taps are those of the capture
 */
function findPlaces(
	{ ports, domains }: Topology,
	hasTaps: boolean,
): Map<Mac, SafeText> {
	const places = new Map<Mac, SafeText>();
	const shared = new Set<Mac>();
	const add = (mac: Mac | null, name: SafeText | null) => {
		if (mac !== null && name !== null) {
			if ((places.get(mac) ?? name) !== name) {
				shared.add(mac);
			}
			places.set(mac, name);
		}
	};
	for (const { role, mac, name } of ports) {
		if (role === "bridge") {
			add(mac, name);
		}
	}
	for (const { isRunning, state, nics } of hasTaps ? domains : []) {
		// A VM that is migrated to this host is paused here, and runs elsewhere.
		if (isRunning && `${state}` !== "paused") {
			for (const { mac, tap } of nics) {
				add(mac, tap);
			}
		}
	}
	for (const mac of shared) {
		places.delete(mac);
	}
	return places;
}
