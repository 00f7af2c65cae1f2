import type { LogTime } from "../model/capture.js";
import type { Finding, Topology } from "../model/topology.js";

/** Since when each of the host's findings has stood, by what the log tells. */
export class FindingBook {
	/** Those that stand; no more than a topology has. */
	#since: ReadonlyMap<string, LogTime> = new Map();

	/** @param at when the host said so */
	note({ findings }: Topology, at: LogTime): void {
		this.#since = new Map(
			findings.map((finding) => {
				const key = keyOf(finding);
				return [key, this.#since.get(key) ?? at];
			}),
		);
	}

	/** Null: the log does not tell of it. */
	sinceOf(finding: Finding): LogTime | null {
		return this.#since.get(keyOf(finding)) ?? null;
	}
}

function keyOf({ id, concerns }: Finding): string {
	return [id, ...concerns].join(" ");
}
