import { type Mac, parseMac } from "../model/address.js";
import type { Json } from "../model/host-document.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import { isObject } from "./nft-match.js";

/** Where a bridge sends frames for a MAC address, from `bridge -j fdb show`. */
export interface FdbEntry {
	readonly mac: Mac;
	readonly port: SafeText;
	readonly bridge: SafeText;
	readonly vlan: number | null;
	/** `static`, `permanent`; empty: learned from a frame. */
	readonly state: SafeText;
	/** As `bridge fdb show` writes it. */
	readonly text: SafeText;
}

/** Reads the entries of bridges; those of interfaces themselves are left out. */
export function parseFdb(output: Json): FdbEntry[] | null {
	if (!Array.isArray(output)) {
		return null;
	}
	return output.filter(isObject).flatMap((raw) => {
		const mac = typeof raw.mac === "string" ? parseMac(raw.mac) : null;
		const { ifname, master, vlan, state } = raw;
		if (
			mac === null ||
			typeof ifname !== "string" ||
			typeof master !== "string"
		) {
			return [];
		}
		const kind = typeof state === "string" ? state : "";
		const tag = typeof vlan === "number" ? ` vlan ${vlan}` : "";
		const line = `${mac} dev ${ifname}${tag} master ${master} ${kind}`;
		return [
			{
				mac,
				port: makeSafe(ifname),
				bridge: makeSafe(master),
				vlan: typeof vlan === "number" ? vlan : null,
				state: makeSafe(kind),
				text: makeSafe(line.trim()),
			},
		];
	});
}
