import type { CaptureSink, Damage, TimeSpan } from "../capture-file/sink.js";
import {
	type CapturedFrame,
	type CaptureInterface,
	elapsedNs,
	epoch,
	type LogTime,
	linkType,
} from "../model/capture.js";
import type { HeldAddress } from "../model/held-address.js";
import { type Sighting, settleNs } from "../model/journey.js";
import type { LetGo } from "../model/let-go.js";
import type { Port } from "../model/port.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import { decodeFrame } from "../wire/frame.js";
import { isKnownLinkType } from "../wire/link.js";
import { LogClock } from "./clock.js";
import { ClockOffsets } from "./clock-offset.js";
import { ExchangeBook } from "./exchanges.js";
import { fingerprint, isTraceable, routedFingerprint } from "./fingerprint.js";
import { limitSnap, noteCut, PortBook } from "./ports.js";
import { SightingQueue } from "./queue.js";
import type {
	SessionCounts,
	SessionEvents,
	SessionOptions,
} from "./session-events.js";
import { Tracer } from "./tracer.js";

/** A file's times going back by more than this mean that its clock was set back. */
const clockJumpNs = 1_000_000_000;

/**
 * The tracing half: a log goes in as a reader hands it on, frames and journeys come out.
 * It is a function of the log: no clock, no file, no host.
 */
export class Session implements CaptureSink {
	readonly counts: SessionCounts = { relevant: 0, malformed: 0 };
	readonly #events: SessionEvents;
	readonly #book: PortBook;
	readonly #clock: LogClock;
	readonly #tracer: Tracer;
	readonly #exchanges: ExchangeBook;
	readonly #queue: SightingQueue;
	/** The time at which the log, or a stretch of it, ended; null while it goes on. */
	#closingAt: LogTime | null = null;
	readonly #portOf = new Map<number, Port | null>();
	readonly #latestOf = new Map<number, LogTime>();

