import { addNs, elapsedNs, epoch, type LogTime } from "../model/capture.js";
import type { HostDocument, HostDocumentType } from "../model/host-document.js";
import type { Topology } from "../model/topology.js";

/** So many documents of a type are kept, and topologies: the oldest are forgotten. */
const historyLimit = 16;
const timesLimit = 64;
/** Of rules, which may be long, and of counters, which are short and come often. */
const limits: Partial<Record<HostDocumentType, number>> = {
	"host-firewall": 8,
	"host-counters": 64,
};

/** Something the host said, and when. */
export interface Said<Value> {
	readonly value: Value;
	readonly at: LogTime;
}

/**
 * How long after it changed a subject is read again, at the latest, in nanoseconds: rules,
 * services and kernel parameters have no monitor and are polled every 30 s.
 */
const staleNs: Partial<Record<HostDocumentType, number>> = {
	"host-firewall": 32e9,
	"host-services": 32e9,
	"host-sysctls": 32e9,
	"host-networks": 32e9,
};
const usualStaleNs = 1e9;

/** What the host said lately, to be looked up by time. */
export class DocumentHistory {
	readonly #documents = new Map<HostDocumentType, History<HostDocument>>();
	readonly #topologies = new History<Topology>(historyLimit);
	/** When documents were read, of all types, those that came last. */
	readonly #times: LogTime[] = [];
	#latest: LogTime | null = null;

	add(document: HostDocument, at: LogTime): void {
		const { type } = document;
		const limit = limits[type] ?? historyLimit;
		const kept = this.#documents.get(type) ?? new History(limit);
		this.#documents.set(type, kept);
		kept.add(document, at);
		this.#latest = at;
		this.#times.push(at);
		if (this.#times.length > timesLimit) {
			this.#times.shift();
		}
	}

	/** It follows from the documents so far; before there are any, it was always so. */
	addTopology(topology: Topology): void {
		this.#topologies.add(topology, this.#latest ?? epoch);
	}

	/** What held at a time: what was said last before it, else the first thing said. */
	at(type: HostDocumentType, time: LogTime): Said<HostDocument> | null {
		return this.#documents.get(type)?.at(time) ?? null;
	}

	/** All that is kept of a type, the oldest first. */
	all(type: HostDocumentType): readonly Said<HostDocument>[] {
		return this.#documents.get(type)?.all ?? [];
	}

	/** Whether what counted frames at a time is not known any more. */
	hasForgotten(time: LogTime): boolean {
		return ["host-firewall" as const, "host-counters" as const].some((type) =>
			this.#documents.get(type)?.hasForgotten(time),
		);
	}

	/** Equal for two times between which nothing was said, as long as nothing is added. */
	stretchAt(time: LogTime): number {
		return this.#times.findLastIndex((at) => elapsedNs(at, time) >= 0);
	}

	topologyAt(time: LogTime): Topology | null {
		return this.#topologies.at(time)?.value ?? null;
	}

	/** What was said next; null: nothing yet. */
	after(type: HostDocumentType, time: LogTime): Said<HostDocument> | null {
		return this.#documents.get(type)?.after(time) ?? null;
	}

	/** When, at the latest, a change from before a time had been read. */
	settledAt(type: HostDocumentType | "topology", time: LogTime): LogTime {
		const isKnown = type === "topology" ? undefined : staleNs[type];
		return addNs(time, isKnown ?? usualStaleNs);
	}
}

/** What was said of one subject, the oldest first. */
class History<Value> {
	readonly #said: Said<Value>[] = [];
	readonly #limit: number;
	#hasForgotten = false;

	constructor(limit: number) {
		this.#limit = limit;
	}

	add(value: Value, at: LogTime): void {
		this.#said.push({ value, at });
		if (this.#said.length > this.#limit) {
			this.#said.shift();
			this.#hasForgotten = true;
		}
	}

	get all(): readonly Said<Value>[] {
		return this.#said;
	}

	hasForgotten(time: LogTime): boolean {
		return this.#hasForgotten && this.at(time) === null;
	}

	/** What came before all that is kept is not known any more. */
	at(time: LogTime): Said<Value> | null {
		const last = this.#said.findLast(({ at }) => elapsedNs(at, time) >= 0);
		return last ?? (this.#hasForgotten ? null : (this.#said[0] ?? null));
	}

	after(time: LogTime): Said<Value> | null {
		return this.#said.find(({ at }) => elapsedNs(time, at) > 0) ?? null;
	}
}
