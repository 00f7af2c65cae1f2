import { formatTimeNs, type LogTime } from "../model/capture.js";
import type {
	CapturedPort,
	CaptureState,
	HostDocument,
} from "../model/host-document.js";
import type { CaptureEngine, EnginePort } from "./engine.js";

/** A port to capture at, and what the log says of it. */
export interface ChosenPort extends EnginePort {
	/** if_description: VM and MAC; null: nothing is known. */
	readonly description: string | null;
}

/** A port of the recording, and since when it is captured. */
export interface HistoricPort {
	readonly chosen: ChosenPort;
	/** Decimal nanoseconds; null until its capture has begun. */
	sinceNs: string | null;
}

/** More ports that ended than this are not listed any more. */
const endedLimit = 1024;

/** What is captured, and was: the `capture` document of the log. */
export class CaptureHistory {
	readonly #engine: CaptureEngine;
	readonly #filter: string | null;
	readonly #ended: CapturedPort[] = [];

	/** @param filter pcap-filter expression on top of the built-in one; null: none */
	constructor(engine: CaptureEngine, filter: string | null) {
		this.#engine = engine;
		this.#filter = filter;
	}

	/** @param readUntil when all that had passed was read last: it was still there then */
	noteEnd(port: HistoricPort, readUntil: LogTime | null): void {
		const { sinceNs } = port;
		if (sinceNs === null) {
			return;
		}
		const untilNs = readUntil === null ? sinceNs : formatTimeNs(readUntil);
		this.#ended.push(list(port, sinceNs, untilNs));
		if (this.#ended.length > endedLimit) {
			this.#ended.shift();
		}
	}

	/** @param open the ports that are captured now */
	describe(open: readonly HistoricPort[]): HostDocument {
		const now = open.flatMap((port) =>
			port.sinceNs === null ? [] : list(port, port.sinceNs, null),
		);
		const { name, time, countsDrops } = this.#engine;
		const state: CaptureState = {
			engine: name,
			time,
			countsDrops,
			filter: this.#filter,
			interfaces: [...this.#ended, ...now],
		};
		const output = JSON.parse(JSON.stringify(state));
		return {
			type: "capture",
			statements: [{ source: "vmpath record", output, gap: null }],
		};
	}
}

function list(
	{ chosen: { name, index, isPromiscuous } }: HistoricPort,
	sinceNs: string,
	untilNs: string | null,
): CapturedPort {
	return { name, index, sinceNs, untilNs, isPromiscuous };
}
