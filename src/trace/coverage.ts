import {
	type CaptureInterface,
	elapsedNs,
	type LogTime,
} from "../model/capture.js";
import type { HostDocument, Tick } from "../model/host-document.js";
import { settleNs } from "../model/journey.js";
import type { Port } from "../model/port.js";
import { parseCaptureState } from "./capture-state.js";
import { CaptureWindows } from "./capture-windows.js";
import type { Coverage } from "./circumstances.js";
import type { LogClock } from "./clock.js";
import { DropBook } from "./drops.js";
import { LoadCount } from "./load.js";
import type { PortBook } from "./ports.js";

/** Words of pcap-filter(7) that choose a frame at one port and not at the next. */
const partial = /\b(inbound|outbound|vlan|len|less|greater|ifname|on)\b|\[/;

/** What was captured when, by all that the files of the log say of it. */
export class LogCoverage implements Coverage {
	readonly #clock: LogClock;
	readonly #windows = new CaptureWindows();
	readonly #drops = new DropBook();
	readonly #loads = new Map<number, LoadCount>();
	#unordered: { readonly until: LogTime; readonly reason: string } | null =
		null;

	constructor(clock: LogClock) {
		this.#clock = clock;
	}

	/** Frames were followed out of order up to this time, and why. */
	setUnordered(until: LogTime, reason: string): void {
		const before = this.#unordered;
		if (before === null || elapsedNs(before.until, until) > 0) {
			this.#unordered = { until, reason };
		}
	}

	/** A `capture` document. A port that shows no frame is known by it: it may be the fault. */
	setCapture(source: number, document: HostDocument, book: PortBook): void {
		const report = parseCaptureState(document);
		if (report === null) {
			return;
		}
		this.#windows.set(source, report);
		if (!report.countsDrops && !this.#loads.has(source)) {
			this.#loads.set(source, new LoadCount());
		}
		for (const name of report.windows.keys()) {
			book.named(name, source);
		}
		for (const port of book.list) {
			port.isPromiscuous = this.isPromiscuous(port);
		}
	}

	noteFrame(source: number, time: LogTime): void {
		this.#loads.get(source)?.add(time);
	}

	setDrops(
		description: CaptureInterface,
		port: Port,
		dropped: number,
		at: LogTime | null,
	): void {
		if (this.#clock.isLog(description.source)) {
			this.#drops.add(description, port, dropped, at);
		} else {
			this.#drops.addUntimed(port, dropped);
		}
	}

	/** Counters stand before a tick: a port without one has lost nothing until then. */
	addTick(source: number, tick: Tick, book: PortBook): void {
		this.#drops.addTick(source, tick);
		if (tick.dropsTotal !== null) {
			for (const port of book.list) {
				if (port.drops === null && port.sources.has(source)) {
					port.drops = 0;
				}
			}
		}
	}

	/** The clock of a file was set: its time is `now`. */
	setClock(source: number, now: LogTime): void {
		this.#windows.setClock(source, now);
		this.#drops.setClock(source, now);
		this.#unordered = null;
	}

	isPromiscuous(port: Port): boolean | null {
		return this.#windows.isPromiscuous(port);
	}

	gapAt(
		port: Port,
		time: LogTime,
		withinNs = settleNs,
		isRouted = false,
	): string | null {
		const lost = this.#drops.gapAt(port, time, withinNs);
		if (lost !== null) {
			return lost;
		}
		if (this.#unordered && elapsedNs(this.#unordered.until, time) < withinNs) {
			return this.#unordered.reason;
		}
		let gap = `${port.name} was not captured`;
		for (const source of port.sources) {
			const found =
				this.#clock.gapIn(source, time, withinNs) ??
				this.#windows.gapIn(source, port, time, withinNs) ??
				this.#filterGap(source, isRouted) ??
				this.#loads.get(source)?.gapAt(time, withinNs) ??
				null;
			if (found === null) {
				return null;
			}
			gap = found;
		}
		return gap;
	}

	/** A filter by addresses chooses a frame at every port of a bridge, but not behind NAT. */
	#filterGap(source: number, isRouted: boolean): string | null {
		const filter = this.#windows.reportOf(source)?.filter ?? null;
		return filter !== null && (isRouted || partial.test(filter))
			? `the capture has a filter, by which it may not be seen there: ${filter}`
			: null;
	}
}
