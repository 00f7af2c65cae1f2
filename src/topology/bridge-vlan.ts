import type { Json } from "../model/host-document.js";
import type { SafeText } from "../model/safe-text.js";
import type { PortVlan } from "../model/topology.js";
import {
	type RawObject,
	readCount,
	readObjects,
	readStrings,
	readText,
} from "./raw-json.js";

/** Reads the output of `bridge -j -compressvlans vlan show`, by port; null when it is something else. */
export function parseBridgeVlan(
	output: Json,
): Map<SafeText, PortVlan[]> | null {
	const objects = readObjects(output);
	if (objects === null) {
		return null;
	}
	const vlans = new Map<SafeText, PortVlan[]>();
	for (const raw of objects) {
		const name = readText(raw, "ifname");
		if (name !== null) {
			vlans.set(name, readObjects(raw.vlans)?.flatMap(parseVlan) ?? []);
		}
	}
	return vlans;
}

function parseVlan(raw: RawObject): PortVlan[] {
	const id = readCount(raw, "vlan");
	const flags = readStrings(raw, "flags");
	return id === null
		? []
		: [
				{
					id,
					lastId: readCount(raw, "vlanEnd") ?? id,
					isPvid: flags.includes("PVID"),
					isUntagged: flags.includes("Egress Untagged"),
				},
			];
}
