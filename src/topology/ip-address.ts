import type { Json } from "../model/host-document.js";
import type { SafeText } from "../model/safe-text.js";
import type { InterfaceAddress } from "../model/topology.js";
import {
	type RawObject,
	readCount,
	readFlag,
	readObjects,
	readText,
} from "./raw-json.js";

/** Reads the output of `ip -j addr show`, by interface; null when it is something else. */
export function parseIpAddress(
	output: Json,
): Map<SafeText, InterfaceAddress[]> | null {
	const objects = readObjects(output);
	if (objects === null) {
		return null;
	}
	const addresses = new Map<SafeText, InterfaceAddress[]>();
	for (const raw of objects) {
		const name = readText(raw, "ifname");
		const held = readObjects(raw.addr_info)?.flatMap(parseAddress) ?? [];
		if (name !== null && held.length > 0) {
			addresses.set(name, held);
		}
	}
	return addresses;
}

function parseAddress(raw: RawObject): InterfaceAddress[] {
	const address = readText(raw, "local");
	const prefixLength = readCount(raw, "prefixlen");
	const { family } = raw;
	if (
		address === null ||
		prefixLength === null ||
		(family !== "inet" && family !== "inet6")
	) {
		return [];
	}
	const isDynamic = readFlag(raw, "dynamic") ?? false;
	return [{ address, prefixLength, family, isDynamic }];
}
