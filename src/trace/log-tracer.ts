import type { TimeSpan } from "../capture-file/sink.js";
import {
	type CaptureInterface,
	elapsedNs,
	epoch,
	type LogTime,
} from "../model/capture.js";
import type { HeldAddress } from "../model/held-address.js";
import type { HostDocument, Tick } from "../model/host-document.js";
import type { Sighting } from "../model/journey.js";
import type { LetGo } from "../model/let-go.js";
import type { Port } from "../model/port.js";
import { LogClock } from "./clock.js";
import { ClockOffsets } from "./clock-offset.js";
import { LogCoverage } from "./coverage.js";
import { ExchangeBook } from "./exchanges.js";
import { HostFacts } from "./host-facts.js";
import { LateTimes } from "./late-times.js";
import { PortBook } from "./ports.js";
import { SightingQueue } from "./queue.js";
import type { SessionEvents, SessionOptions } from "./session-events.js";
import { type ClockJump, splitAtJump } from "./ticks.js";
import { Tracer } from "./tracer.js";

/** Why frames could not be followed in order. */
const flooded = "too many frames came at once to put them all in order";
const belated = "frames of that time came only when the log had gone on";

/**
 * Leads the time of a log: puts sightings in order, lets journeys and exchanges settle as
 * it goes on, and closes them where it jumps.
 *
 * - A file with ticks goes on with its ticks, and by nothing else: how its bytes came in
 *   pieces changes nothing. Frames wait for the tick that says that all before it came.
 * - Another file goes on as its records do, as far as they may be out of order.
 */
export class LogTracer {
	readonly book: PortBook;
	readonly #events: SessionEvents;
	readonly #clock: LogClock;
	readonly #coverage: LogCoverage;
	readonly #tracer: Tracer;
	readonly #exchanges: ExchangeBook;
	readonly #queue: SightingQueue;
	readonly #facts: HostFacts;
	/** The time at which the log, or a stretch of it, ended; null while it goes on. */
	#closingAt: LogTime | null = null;
	readonly #late = new LateTimes();