	constructor({ sources, indexNames, hostMacs, events }: SessionOptions) {
		this.#events = events;
		this.#book = new PortBook(indexNames, (port) => {
			const mac = hostMacs.get(port.name);
			if (mac !== undefined) {
				this.#tracer.whereabouts.learnPlace(mac, port, true, epoch);
			}
		});
		this.#clock = new LogClock(sources, settleNs);
		this.#tracer = new Tracer({
			ports: this.#book.list,
			coverage: this.#clock,
			clocks: new ClockOffsets(sources, (source, message) =>
				this.#notice(source, null, message),
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
			(name, time) => {
				const port = this.#book.find(name);
				return port && this.#clock.gapAt(port, time);
			},
			(exchange) => events.onExchange(exchange),
		);
		this.#queue = new SightingQueue(
			(sighting) => this.#tracer.take(sighting),
			({ time }) => this.#clock.setUnordered(time),
		);
	}

	/** Who holds which IP address; those not seen for longest first. */
	get addresses(): readonly HeldAddress[] {
		return this.#tracer.whereabouts.addresses.list;
	}

	/** The latest time of all records so far; null when none has one. */
	get end(): LogTime | null {
		return this.#clock.end;
	}

	/** What was not kept because there was too much of it. */
	get letGo(): LetGo {
		const { whereabouts, settledEarly, passedOver } = this.#tracer;
		return {
			journeys: settledEarly,
			...this.#exchanges.letGo,
			sightings: passedOver,
			unordered: this.#queue.hurried,
			addresses: whereabouts.forgotten + whereabouts.addresses.forgotten,
		};
	}

	/** Frames that the capture lost, as far as its files say. */
	get dropped(): number {
		return this.ports.reduce((sum, { drops }) => sum + (drops ?? 0), 0);
	}

	/** The ports that came up so far. */
	get ports(): readonly Port[] {
		return this.#book.list;
	}

	addInterface(description: CaptureInterface): void {
		const { id, name, source, snapLength, linkType: type } = description;
		if (!isKnownLinkType(type)) {
			this.#notice(
				source,
				null,
				`${name ?? "an interface"} has link type ${type}, which vmpath does not decode: its frames are passed over`,
			);
		}
		const isNamed = type !== linkType.sll && type !== linkType.sll2;
		const called = name ?? makeSafe(`if${id}`);
		const port = isNamed ? this.#book.named(called, source) : null;
		this.#portOf.set(id, port);
		if (port !== null && !description.isContinuous) {
			port.isContinuous = false;
		}
		if (port !== null && snapLength > 0) {
			limitSnap(port, snapLength);
		}
	}

	addFrame(captured: CapturedFrame): void {
		const { bytes, length, time } = captured;
		const { id, source, linkType: type } = captured.interface;
		const frame = decodeFrame(bytes, length, type);
		this.counts.relevant += 1;
		this.counts.malformed += frame.problem === null ? 0 : 1;
		const index = frame.interfaceIndex;
		const port =
			index === null
				? (this.#portOf.get(id) ?? null)
				: this.#book.indexed(index, source);
		this.#events.onFrame(captured, frame, port);
		noteCut(port, captured);
		if (time === null || !isTraceable(frame)) {
			return;
		}
		this.#watchClock(captured.interface, time);
		const sighting: Sighting = {
			port,
			time,
			direction: captured.direction ?? frame.direction,
			frame,
			captured: bytes.length,
			length,
			source,
			number: captured.number,
			fingerprint: fingerprint(frame, bytes),
			routedFingerprint: routedFingerprint(frame, bytes),
		};
		this.#queue.add(sighting);
	}

	setDrops(description: CaptureInterface, dropped: number): void {
		const port = this.#portOf.get(description.id);
		if (port) {
			port.drops = Math.max(port.drops ?? 0, dropped);
		}
	}

	addDocument(): void {}

	addTick(): void {}

	addComment(source: number, comment: SafeText): void {
		this.#events.onComment(source, comment);
	}

	addDamage({ source, offset, message }: Damage): void {
		this.#notice(source, offset, message);
	}

	setProgress(source: number, span: TimeSpan, hasEnded: boolean): void {
		this.#clock.setProgress(source, span, hasEnded);
		const { watermark } = this.#clock;
		if (watermark !== null) {
			this.#queue.release(watermark);
			// What waits tells more of the time before it than the watermark does.
			if (this.#queue.isEmpty) {
				this.#tracer.advance(watermark);
				this.#exchanges.advance(watermark);
			}
		}
	}

	/** The log is at its end: all that is open settles. */
	finish(): void {
		this.#queue.flush();
		this.#close(this.#clock.end, null);
	}

	/** A clock that is set back ends all that was being followed. */
	#watchClock({ id, source }: CaptureInterface, time: LogTime): void {
		const latest = this.#latestOf.get(id);
		const ahead = latest === undefined ? 0 : elapsedNs(time, latest);
		if (ahead > clockJumpNs) {
			const jump = `the clock of the capture went back by ${(ahead / 1e9).toFixed(1)} s`;
			this.#notice(source, null, jump);
			this.#queue.flush();
			this.#close(latest ?? null, jump);
		}
		if (ahead <= 0 || ahead > clockJumpNs) {
			this.#latestOf.set(id, time);
			if (ahead > clockJumpNs || this.#clock.hasJumped(source)) {
				this.#clock.setJump(source, time);
			}
		}
	}

	/** Lets all settle that is open: no time passes any more after `end`. */
	#close(end: LogTime | null, doubt: string | null): void {
		this.#closingAt = end;
		this.#tracer.finish(doubt);
		if (end !== null) {
			this.#exchanges.finish(end);
		}
		this.#closingAt = null;
	}

	#notice(source: number, offset: number | null, message: string): void {
		this.#events.onNotice({ source, offset, message });
	}
}
