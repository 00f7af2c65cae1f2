import type { Gap, HostStatement, Json } from "../model/host-document.js";

/** Longest JSON text of a document's statements, in bytes. */
export const maximumDocumentLength = 64 * 1024 * 1024;

/**
 * Values that a document has at most. Millions of empty objects are a few bytes each in
 * the file and a hundred in memory.
 */
const maximumValues = 1_000_000;

/** Bytes that stand before a value: `,`, `[` and `{`. */
const beforeValue: ReadonlySet<number> = new Set([0x2c, 0x5b, 0x7b]);

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The JSON text of a document's statements. Where it is longer than a reader takes, the
 * statements say so instead of what their sources said.
 */
export function encodeStatements(statements: readonly HostStatement[]): Buffer {
	const json = Buffer.from(JSON.stringify(statements));
	if (findExcess(json) === null) {
		return json;
	}
	return Buffer.from(JSON.stringify(statements.map(withoutOutput)));
}

function withoutOutput({ source, gap }: HostStatement): HostStatement {
	const tooLong = { reason: "its output is too long for the log", fix: null };
	return { source, output: null, gap: gap ?? tooLong };
}

/** Reads such a text. @returns a string: what is wrong with it */
export function decodeStatements(json: Buffer): HostStatement[] | string {
	const excess = findExcess(json);
	if (excess !== null) {
		return excess;
	}
	const raw = parseJson(json);
	if (!Array.isArray(raw)) {
		return "is not a JSON array";
	}
	const statements: HostStatement[] = [];
	for (const item of raw) {
		const statement = toStatement(item);
		if (statement === null) {
			return `has a statement ${statements.length + 1} without a source, an output or a gap`;
		}
		statements.push(statement);
	}
	return statements;
}

/** Parses UTF-8 text. @returns undefined where it is no JSON */
export function parseJson(text: Uint8Array): unknown {
	try {
		return JSON.parse(utf8.decode(text));
	} catch {
		return undefined;
	}
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What of a text is more than a reader takes. */
function findExcess(json: Buffer): string | null {
	if (json.length > maximumDocumentLength) {
		return `is longer than ${maximumDocumentLength} bytes`;
	}
	return hasTooManyValues(json)
		? `has more than ${maximumValues} values`
		: null;
}

function hasTooManyValues(json: Buffer): boolean {
	if (json.length <= maximumValues) {
		return false;
	}
	let values = 0;
	for (const byte of json) {
		values += beforeValue.has(byte) ? 1 : 0;
	}
	return values > maximumValues;
}

function toStatement(raw: unknown): HostStatement | null {
	if (!isObject(raw) || typeof raw.source !== "string") {
		return null;
	}
	const { source, output } = raw;
	const gap = toGap(raw.gap);
	if (output === undefined || gap === undefined) {
		return null;
	}
	return { source, output: output as Json, gap };
}

function toGap(raw: unknown): Gap | null | undefined {
	if (raw === null) {
		return null;
	}
	if (!isObject(raw) || typeof raw.reason !== "string") {
		return undefined;
	}
	const { reason, fix } = raw;
	return fix === null || typeof fix === "string" ? { reason, fix } : undefined;
}
