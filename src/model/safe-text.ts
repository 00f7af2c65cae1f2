/**
 * Text from the wire, a capture file or another program that is safe to show: it holds
 * no character that moves a cursor, hides, reorders or ends a line.
 */
export type SafeText = string & { readonly safe: unique symbol };

/** Longest safe text, in UTF-16 units; what is longer is clipped and ends in `…`. */
export const safeTextLimit = 256;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Controls (C0, DEL, C1), format characters (bidirectional, zero-width, tags), line and
 * paragraph separators, lone surrogates, whatever else has no picture; and the
 * backslash, so that an escape cannot be forged.
 */
const unsafe =
	/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\\]/gu;

/**
 * Makes hostile text safe. Every unsafe character becomes a visible escape (`\x1b`,
 * `\u202e`), a backslash becomes `\\`, and bytes that are not UTF-8 become `\xNN`.
 *
 * This is the one door between wire text and anything a person or a program reads.
 *
 * @param raw bytes as they came, or a string from another program
 */
export function makeSafe(raw: Uint8Array | string): SafeText {
	const text = typeof raw === "string" ? raw : decodeUtf8(raw);
	if (text === null) {
		return clip(escapeBytes(raw as Uint8Array));
	}
	return clip(text.replace(unsafe, escapeCharacter));
}

function decodeUtf8(bytes: Uint8Array): string | null {
	try {
		return utf8.decode(bytes);
	} catch {
		return null;
	}
}

function escapeBytes(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes.subarray(0, safeTextLimit)) {
		const isPlain = byte >= 0x20 && byte < 0x7f && byte !== 0x5c;
		text += isPlain
			? String.fromCharCode(byte)
			: escapeCharacter(String.fromCharCode(byte));
	}
	return text;
}

function escapeCharacter(character: string): string {
	if (character === "\\") {
		return "\\\\";
	}
	const code = character.codePointAt(0) ?? 0;
	if (code <= 0xff) {
		return `\\x${code.toString(16).padStart(2, "0")}`;
	}
	return code <= 0xffff
		? `\\u${code.toString(16).padStart(4, "0")}`
		: `\\u{${code.toString(16)}}`;
}

function clip(text: string): SafeText {
	if (text.length <= safeTextLimit) {
		return text as SafeText;
	}
	const end = safeTextLimit - 1;
	const splitsPair = /[\ud800-\udbff]/.test(text.charAt(end - 1));
	return `${text.slice(0, splitsPair ? end - 1 : end)}…` as SafeText;
}
