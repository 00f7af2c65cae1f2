import { elapsedNs, type LogTime } from "../model/capture.js";
import type { Protocol } from "../model/frame.js";
import { type Sighting, settleNs } from "../model/journey.js";
import type { Port } from "../model/port.js";

/** What a port has shown so far. */
interface Shown {
	readonly first: Sighting;
	latest: LogTime;
	readonly protocols: Set<Protocol>;
	hasEgress: boolean;
}

/**
 * What ports have shown, and so what a capture of them can show. A capture of all
 * interfaces goes on before a tap comes up; merged captures end before their file; a
 * capture may have a filter that another does not have.
 */
export class Presence {
	readonly #shown = new Map<Port, Shown>();
	/** Some stamp tells less than a millisecond. */
	#isFine = false;

	note(sighting: Sighting): void {
		const { port, time, frame } = sighting;
		this.#isFine ||= time.nanos % 1e6 !== 0;
		if (port === null) {
			return;
		}
		const shown = this.#shown.get(port) ?? this.#open(port, sighting);
		shown.latest = time;
		if (frame.protocol !== null) {
			shown.protocols.add(frame.protocol);
		}
	}

	#open(port: Port, first: Sighting): Shown {
		const shown: Shown = {
			first,
			latest: first.time,
			protocols: new Set(),
			hasEgress: false,
		};
		this.#shown.set(port, shown);
		return shown;
	}

	/** A frame left by the port. */
	noteEgress(port: Port | null): void {
		const shown = port && this.#shown.get(port);
		if (shown) {
			shown.hasEgress = true;
		}
	}

	/** The clock was set back to `now`: what lies ahead of it was shown just before. */
	setClock(now: LogTime): void {
		for (const shown of this.#shown.values()) {
			if (elapsedNs(now, shown.latest) > 0) {
				shown.latest = now;
			}
		}
	}

	/** Why a port may not show what passes there at the time of a sighting; null: it does. */
	gapAt(port: Port, { time, source, frame }: Sighting): string | null {
		if (!this.#isFine) {
			return "time stamps of whole milliseconds do not tell one frame's way from another's";
		}
		const shown = this.#shown.get(port);
		const first = shown?.first;
		const isNumbered = first?.frame.interfaceIndex != null;
		if (first && isNumbered && elapsedNs(time, first.time) > 0) {
			return `${port.name} was seen only later`;
		}
		const until = shown === undefined ? 0 : elapsedNs(time, shown.latest);
		if (!port.isContinuous && until < settleNs) {
			return `${port.name} shows nothing later in a file that captures may have been merged into`;
		}
		const { protocol } = frame;
		if (protocol === null || port.sources.has(source)) {
			return null;
		}
		return shown?.protocols.has(protocol) && shown.hasEgress
			? null
			: `${port.name} has shown no ${protocol.toUpperCase()} that left by it: its capture may have a filter`;
	}
}
