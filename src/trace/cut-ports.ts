import { elapsedNs, type LogTime } from "../model/capture.js";
import type { SafeText } from "../model/safe-text.js";
import type { TopologyPort } from "../model/topology.js";

/**
 * Ports that are down or have no carrier, by what the host says. A bridge forgets who was
 * behind such a port, and sends what is for them by all its others.
 */
export class CutPorts {
	/** Since when at the latest. */
	readonly #since = new Map<SafeText, LogTime>();

	/** @param at when the host said it; null: by someone who may not have been there then */
	set(ports: readonly TopologyPort[], at: LogTime | null): void {
		const before = new Map(this.#since);
		this.#since.clear();
		if (at === null) {
			return;
		}
		for (const { name } of ports.filter(isCut)) {
			this.#since.set(name, before.get(name) ?? at);
		}
	}

	/** Whether a port was cut at a time. */
	has(name: SafeText, time: LogTime): boolean {
		const since = this.#since.get(name);
		return since !== undefined && elapsedNs(since, time) >= 0;
	}

	/** The clock was set: those times are none of this clock. */
	clear(): void {
		this.#since.clear();
	}
}

function isCut({ isUp, hasCarrier }: TopologyPort): boolean {
	return !isUp || hasCarrier === false;
}