	constructor(options: SessionOptions) {
		const { sources, indexNames, hostMacs, topology, events } = options;
		this.#events = events;
		this.book = new PortBook(indexNames, (port) => {
			const mac = hostMacs.get(port.name);
			if (mac !== undefined) {
				this.#tracer.whereabouts.learnPlace(mac, port, true, epoch);
			}
			port.isPromiscuous = this.#coverage.isPromiscuous(port);
			this.#facts.welcome(port);
		});
		this.#clock = new LogClock(sources);
		this.#coverage = new LogCoverage(this.#clock);
		this.#tracer = new Tracer({
			ports: this.book.list,
			coverage: this.#coverage,
			clocks: new ClockOffsets(sources, (source, message) =>
				this.notice(source, message),
			),
			emit: (journey, trip, now) => {
				const time = this.#closingAt ?? now;
				this.#exchanges.advance(time);
				events.onJourney(journey);
				this.#exchanges.take(trip, journey, time);
			},
		});
		this.#exchanges = new ExchangeBook(
			this.#tracer.whereabouts,
			(name, time, withinNs) => {
				const port = this.book.find(name);
				return port && this.#coverage.gapAt(port, time, withinNs);
			},
			(exchange) => events.onExchange(exchange),
		);
		this.#queue = new SightingQueue(
			(sighting) => this.#take(sighting),
			({ time }) => this.#coverage.setUnordered(time, flooded),
		);
		const { whereabouts } = this.#tracer;
		this.#facts = new HostFacts(this.book, whereabouts, events);
		this.#facts.give(topology ?? null);
	}

	get addresses(): readonly HeldAddress[] {
		const { addresses, vms } = this.#tracer.whereabouts;
		return addresses.list.map((held) => ({ ...held, vm: vms.ofMac(held.mac) }));
	}

	get end(): LogTime | null {
		return this.#clock.end;
	}

	get letGo(): LetGo {
		const { whereabouts, settledEarly, passedOver } = this.#tracer;
		return {
			journeys: settledEarly,
			...this.#exchanges.letGo,
			sightings: passedOver,
			unordered: this.#queue.hurried + this.#late.count,
			addresses: whereabouts.forgotten + whereabouts.addresses.forgotten,
		};
	}

	/** Whether a file brings its own clock. */
	isEventLog(source: number): boolean {
		return this.#clock.isLog(source);
	}

	/** A sighting that comes behind the tick that it should stand before is followed, too. */
	add(sighting: Sighting): void {
		const { source, time } = sighting;
		const ticked = this.#clock.tickOf(source);
		if (ticked !== null && elapsedNs(time, ticked) > 0) {
			this.#late.add(time);
			this.#coverage.setUnordered(time, belated);
		}
		if (this.#facts.isEmpty) {
			this.#facts.advance(time);
		}
		this.#clock.noteTime(source, time);
		this.#coverage.noteFrame(source, time);
		this.#queue.add(sighting);
	}

	setDrops(
		description: CaptureInterface,
		port: Port,
		dropped: number,
		at: LogTime | null,
	): void {
		this.#coverage.setDrops(description, port, dropped, at);
	}

	addDocument(source: number, document: HostDocument, time: LogTime): void {
		this.#clock.setLog(source);
		if (document.type === "capture") {
			this.#coverage.setCapture(source, document, this.book);
		} else {
			this.#facts.add(document, time, this.#clock.tickOf(source));
		}
	}

	addTick(source: number, tick: Tick): void {
		this.#clock.setLog(source);
		const news = this.#clock.addTick(source, tick);
		this.#coverage.addTick(source, tick, this.book);
		if (news !== null && news.heldUpNs > 0) {
			const held = `${(news.heldUpNs / 1e9).toFixed(1)} s`;
			this.notice(source, `the recorder was held up for ${held}`);
		}
		if (news?.jump) {
			this.#jump(source, news.jump);
		}
		this.#advance();
	}

	setProgress(source: number, span: TimeSpan, hasEnded: boolean): void {
		this.#clock.setProgress(source, span, hasEnded);
		if (hasEnded || !this.#clock.isLog(source)) {
			this.#advance();
		}
	}

	/** The time of a file without ticks. @param latest before it was set back, if it was */
	follow(source: number, time: LogTime, latest: LogTime | null): void {
		if (latest !== null) {
			const back = (elapsedNs(time, latest) / 1e9).toFixed(1);
			const jump = `the clock of the capture went back by ${back} s`;
			this.notice(source, jump);
			this.#queue.flush();
			this.#close(latest, jump);
		}
		if (latest !== null || this.#clock.hasJumped(source)) {
			this.#clock.setJump(source, time);
		}
	}

	/** The log is at its end: all that is open settles. */
	finish(): void {
		this.#clock.finish();
		this.#queue.flush();
		this.#tracer.reconsider(this.#late.take(), this.#clock.end ?? epoch);
		this.#facts.advance(null);
		this.#close(this.#clock.end, null);
	}

	notice(source: number, message: string): void {
		this.#events.onNotice({ source, offset: null, message });
	}

	#take(sighting: Sighting): void {
		this.#facts.advance(sighting.time);
		this.#tracer.take(sighting);
	}

	#advance(): void {
		const { watermark, isTicking } = this.#clock;
		if (watermark === null) {
			return;
		}
		this.#queue.release(watermark);
		this.#tracer.reconsider(this.#late.take(), watermark);
		// Without ticks, what waits tells more of the time before it than the watermark.
		if (isTicking || this.#queue.isEmpty) {
			this.#facts.advance(watermark);
			this.#tracer.advance(watermark);
			this.#exchanges.advance(watermark);
		}
	}

	/** Nothing is followed from the one clock to the other, nor is anything lost there. */
	#jump(source: number, jump: ClockJump): void {
		const { reason, before, after } = jump;
		this.notice(source, reason);
		const { old, fresh, now } = splitAtJump(jump, this.#queue.drain());
		this.#tracer.setDoubt(reason);
		for (const sighting of old) {
			this.#take(sighting);
		}
		this.#facts.advance(null);
		this.#close(before, reason);
		this.#coverage.setClock(source, now);
		this.#tracer.setClock(now);
		for (const sighting of fresh) {
			this.#take(sighting);
		}
		this.#close(after, reason);
		this.#tracer.setDoubt(null);
	}

	/** Lets all settle that is open: no time passes any more after `end`. */
	#close(end: LogTime | null, doubt: string | null): void {
		this.#closingAt = end;
		this.#tracer.finish(doubt);
		if (end !== null) {
			this.#exchanges.finish(end, doubt);
		}
		this.#closingAt = null;
	}
}
