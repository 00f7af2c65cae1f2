import type { Cause, Exchange } from "../model/exchange.js";
import type { Journey } from "../model/journey.js";
import type { SafeText } from "../model/safe-text.js";
import { dropOldest } from "../trace/drop-oldest.js";
import { beginOf } from "./item.js";
import {
	copyKinds,
	describeKinds,
	type Kind,
	type LostFrame,
	type LostKind,
	note,
	notePassage,
} from "./lost-kind.js";

/** Of so many lost frames, the latest, it is known which they were. */
const frameLimit = 2048;
/** More kinds than these are not told apart of one MAC address. */
const kindLimit = 256;

/** Frames of one MAC address that were lost, by where and why. */
export class LostFrames {
	/** By id of the journey, as are the exchanges. */
	readonly #frames = new Map<number, LostFrame>();
	readonly #exchanges = new Map<number, Exchange>();
	readonly #kinds = new Map<string, Kind>();
	#listed: readonly LostKind[] | null = null;

	/** Counts a journey that was lost between two ports, and notes one that passed there. */
	add(journey: Journey): void {
		for (const { from, to, passed } of this.#kinds.values()) {
			notePassage(passed, journey, from, to);
		}
		const { id, protocol, hops, outcome, lastSeen, firstMissing } = journey;
		if (outcome === "lost" && lastSeen !== null && firstMissing !== null) {
			const time = hops.at(-1)?.time ?? beginOf(journey);
			this.#count(id, lastSeen, firstMissing, { protocol, time });
		}
	}

	/** The journey is told again: it is counted anew. */
	takeBack({ id, outcome, lastSeen, firstMissing }: Journey): void {
		const frame = this.#frames.get(id);
		if (frame !== undefined) {
			this.#frames.delete(id);
			this.#uncount(frame.kind);
		} else if (outcome === "lost") {
			const kind = [...this.#kinds.values()].find(
				({ from, to }) => from === lastSeen && to === firstMissing,
			);
			this.#uncount(kind);
		}
	}

	/** Says why the frames were lost that an exchange is made of. */
	explain(exchange: Exchange): void {
		const isLoss = hasLoss(exchange);
		for (const { journey } of exchange.messages) {
			this.#exchanges.delete(journey);
			if (isLoss) {
				this.#exchanges.set(journey, exchange);
				dropOldest(this.#exchanges, frameLimit);
			}
			const frame = this.#frames.get(journey);
			if (frame !== undefined) {
				const { kind } = frame;
				this.#uncount(kind);
				this.#count(journey, kind.from, kind.to, frame);
			}
		}
	}

	/** The same, which goes its own way from here. */
	copy(): LostFrames {
		const copy = new LostFrames();
		const kinds = copyKinds(this.#kinds.values());
		for (const kind of kinds.values()) {
			copy.#kinds.set(kind.key, kind);
		}
		for (const [id, frame] of this.#frames) {
			const kind = kinds.get(frame.kind);
			if (kind !== undefined) {
				copy.#frames.set(id, { ...frame, kind });
			}
		}
		for (const [id, exchange] of this.#exchanges) {
			copy.#exchanges.set(id, exchange);
		}
		return copy;
	}

	/** All kinds; the same array while nothing changed. */
	list(): readonly LostKind[] {
		this.#listed ??= describeKinds(this.#kinds.values(), this.#frames.values());
		return this.#listed;
	}

	#count(
		id: number,
		from: SafeText,
		to: SafeText,
		{ protocol, time }: Pick<LostFrame, "protocol" | "time">,
	): void {
		const told = this.#exchanges.get(id);
		const exchange = told && isOf(told, from, to) ? told : null;
		const kind = this.#kindOf(from, to, exchange?.causes ?? []);
		if (kind === null) {
			return;
		}
		this.#listed = null;
		kind.count += 1;
		this.#frames.set(id, { kind, protocol, time, exchange });
		const gone = dropOldest(this.#frames, frameLimit);
		if (gone !== undefined) {
			note(gone.kind.forgotten, gone);
		}
	}

	#uncount(kind: Kind | undefined): void {
		if (kind !== undefined) {
			this.#listed = null;
			kind.count -= 1;
			if (kind.count <= 0 && this.#kinds.get(kind.key) === kind) {
				this.#kinds.delete(kind.key);
			}
		}
	}

	#kindOf(from: SafeText, to: SafeText, causes: readonly Cause[]): Kind | null {
		const ids = causes.map(({ id }) => id).sort();
		const key = JSON.stringify([from, to, ids]);
		const known = this.#kinds.get(key);
		if (known !== undefined || this.#kinds.size >= kindLimit) {
			return known ?? null;
		}
		const forgotten = { last: new Map(), exchanges: new Map() };
		const place = [...this.#kinds.values()].find(
			(other) => other.from === from && other.to === to,
		);
		const passed = place?.passed ?? new Map();
		const kind = { key, from, to, causes, count: 0, forgotten, passed };
		this.#kinds.set(key, kind);
		return kind;
	}
}

/** Messages of it were lost, and it says why. */
function hasLoss({ outcome, causes }: Exchange): boolean {
	return outcome === "lost" || (outcome === "degraded" && causes.length > 0);
}

/** One that worked in the end says of no place in particular why it did not before. */
function isOf(
	{ outcome, lastSeen, firstMissing }: Exchange,
	from: SafeText,
	to: SafeText,
): boolean {
	return (
		(lastSeen === from && firstMissing === to) ||
		(outcome === "degraded" && firstMissing === null)
	);
}
