import type { SafeText } from "../model/safe-text.js";

/** That a port came into a bridge, left it, or came up, in words. */
export function describeMove(
	name: SafeText,
	was: SafeText | null,
	is: SafeText | null,
): string {
	if (was === null) {
		return is === null ? `${name} came up` : `${name} came into ${is}`;
	}
	return is === null
		? `${name} left ${was}`
		: `${name} went from ${was} to ${is}`;
}
