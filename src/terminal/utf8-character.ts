/** What would not be seen, or would do something. */
const invisible =
	/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}]/u;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** How many bytes follow a character's first one (RFC 3629); null: none begins with it. */
export function countMissing(first: number): number | null {
	if (first >= 0xc2 && first <= 0xdf) {
		return 1;
	}
	if (first >= 0xe0 && first <= 0xef) {
		return 2;
	}
	return first >= 0xf0 && first <= 0xf4 ? 3 : null;
}

/** The character that these bytes are; null: none, or one that cannot be seen. */
export function decodeCharacter(bytes: Uint8Array): string | null {
	try {
		const character = utf8.decode(bytes);
		return invisible.test(character) ? null : character;
	} catch {
		return null;
	}
}

const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
/** Stands for bytes that are no UTF-8. */
const replacement = "\ufffd";

/** The characters of these bytes that can be seen, one behind the other. */
export function decodeText(bytes: Uint8Array): string {
	return [...lenient.decode(bytes)]
		.filter((one) => one !== replacement && !invisible.test(one))
		.join("");
}
