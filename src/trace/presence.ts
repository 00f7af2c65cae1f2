import { elapsedNs, type LogTime } from "../model/capture.js";
import type { Sighting } from "../model/journey.js";
import type { Port } from "../model/port.js";

/**
 * Since when ports are known to be there. A capture of all interfaces goes on before a
 * tap comes up and after it went away: what it does not show there is not missing.
 */
export class Presence {
	readonly #since = new Map<Port, LogTime>();

	note({ port, frame, time }: Sighting): void {
		const isNumbered = frame.interfaceIndex !== null;
		if (port !== null && isNumbered && !this.#since.has(port)) {
			this.#since.set(port, time);
		}
	}

	/** Why a port may not have been there at a time; null when it was. */
	gapAt(port: Port, time: LogTime): string | null {
		const since = this.#since.get(port);
		return since !== undefined && elapsedNs(time, since) > 0
			? `${port.name} was seen only later`
			: null;
	}
}
