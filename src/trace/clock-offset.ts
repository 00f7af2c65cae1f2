import { elapsedNs, type LogTime } from "../model/capture.js";
import { type Sighting, settleNs } from "../model/journey.js";
import type { SafeText } from "../model/safe-text.js";
import { AgingMap } from "./aging-map.js";

/** Frames remembered of each file: so many of its first ones, and of its latest. */
const earlyLimit = 4096;
const recentLimit = 16_384;
/** Between files whose clocks agree, some frame takes less than this, in nanoseconds. */
const agreementNs = 2_000_000;
/** So many frames must be equally far apart before the user is told. */
const noticeAfter = 3;

/** When a file showed a frame first; how often it did. */
interface Seen {
	readonly time: LogTime;
	count: number;
}

/** How far apart two files show the same frames, in nanoseconds; signed. */
interface Pair {
	count: number;
	least: number;
	greatest: number;
	/** The one nearest to zero. */
	nearest: number;
	isTold: boolean;
}

/**
 * Watches whether the clocks of the files of a log agree: by the frames that two of them
 * show, each once. A frame takes microseconds through the host, so that for clocks that
 * agree some of them are close.
 */
export class ClockOffsets {
	readonly #names: readonly SafeText[];
	readonly #tell: (source: number, message: string) => void;
	readonly #early: Map<number, Seen>[];
	readonly #recent: AgingMap<number, Seen>[];
	readonly #pairs = new Map<number, Pair>();

	/** @param tell gets a remark on a file, at most one for each other file */
	constructor(
		names: readonly SafeText[],
		tell: (source: number, message: string) => void,
	) {
		this.#names = names;
		this.#tell = tell;
		this.#early = names.map(() => new Map());
		this.#recent = names.map(() => new AgingMap());
	}

	note(sighting: Sighting): void {
		const { routedFingerprint, source, time, port } = sighting;
		if (this.#names.length < 2 || port === null) {
			return;
		}
		const fingerprint = routedFingerprint ?? sighting.fingerprint;
		const own = this.#remember(fingerprint, source, time);
		for (let other = 0; other < this.#names.length; other += 1) {
			const seen =
				other === source ? undefined : this.#find(fingerprint, other);
			if (seen !== undefined && seen.count === 1 && own.count === 1) {
				this.#compare(source, other, elapsedNs(seen.time, time));
			}
		}
	}

	/** Why no frame can be missed from one file to the other; null: their clocks agree. */
	doubt(from: number, to: number): string | null {
		if (from === to) {
			return null;
		}
		const pair = this.#pairs.get(this.#keyOf(from, to));
		if (pair === undefined) {
			return `no frame shows that the clocks of ${this.#names[from]} and ${this.#names[to]} agree`;
		}
		return Math.abs(pair.nearest) <= agreementNs
			? null
			: `the clocks of ${this.#names[from]} and ${this.#names[to]} are ${formatSeconds(Math.abs(pair.nearest))} apart`;
	}

	#remember(fingerprint: number, source: number, time: LogTime): Seen {
		const known = this.#find(fingerprint, source);
		if (known !== undefined) {
			known.count += 1;
			return known;
		}
		const seen = { time, count: 1 };
		const early = this.#early[source];
		const recent = this.#recent[source];
		if (early !== undefined && early.size < earlyLimit) {
			early.set(fingerprint, seen);
		} else if (recent !== undefined) {
			recent.set(fingerprint, seen);
			recent.shrink(recentLimit);
		}
		return seen;
	}

	#find(fingerprint: number, source: number): Seen | undefined {
		return (
			this.#early[source]?.get(fingerprint) ??
			this.#recent[source]?.get(fingerprint)
		);
	}

	/** @param ns how much later `source` shows the frame than `other` */
	#compare(source: number, other: number, ns: number): void {
		const offset = source < other ? ns : -ns;
		const key = this.#keyOf(source, other);
		let pair = this.#pairs.get(key);
		if (pair === undefined) {
			pair = {
				count: 0,
				least: offset,
				greatest: offset,
				nearest: offset,
				isTold: false,
			};
			this.#pairs.set(key, pair);
		}
		pair.count += 1;
		pair.least = Math.min(pair.least, offset);
		pair.greatest = Math.max(pair.greatest, offset);
		if (Math.abs(offset) < Math.abs(pair.nearest)) {
			pair.nearest = offset;
		}
		if (!pair.isTold && pair.count >= noticeAfter && isConstant(pair)) {
			pair.isTold = true;
			this.#notice(Math.min(source, other), Math.max(source, other), pair);
		}
	}

	/** Always of the file that runs ahead. */
	#notice(low: number, high: number, { nearest }: Pair): void {
		const [ahead, behind] = nearest > 0 ? [low, high] : [high, low];
		const effect =
			Math.abs(nearest) > settleNs
				? "their frames are not joined"
				: "which of them saw a frame first is not known";
		this.#tell(
			ahead,
			`${this.#names[ahead]} runs ${formatSeconds(Math.abs(nearest))} ahead of ${this.#names[behind]}: ${effect}`,
		);
	}

	#keyOf(a: number, b: number): number {
		return Math.min(a, b) * this.#names.length + Math.max(a, b);
	}
}

/** A clock's offset is the same for each frame; a delay is not. */
function isConstant({ least, greatest, nearest }: Pair): boolean {
	const offset = Math.abs(nearest);
	return offset > agreementNs && greatest - least < offset / 4;
}

function formatSeconds(ns: number): string {
	return `${(ns / 1e9).toFixed(3)} s`;
}
