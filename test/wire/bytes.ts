import assert from "node:assert/strict";
import fc from "fast-check";
import { createFrameDraft, type FrameDraft } from "../../src/wire/draft.js";
import { ByteReader, DecodeError } from "../../src/wire/reader.js";

/** A decoder as most rooms of a frame have it. */
export type Decode = (reader: ByteReader, frame: FrameDraft) => unknown;

/** Bytes of commented hex: on each line, what follows a `#` is a comment. */
export function hex(text: string): Uint8Array {
	const digits = text.replaceAll(/#.*$/gm, "").replaceAll(/\s/g, "");
	assert.match(digits, /^([0-9a-f]{2})*$/);
	return Uint8Array.from(digits.match(/../g) ?? [], (pair) =>
		Number.parseInt(pair, 16),
	);
}

/** Joins byte ranges. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
	return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Decodes commented hex onto an empty frame. */
export function decodeHex(decode: Decode, text: string): FrameDraft {
	const frame = createFrameDraft();
	decode(new ByteReader(hex(text)), frame);
	return frame;
}

/** Asserts that decoding commented hex fails with exactly this message. */
export function expectDecodeError(
	decode: Decode,
	text: string,
	message: string,
): void {
	assert.throws(() => decodeHex(decode, text), new DecodeError(message));
}

/** Asserts that whatever bytes come, a decoder fails with DecodeError or not at all. */
export function expectOnlyDecodeErrors(decode: Decode): void {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
			try {
				decode(new ByteReader(bytes), createFrameDraft());
			} catch (error) {
				assert.ok(error instanceof DecodeError, String(error));
			}
		}),
	);
}
