import type { CaptureSink, Damage, TimeSpan } from "../capture-file/sink.js";
import {
	type CapturedFrame,
	type CaptureInterface,
	elapsedNs,
	type LogTime,
	linkType,
} from "../model/capture.js";
import type { HeldAddress } from "../model/held-address.js";
import type { HostDocument, Tick } from "../model/host-document.js";
import type { Sighting } from "../model/journey.js";
import type { LetGo } from "../model/let-go.js";
import type { Port } from "../model/port.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import { isKnownLinkType } from "../wire/link.js";
import { parseEngine } from "./capture-state.js";
import { LogTracer } from "./log-tracer.js";
import { limitSnap, noteCut } from "./ports.js";
import { RecentFrames } from "./recent-frames.js";
import type {
	SessionCounts,
	SessionEvents,
	SessionOptions,
} from "./session-events.js";

/** A file's times going back by more than this mean that its clock was set back. */
const clockJumpNs = 1_000_000_000;

/**
 * The tracing half: a log goes in as a reader hands it on, frames and journeys come out.
 * It is a function of the log: no clock, no file, no host.
 */
export class Session implements CaptureSink {
	readonly counts: SessionCounts = { relevant: 0, malformed: 0 };
	readonly #events: SessionEvents;
	readonly #log: LogTracer;
	readonly #frames = new RecentFrames();
	readonly #portOf = new Map<number, Port | null>();
	readonly #latestOf = new Map<number, LogTime>();
	#engine: SafeText | null = null;

	constructor(options: SessionOptions) {
		this.#events = options.events;
		this.#log = new LogTracer(options);
	}

	/** Who holds which IP address; those not seen for longest first. */
	get addresses(): readonly HeldAddress[] {
		return this.#log.addresses;
	}

	/** The latest time of all records so far; null when none has one. */
	get end(): LogTime | null {
		return this.#log.end;
	}

	/** What captures, as recorders say: `packet`, `cap`; null: none says. */
	get engine(): SafeText | null {
		return this.#engine;
	}

	/** What was not kept because there was too much of it. */
	get letGo(): LetGo {
		return this.#log.letGo;
	}

	/** Frames that the capture lost, as far as its files say. */
	get dropped(): number {
		return this.ports.reduce((sum, { drops }) => sum + (drops ?? 0), 0);
	}

	/** The ports that came up so far. */
	get ports(): readonly Port[] {
		return this.#log.book.list;
	}

	addInterface(description: CaptureInterface): void {
		const { id, name, source, snapLength, linkType: type } = description;
		if (!isKnownLinkType(type)) {
			this.#log.notice(
				source,
				`${name ?? "an interface"} has link type ${type}, which vmpath does not decode: its frames are passed over`,
			);
		}
		const isNamed = type !== linkType.sll && type !== linkType.sll2;
		const called = name ?? makeSafe(`if${id}`);
		const port = isNamed ? this.#log.book.named(called, source) : null;
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
		const decoded = this.#frames.decode(bytes, length, type);
		const { frame, fingerprint, routedFingerprint } = decoded;
		this.counts.relevant += 1;
		this.counts.malformed += frame.problem === null ? 0 : 1;
		const index = frame.interfaceIndex;
		const port =
			index === null
				? (this.#portOf.get(id) ?? null)
				: this.#log.book.indexed(index, source);
		this.#events.onFrame(captured, frame, port);
		noteCut(port, captured);
		if (time === null || fingerprint === null) {
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
			fingerprint,
			routedFingerprint,
		};
		this.#log.add(sighting);
	}

	setDrops(
		description: CaptureInterface,
		dropped: number,
		at: LogTime | null,
	): void {
		const port = this.#portOf.get(description.id);
		if (port) {
			port.drops = Math.max(port.drops ?? 0, dropped);
			this.#log.setDrops(description, port, dropped, at);
		}
	}

	addDocument(source: number, document: HostDocument, time: LogTime): void {
		if (document.type === "capture") {
			this.#engine = parseEngine(document) ?? this.#engine;
		}
		this.#log.addDocument(source, document, time);
	}

	addTick(source: number, tick: Tick): void {
		this.#log.addTick(source, tick);
	}

	addComment(source: number, comment: SafeText): void {
		this.#events.onComment(source, comment);
	}

	addDamage({ source, offset, message }: Damage): void {
		this.#events.onNotice({ source, offset, message });
	}

	setProgress(source: number, span: TimeSpan, hasEnded: boolean): void {
		this.#log.setProgress(source, span, hasEnded);
	}

	/** The log is at its end: all that is open settles. */
	finish(): void {
		this.#log.finish();
	}

	/** A clock that is set back ends all that was being followed; ticks tell it better. */
	#watchClock({ id, source }: CaptureInterface, time: LogTime): void {
		if (this.#log.isEventLog(source)) {
			return;
		}
		const latest = this.#latestOf.get(id);
		const ahead = latest === undefined ? 0 : elapsedNs(time, latest);
		if (ahead <= 0 || ahead > clockJumpNs) {
			this.#latestOf.set(id, time);
			this.#log.follow(source, time, ahead > 0 ? (latest ?? null) : null);
		}
	}
}
