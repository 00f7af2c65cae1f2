import type { Ipv4 } from "../model/address.js";
import { addNs, type LogTime } from "../model/capture.js";
import type { HostDocument, HostDocumentType } from "../model/host-document.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import type { Topology } from "../model/topology.js";
import { type Listener, parseListeners } from "../topology/services.js";
import type { DocumentHistory, Said } from "./document-history.js";
import { type FdbEntry, parseFdb } from "./fdb.js";
import { readFirewall } from "./firewall.js";
import type { JourneyMemory } from "./journey-memory.js";
import { isObject, type JsonObject } from "./nft-match.js";
import type { Ruleset } from "./ruleset.js";

/** What is known of the host at one time; null: it could not be read. */
export interface Facts {
	readonly topology: Topology | null;
	/** The rules that held. */
	readonly rules: Ruleset | null;
	/** The rules as they were read next, with their counters; null: they were not yet. */
	readonly nextRules: Ruleset | null;
	/** The rules as they were read long enough before to count nothing of then. */
	readonly earlierRules: Ruleset | null;
	/** When each was read. */
	readonly rulesReadAt: LogTime | null;
	readonly nextRulesReadAt: LogTime | null;
	readonly earlierRulesReadAt: LogTime | null;
	readonly listeners: readonly Listener[] | null;
	readonly fdb: readonly FdbEntry[] | null;
	/** The host's own neighbours: state by address, as `ip neigh` has it. */
	readonly neighbours: ReadonlyMap<Ipv4, SafeText> | null;
	/** What was seen of late. */
	readonly memory: JourneyMemory;
	/** Frames that a tap could not hand to its VM, each time they were read; the oldest first. */
	tapDrops(tap: SafeText): readonly DropReading[];
	/** A kernel parameter below /proc/sys; null: there is none; undefined: not read. */
	sysctl(name: string): string | null | undefined;
}

/** Frames that a tap dropped since it was made, and when that was read. */
export interface DropReading {
	readonly at: LogTime;
	readonly dropped: number;
}

/**
 * Reading the rules takes so long at most, in nanoseconds: what is lost meanwhile may be
 * counted in what was read or not.
 */
export const readingNs = 2e9;

/** Reads facts out of documents; each document is read once. */
export class FactReader {
	readonly #history: DocumentHistory;
	readonly #memory: JourneyMemory;
	readonly #rules = new WeakMap<HostDocument, Ruleset | null>();

	constructor(history: DocumentHistory, memory: JourneyMemory) {
		this.#history = history;
		this.#memory = memory;
	}

	/**
	 * @param isSettled as of when every change from before that time had been read, instead
	 * of what had been read by then
	 */
	at(time: LogTime, isSettled: boolean): Facts {
		const history = this.#history;
		const timeOf = (type: HostDocumentType | "topology") =>
			isSettled ? history.settledAt(type, time) : time;
		const document = (type: HostDocumentType) =>
			history.at(type, timeOf(type))?.value ?? null;
		const parameters = readParameters(document("host-sysctls"));
		// What their counters say is of the time between two readings.
		const rules = history.at("host-firewall", time);
		const next = history.after("host-firewall", time);
		const earlier = history.at("host-firewall", addNs(time, -readingNs));
		return {
			topology: history.topologyAt(timeOf("topology")),
			rules: this.#rulesOf(rules?.value ?? null),
			nextRules: rules === next ? null : this.#rulesOf(next?.value ?? null),
			earlierRules: this.#rulesOf(earlier?.value ?? null),
			rulesReadAt: rules?.at ?? null,
			nextRulesReadAt: next?.at ?? null,
			earlierRulesReadAt: earlier?.at ?? null,
			listeners: readListeners(document("host-services")),
			fdb: readFdb(document("host-fdb")),
			neighbours: readNeighbours(document("host-neighbours")),
			memory: this.#memory,
			tapDrops: (tap) => readDrops(history.all("host-counters"), tap),
			sysctl: (name) => readParameter(parameters, name),
		};
	}

	#rulesOf(document: HostDocument | null): Ruleset | null {
		if (document === null) {
			return null;
		}
		const known = this.#rules.get(document);
		const rules = known === undefined ? readFirewall(document) : known;
		this.#rules.set(document, rules);
		return rules;
	}
}

function readParameters(document: HostDocument | null): JsonObject | null {
	const said = document?.statements.find(
		({ source }) => source === "/proc/sys",
	)?.output;
	return said !== undefined && isObject(said) ? said : null;
}

function readParameter(
	parameters: JsonObject | null,
	name: string,
): string | null | undefined {
	const value = parameters?.[name];
	return typeof value === "string" || value === null ? value : undefined;
}

function readDrops(
	readings: readonly Said<HostDocument>[],
	tap: SafeText,
): DropReading[] {
	return readings.flatMap(({ value, at }) => {
		const [said] = value.statements;
		const counts = said && isObject(said.output) ? said.output : {};
		const name = Object.keys(counts).find((one) => makeSafe(one) === tap);
		const dropped = name === undefined ? null : counts[name];
		return typeof dropped === "number" ? [{ at, dropped }] : [];
	});
}

function readListeners(document: HostDocument | null): Listener[] | null {
	const said = document?.statements.find(({ source }) =>
		source.startsWith("ss "),
	);
	return said === undefined ? null : parseListeners(said.output);
}

function readFdb(document: HostDocument | null): FdbEntry[] | null {
	const said = document?.statements.find(({ source }) =>
		source.startsWith("bridge "),
	);
	return said === undefined ? null : parseFdb(said.output);
}

/** Of an address that stands there twice, the last state. */
function readNeighbours(
	document: HostDocument | null,
): ReadonlyMap<Ipv4, SafeText> | null {
	const said = document?.statements.find(({ source }) =>
		source.startsWith("ip "),
	)?.output;
	if (!Array.isArray(said)) {
		return null;
	}
	const states = new Map<Ipv4, SafeText>();
	for (const entry of said.filter(isObject)) {
		const { dst, state } = entry;
		const [first] = Array.isArray(state) ? state : [];
		if (typeof dst === "string" && typeof first === "string") {
			states.set(dst, makeSafe(first));
		}
	}
	return states;
}
