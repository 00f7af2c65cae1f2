import { type Mac, parseMac } from "../model/address.js";

/** Bytes with something between them: `aa:00:01`, `52-54-`. */
const bytes = /^:?[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){0,5}:?$/;
/** Without, or as routers write them: `5254001f`, `5254.001f`. */
const digits = /^[0-9a-f]{1,12}$/;

/**
 * Tests for a MAC address, or for one that has a part in it. A part without separators
 * begins where a byte does.
 *
 * @returns null where the text can be no part of any
 */
export function macTestOf(text: string): ((mac: Mac) => boolean) | null {
	const whole = parseMac(text);
	if (whole !== null) {
		return (mac) => mac === whole;
	}
	const part = text.toLowerCase().replaceAll(/[.-]/g, ":");
	if (bytes.test(part)) {
		return (mac) => mac.includes(part);
	}
	const joined = part.replaceAll(":", "");
	if (!digits.test(joined)) {
		return null;
	}
	const paired = (joined.match(/..?/g) ?? []).join(":");
	return (mac) => mac.includes(paired);
}
