import { formatTimeNs, type LogTime } from "../model/capture.js";
import {
	type HostDocument,
	type HostDocumentType,
	hostDocumentTypes,
	hostEtherType,
	type Tick,
} from "../model/host-document.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import { findCharacterBoundary } from "./character-boundary.js";
import { encodeStatements, isObject, parseJson } from "./host-statements.js";

/** Two MAC addresses, which are zero, and the EtherType. */
const headerLength = 14;
const etherTypeAt = 12;
const lineFeed = 0x0a;

/** With its headers a frame stays below 200,000 bytes. */
const sliceLimit = 199_000;
/** Parts of a document that are believed. */
const maximumParts = 4_096;

/** One part of a document's JSON text. */
export interface DocumentPart {
	readonly kind: "part";
	readonly type: HostDocumentType;
	/** Of the document, in its log. */
	readonly id: number;
	/** Counts from 1. */
	readonly part: number;
	readonly parts: number;
	/** Its slice of the text, in the bytes of the frame. */
	readonly json: Buffer;
}

/** What a frame of the pseudo-interface holds. */
export type HostFrame =
	| DocumentPart
	| { readonly kind: "tick"; readonly tick: Omit<Tick, "until"> }
	/** Of a later version of the program. */
	| { readonly kind: "unknown"; readonly type: SafeText }
	| { readonly kind: "bad"; readonly problem: string };

/** The frames of a document, each with a header line and a slice of its JSON text. */
export function encodeDocument(document: HostDocument, id: number): Buffer[] {
	const { type } = document;
	const slices = cutText(encodeStatements(document.statements));
	return slices.map((slice, index) => {
		const header = { type, id, part: index + 1, parts: slices.length };
		return encodeFrame(Buffer.from(`${JSON.stringify(header)}\n`), slice);
	});
}

/** The frame of a tick; its `until` is the time of the frame as well. */
export function encodeTick({ until, dropsTotal, monotonic }: Tick): Buffer {
	const tick = {
		type: "tick",
		untilNs: formatTimeNs(until),
		dropsTotal,
		monotonicNs: formatTimeNs(monotonic),
	};
	return encodeFrame(Buffer.from(JSON.stringify(tick)));
}

/** Reads a frame of the pseudo-interface, whoever wrote it. */
export function decodeHostFrame(bytes: Buffer): HostFrame {
	if (
		bytes.length < headerLength ||
		bytes.readUInt16BE(etherTypeAt) !== hostEtherType
	) {
		return bad("is no host document");
	}
	const found = bytes.indexOf(lineFeed, headerLength);
	const lineEnd = found < 0 ? bytes.length : found;
	const header = parseJson(bytes.subarray(headerLength, lineEnd));
	if (!isObject(header) || typeof header.type !== "string") {
		return bad("does not begin with a line of JSON that names a type");
	}
	if (header.type === "tick") {
		return decodeTick(header);
	}
	return isDocumentType(header.type)
		? decodePart(header.type, header, bytes.subarray(lineEnd + 1))
		: { kind: "unknown", type: makeSafe(header.type) };
}

function encodeFrame(...payload: readonly Buffer[]): Buffer {
	const header = Buffer.alloc(headerLength);
	header.writeUInt16BE(hostEtherType, etherTypeAt);
	return Buffer.concat([header, ...payload]);
}

/** Cuts text between its characters, so that each frame can be read by itself. */
function cutText(text: Buffer): Buffer[] {
	const slices: Buffer[] = [];
	let at = 0;
	do {
		const end = findCharacterBoundary(text, at + sliceLimit);
		slices.push(text.subarray(at, end));
		at = end;
	} while (at < text.length);
	return slices;
}

function decodeTick(header: Record<string, unknown>): HostFrame {
	const { dropsTotal } = header;
	const monotonic = parseTimeNs(header.monotonicNs);
	if (
		parseTimeNs(header.untilNs) === null ||
		monotonic === null ||
		!(dropsTotal === null || isCount(dropsTotal))
	) {
		return bad("is a tick without a sound untilNs, monotonicNs and dropsTotal");
	}
	return { kind: "tick", tick: { dropsTotal, monotonic } };
}

function decodePart(
	type: HostDocumentType,
	{ id, part, parts }: Record<string, unknown>,
	json: Buffer,
): HostFrame {
	if (!isCount(id) || !isCount(part) || !isCount(parts)) {
		return bad(`is of ${type} without a sound id, part and parts`);
	}
	if (parts > maximumParts) {
		return bad(
			`claims ${parts} parts of ${type} (at most ${maximumParts} are believed)`,
		);
	}
	return part < 1 || part > parts
		? bad(`is part ${part} of ${parts} of ${type}`)
		: { kind: "part", type, id, part, parts, json };
}

function bad(problem: string): HostFrame {
	return { kind: "bad", problem };
}

function isCount(value: unknown): value is number {
	return Number.isSafeInteger(value) && (value as number) >= 0;
}

const documentTypes: ReadonlySet<string> = new Set(hostDocumentTypes);

function isDocumentType(type: string): type is HostDocumentType {
	return documentTypes.has(type);
}

/** Decimal nanoseconds, as `formatTimeNs` writes them. */
function parseTimeNs(text: unknown): LogTime | null {
	if (typeof text !== "string" || !/^\d{1,20}$/.test(text)) {
		return null;
	}
	return {
		seconds: Number(text.slice(0, -9)),
		nanos: Number(text.slice(-9)),
	};
}
