import { createCaptureReader } from "../../src/capture-file/reader.js";
import type {
	CaptureSink,
	Damage,
	Keep,
	ReadCounts,
	TimeSpan,
} from "../../src/capture-file/sink.js";
import {
	type CapturedFrame,
	type CaptureInterface,
	formatTimeNs,
	type LogTime,
} from "../../src/model/capture.js";
import type { HostDocument, Tick } from "../../src/model/host-document.js";
import { makeSafe } from "../../src/model/safe-text.js";

/** A frame in values that can be compared. */
export interface PlainFrame
	extends Omit<CapturedFrame, "interface" | "time" | "bytes"> {
	/** Id of the interface. */
	readonly interface: number;
	/** Integer nanoseconds since the epoch. */
	readonly time: string | null;
	readonly bytes: Buffer;
}

/** All that a sink was told, each kind in its order; `order` has all kinds in theirs. */
export class Collector implements CaptureSink {
	readonly interfaces: CaptureInterface[] = [];
	readonly frames: PlainFrame[] = [];
	readonly drops: { interface: number; dropped: number }[] = [];
	/** When the counters of `drops` were read, as far as told. */
	readonly dropTimes: (string | null)[] = [];
	readonly documents: {
		source: number;
		document: HostDocument;
		time: string;
	}[] = [];
	readonly ticks: { source: number; tick: Tick }[] = [];
	readonly comments: { source: number; comment: string }[] = [];
	readonly damages: Damage[] = [];
	readonly progress: { source: number; hasEnded: boolean }[] = [];
	readonly order: unknown[] = [];

	addInterface(description: CaptureInterface): void {
		this.#add(this.interfaces, description);
	}

	addFrame(frame: CapturedFrame): void {
		this.#add(this.frames, {
			...frame,
			interface: frame.interface.id,
			time: frame.time && formatTimeNs(frame.time),
			bytes: Buffer.from(frame.bytes),
		});
	}

	setDrops(
		{ id }: CaptureInterface,
		dropped: number,
		at: LogTime | null,
	): void {
		this.dropTimes.push(at && formatTimeNs(at));
		this.#add(this.drops, { interface: id, dropped });
	}

	addDocument(source: number, document: HostDocument, time: LogTime): void {
		this.#add(this.documents, { source, document, time: formatTimeNs(time) });
	}

	addTick(source: number, tick: Tick): void {
		this.#add(this.ticks, { source, tick });
	}

	addComment(source: number, comment: string): void {
		this.#add(this.comments, { source, comment });
	}

	addDamage(damage: Damage): void {
		this.#add(this.damages, damage);
	}

	setProgress(source: number, _span: TimeSpan, hasEnded: boolean): void {
		this.progress.push({ source, hasEnded });
	}

	/** Damage as `offset: message`. */
	get complaints(): string[] {
		return this.damages.map(({ offset, message }) => `${offset}: ${message}`);
	}

	#add<T>(list: T[], item: T): void {
		list.push(item);
		this.order.push(item);
	}
}

export interface Reading extends Collector {
	readonly counts: ReadCounts;
	readonly span: TimeSpan;
}

interface ReadOptions {
	/** Bytes a chunk; without it all come in one. */
	readonly chunkLength?: number;
	readonly keep?: Keep;
	readonly interfaceName?: string | null;
}

/** Reads one uncompressed capture to its end. */
export function readCapture(
	bytes: Buffer,
	{ chunkLength, keep, interfaceName = null }: ReadOptions = {},
): Reading {
	const collector = new Collector();
	const reader = openCapture(collector, keep, interfaceName);
	for (const chunk of cut(bytes, chunkLength)) {
		reader.write(chunk);
	}
	reader.end();
	return Object.assign(collector, { counts: reader.counts, span: reader.span });
}

/** A reader whose frames a sink collects; it keeps all frames unless told otherwise. */
export function openCapture(
	sink: CaptureSink,
	keep: Keep = () => true,
	interfaceName: string | null = null,
) {
	let interfaces = 0;
	return createCaptureReader(sink, {
		source: 0,
		interfaceName: interfaceName === null ? null : makeSafe(interfaceName),
		keep,
		nextInterfaceId: () => interfaces++,
	});
}

/** Cuts bytes into chunks of equal length, each in memory of its own. */
export function cut(bytes: Buffer, chunkLength = bytes.length): Buffer[] {
	const chunks: Buffer[] = [];
	for (let at = 0; at < bytes.length; at += chunkLength) {
		chunks.push(Buffer.from(bytes.subarray(at, at + chunkLength)));
	}
	return chunks;
}
