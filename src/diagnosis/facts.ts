import type { Ipv4 } from "../model/address.js";
import type { LogTime } from "../model/capture.js";
import type { HostDocument, HostDocumentType } from "../model/host-document.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import type { Topology } from "../model/topology.js";
import { type Listener, parseListeners } from "../topology/services.js";
import type { DocumentHistory } from "./document-history.js";
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
	/** When the ones and the others were read. */
	readonly rulesReadAt: LogTime | null;
	readonly nextRulesReadAt: LogTime | null;
	readonly listeners: readonly Listener[] | null;
	readonly fdb: readonly FdbEntry[] | null;
	/** The host's own neighbours: state by address, as `ip neigh` has it. */
	readonly neighbours: ReadonlyMap<Ipv4, SafeText> | null;
	/** What was seen of late. */
	readonly memory: JourneyMemory;
	/** A kernel parameter below /proc/sys; null: there is none; undefined: not read. */
	sysctl(name: string): string | null | undefined;
}

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
		return {
			topology: history.topologyAt(timeOf("topology")),
			rules: this.#rulesOf(rules?.value ?? null),
			nextRules: rules === next ? null : this.#rulesOf(next?.value ?? null),
			rulesReadAt: rules?.at ?? null,
			nextRulesReadAt: next?.at ?? null,
			listeners: readListeners(document("host-services")),
			fdb: readFdb(document("host-fdb")),
			neighbours: readNeighbours(document("host-neighbours")),
			memory: this.#memory,
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
