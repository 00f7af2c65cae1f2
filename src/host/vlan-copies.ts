import type { Json } from "../model/host-document.js";

/**
 * Leaves out of `bridge -j fdb show` what it says over again: the entry of a port's own
 * address (`permanent`) stands there once more for each VLAN of the port, 4,094 times on
 * a trunk. Of those of one port the first stays; entries that were learned or set all do.
 */
export function leaveOutVlanCopies(output: Json): Json {
	if (!Array.isArray(output)) {
		return output;
	}
	const known = new Set<string>();
	return output.filter((entry: Json) => {
		const copy = copyKey(entry);
		if (copy === null) {
			return true;
		}
		const isFirst = !known.has(copy);
		known.add(copy);
		return isFirst;
	});
}

/** What an entry has in common with its copies; null: it has none. */
function copyKey(entry: Json): string | null {
	if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
		return null;
	}
	const { mac, ifname, master, state } = entry as Readonly<
		Record<string, Json>
	>;
	return state === "permanent" && master !== undefined
		? JSON.stringify([mac, ifname, master])
		: null;
}
