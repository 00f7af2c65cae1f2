/**
 * The last place at or before `at` where UTF-8 text can be cut without cutting a
 * character (RFC 3629, section 3: bytes that go on with one begin with the bits 10).
 */
export function findCharacterBoundary(text: Buffer, at: number): number {
	if (at >= text.length) {
		return text.length;
	}
	let place = at;
	while (place > 0 && ((text[place] as number) & 0xc0) === 0x80) {
		place--;
	}
	return place;
}
