import type { Ipv4, Mac } from "../model/address.js";
import type { Json } from "../model/host-document.js";
import type { SafeText } from "../model/safe-text.js";
import { parseIpv4 } from "./ipv4.js";
import {
	type RawObject,
	readCount,
	readMac,
	readObjects,
	readString,
	readStrings,
	readText,
} from "./raw-json.js";

/** An entry of the host's ARP table. */
export interface Neighbour {
	readonly address: Ipv4;
	readonly mac: Mac;
	readonly interface: SafeText | null;
	/** Since it was confirmed, in seconds; null: not told (without `-s`). */
	readonly ageSeconds: number | null;
}

/** Reads the output of `ip -j neigh show`; null when it is something else. */
export function parseIpNeighbour(output: Json): Neighbour[] | null {
	return readObjects(output)?.flatMap(parseNeighbour) ?? null;
}

function parseNeighbour(raw: RawObject): Neighbour[] {
	const address = parseIpv4(readString(raw, "dst") ?? "");
	const mac = readMac(raw, "lladdr");
	const state = readStrings(raw, "state");
	const isKnown = !state.includes("FAILED") && !state.includes("INCOMPLETE");
	return address === null || mac === null || !isKnown
		? []
		: [
				{
					address,
					mac,
					interface: readText(raw, "dev"),
					ageSeconds: readCount(raw, "confirmed"),
				},
			];
}
