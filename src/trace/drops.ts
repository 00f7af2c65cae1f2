import { elapsedNs, type LogTime } from "../model/capture.js";
import type { Tick } from "../model/host-document.js";
import type { Port } from "../model/port.js";
import { DropWindows } from "./drop-windows.js";
import { formatFrames } from "./durations.js";

/** A counter of lost frames, as it was read last. */
interface Counter {
	dropped: number;
	at: LogTime | null;
}

/** What an event log counted so far. */
interface LogDrops {
	/** Over its interfaces, as far as their counters say. */
	counted: number;
	/** What the latest tick says of all, and what was counted then. */
	ticked: { readonly total: number; readonly counted: number } | null;
	/** All lost before this time was counted. */
	until: LogTime | null;
	/** By interface. */
	readonly counters: Map<number, Counter>;
	readonly windows: Map<Port, DropWindows>;
	/** Frames lost nobody says where. */
	readonly anywhere: DropWindows;
}

/**
 * Frames that the capture lost. An event log says when: between two reports. Other files
 * say only that there were any: then they may be any of the file.
 */
export class DropBook {
	/** Of ports whose files do not say when. */
	readonly #untimed = new Map<Port, number>();
	readonly #logs = new Map<number, LogDrops>();

	/** A report that does not say when: the port's frames may be any of its file. */
	addUntimed(port: Port, dropped: number): void {
		const before = this.#untimed.get(port) ?? 0;
		this.#untimed.set(port, Math.max(before, dropped));
	}

	/** A report of an event log's interface. @param at when it was read */
	add(
		{ id, source }: { readonly id: number; readonly source: number },
		port: Port,
		dropped: number,
		at: LogTime | null,
	): void {
		const log = this.#logOf(source);
		const before = log.counters.get(id);
		const more = dropped - (before?.dropped ?? 0);
		if (more > 0) {
			log.counted += more;
			const from = latest(before?.at ?? null, log.until);
			const windows = log.windows.get(port) ?? new DropWindows();
			log.windows.set(port, windows);
			windows.add(from, at, more);
		}
		log.counters.set(id, {
			dropped: Math.max(dropped, before?.dropped ?? 0),
			at: at ?? before?.at ?? null,
		});
	}

	/** What a tick counts and no interface has is lost anywhere. */
	addTick(source: number, { until, dropsTotal }: Tick): void {
		const log = this.#logOf(source);
		for (const windows of [...log.windows.values(), log.anywhere]) {
			windows.addTick(until);
		}
		if (dropsTotal === null) {
			return;
		}
		const { ticked, counted } = log;
		const more =
			dropsTotal - (ticked?.total ?? 0) - (counted - (ticked?.counted ?? 0));
		if (more > 0) {
			log.anywhere.add(log.until, until, more);
		}
		log.ticked = { total: dropsTotal, counted };
		log.until = until;
	}

	/** The clock of a file was set: what was lost until then was told. */
	setClock(source: number, now: LogTime): void {
		const log = this.#logOf(source);
		log.windows.clear();
		log.anywhere.clear();
		log.until = now;
		for (const counter of log.counters.values()) {
			counter.at = now;
		}
	}

	/** Why a frame may have been lost by the capture in the time given; null: it was not. */
	gapAt(port: Port, time: LogTime, withinNs: number): string | null {
		const untimed = this.#untimed.get(port) ?? 0;
		if (untimed > 0) {
			return `the capture lost ${formatFrames(untimed)} at ${port.name}`;
		}
		for (const source of port.sources) {
			const { windows, anywhere } = this.#logs.get(source) ?? {};
			const lost =
				windows?.get(port)?.gapAt(port.name, time, withinNs) ??
				anywhere?.gapAt("some interface", time, withinNs);
			if (lost) {
				return lost;
			}
		}
		return null;
	}

	#logOf(source: number): LogDrops {
		const log = this.#logs.get(source) ?? {
			counted: 0,
			ticked: null,
			until: null,
			counters: new Map(),
			windows: new Map(),
			anywhere: new DropWindows(),
		};
		this.#logs.set(source, log);
		return log;
	}
}

function latest(a: LogTime | null, b: LogTime | null): LogTime | null {
	if (a === null || b === null) {
		return a ?? b;
	}
	return elapsedNs(a, b) > 0 ? b : a;
}
