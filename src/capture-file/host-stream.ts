import type { LogTime } from "../model/capture.js";
import {
	type HostDocumentType,
	hostInterfaceName,
	type Tick,
} from "../model/host-document.js";
import {
	type DocumentPart,
	decodeHostFrame,
	type HostFrame,
} from "./host-frames.js";
import { decodeStatements, maximumDocumentLength } from "./host-statements.js";
import type { SectionOwner } from "./section-owner.js";
import { stretchLatest } from "./sink.js";

/** A document of which not all parts have come. */
interface Unfinished {
	readonly type: HostDocumentType;
	readonly id: number;
	readonly parts: number;
	readonly time: LogTime;
	readonly slices: Buffer[];
	length: number;
}

/** A frame of the pseudo-interface as its block has it. */
export interface HostRecord {
	readonly number: number;
	/** Valid only while it is taken. */
	readonly bytes: Buffer;
	/** Before it was cut, in bytes. */
	readonly length: number;
	readonly time: LogTime | null;
}

/** Joins the frames of a pseudo-interface to documents and ticks, and hands those on. */
export class HostStream {
	readonly #owner: SectionOwner;
	#unfinished: Unfinished | null = null;
	/** A document that lacks a part; what else comes of it is passed over. */
	#givenUp: string | null = null;
	#hasToldUnknown = false;

	constructor(owner: SectionOwner) {
		this.#owner = owner;
	}

	/** Takes the next frame. */
	take({ number, bytes, length, time }: HostRecord): void {
		const { damage } = this.#owner;
		const record = `record ${number} of ${hostInterfaceName}`;
		if (time === null) {
			damage(`${record} has no time`);
		} else if (bytes.length < length) {
			damage(`${record} is cut to ${bytes.length} of ${length} bytes`);
		} else {
			this.#takeFrame(decodeHostFrame(bytes), time, record);
		}
	}

	/** No more comes. */
	end(): void {
		this.#giveUp();
	}

	#takeFrame(frame: HostFrame, time: LogTime, record: string): void {
		if (frame.kind === "part") {
			this.#takePart(frame, time);
		} else if (frame.kind === "tick") {
			this.#takeTick(frame.tick, time);
		} else if (frame.kind === "bad") {
			this.#owner.damage(`${record} ${frame.problem}`);
		} else if (!this.#hasToldUnknown) {
			this.#hasToldUnknown = true;
			this.#owner.damage(
				`host documents such as "${frame.type}" are of a later version and are passed over`,
			);
		}
	}

	/** A frame's time is what programs that shift times change, so it goes before untilNs. */
	#takeTick(tick: Omit<Tick, "until">, until: LogTime): void {
		const { sink, options, span } = this.#owner;
		stretchLatest(span, until);
		sink.addTick(options.source, { until, ...tick });
	}

	#takePart(part: DocumentPart, time: LogTime): void {
		const unfinished = this.#find(part, time);
		if (unfinished === null) {
			return;
		}
		unfinished.length += part.json.length;
		if (unfinished.length > maximumDocumentLength) {
			this.#owner.damage(
				`the document ${nameOf(part)} is longer than ${maximumDocumentLength} bytes`,
			);
			this.#givenUp = nameOf(part);
			this.#unfinished = null;
			return;
		}
		unfinished.slices.push(Buffer.from(part.json));
		if (part.part === part.parts) {
			this.#unfinished = null;
			this.#handOn(unfinished);
		}
	}

	/** The document that a part goes on with, or begins; null: parts before it are missing. */
	#find(part: DocumentPart, time: LogTime): Unfinished | null {
		const unfinished = this.#unfinished;
		if (unfinished !== null && isNext(unfinished, part)) {
			return unfinished;
		}
		this.#giveUp();
		if (part.part === 1) {
			const { type, id, parts } = part;
			this.#unfinished = { type, id, parts, time, slices: [], length: 0 };
			return this.#unfinished;
		}
		if (this.#givenUp !== nameOf(part)) {
			this.#tellMissing(part, part.part - 1);
		}
		return null;
	}

	#giveUp(): void {
		if (this.#unfinished !== null) {
			this.#tellMissing(this.#unfinished, this.#unfinished.slices.length + 1);
			this.#unfinished = null;
		}
	}

	#tellMissing(
		document: Pick<Unfinished, "type" | "id" | "parts">,
		part: number,
	): void {
		this.#givenUp = nameOf(document);
		this.#owner.damage(
			`the document ${nameOf(document)} lacks part ${part} of ${document.parts}`,
		);
	}

	#handOn({ type, id, slices, time }: Unfinished): void {
		const { sink, options, damage } = this.#owner;
		const statements = decodeStatements(Buffer.concat(slices));
		if (typeof statements === "string") {
			damage(`the document ${nameOf({ type, id })} ${statements}`);
		} else {
			sink.addDocument(options.source, { type, statements }, time);
		}
	}
}

function isNext(before: Unfinished, part: DocumentPart): boolean {
	return (
		part.type === before.type &&
		part.id === before.id &&
		part.parts === before.parts &&
		part.part === before.slices.length + 1
	);
}

function nameOf({ type, id }: Pick<Unfinished, "type" | "id">): string {
	return `${type} (id ${id})`;
}
