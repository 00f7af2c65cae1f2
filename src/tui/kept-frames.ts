import type { CapturedFrame, LogTime } from "../model/capture.js";
import type { Frame } from "../model/frame.js";
import { compareTimes } from "./item.js";
import type { KeptFrame } from "./world.js";

/** What keeping a frame takes besides its bytes, about. */
const overheadBytes = 256;

/** More of one port and time cannot be told apart anyway. */
const alikeLimit = 64;

interface Entry extends KeptFrame {
	readonly key: string;
}

/** Frames with their bytes, found by interface and time; the oldest go first. */
export class KeptFrames {
	readonly #limit: number;
	/** In the order in which they came; those before `#first` are gone. */
	#queue: Entry[] = [];
	#first = 0;
	#bytes = 0;
	#forgotten = 0;
	/** Most have a time of their own. */
	readonly #byKey = new Map<string, Entry | Entry[]>();

	/** @param limit in bytes, what keeping them takes included */
	constructor(limit: number) {
		this.#limit = limit;
	}

	/** Frames not kept any more. */
	get forgotten(): number {
		return this.#forgotten;
	}

	/** @param name of the port; null where the capture does not tell */
	add(captured: CapturedFrame, frame: Frame, name: string | null): void {
		if (captured.time === null) {
			return;
		}
		const bytes = captured.bytes.slice();
		const key = keyOf(name, captured.time);
		const entry: Entry = {
			captured: { ...captured, bytes },
			frame,
			key,
		};
		const before = this.#byKey.get(key);
		if (before === undefined) {
			this.#byKey.set(key, entry);
		} else if (Array.isArray(before)) {
			if (before.length < alikeLimit) {
				before.push(entry);
			}
		} else {
			this.#byKey.set(key, [before, entry]);
		}
		this.#queue.push(entry);
		this.#bytes += bytes.length + overheadBytes;
		this.#shrink();
	}

	/** Those seen at a port at a time, in the order in which they came: mostly one. */
	find(name: string | null, time: LogTime): readonly KeptFrame[] {
		const found = this.#byKey.get(keyOf(name, time)) ?? [];
		return Array.isArray(found) ? found : [found];
	}

	#shrink(): void {
		while (this.#bytes > this.#limit) {
			const oldest = this.#queue[this.#first];
			if (oldest === undefined) {
				return;
			}
			this.#first += 1;
			this.#forget(oldest);
		}
		if (this.#first > 4096 && this.#first * 2 > this.#queue.length) {
			this.#queue = this.#queue.slice(this.#first);
			this.#first = 0;
		}
	}

	#forget(entry: Entry): void {
		const { key, captured } = entry;
		this.#bytes -= captured.bytes.length + overheadBytes;
		this.#forgotten += 1;
		const found = this.#byKey.get(key);
		if (Array.isArray(found) && found.length > 1) {
			if (found[0] === entry) {
				found.shift();
			}
		} else if (found === entry || Array.isArray(found)) {
			this.#byKey.delete(key);
		}
	}
}

/** In order of time; of one time in the order in which they came. */
export function compareFrames(a: KeptFrame, b: KeptFrame): number {
	const [one, other] = [a.captured, b.captured];
	return (
		(one.time === null || other.time === null
			? 0
			: compareTimes(one.time, other.time)) ||
		one.interface.source - other.interface.source ||
		one.number - other.number
	);
}

function keyOf(name: string | null, { seconds, nanos }: LogTime): string {
	return `${seconds}.${nanos} ${name ?? ""}`;
}
