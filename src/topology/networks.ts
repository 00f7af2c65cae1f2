import { parseMac } from "../model/address.js";
import type { Json } from "../model/host-document.js";
import type { KnownAddress, VirtualNetwork } from "../model/topology.js";
import { parseIpv4 } from "./ipv4.js";
import { parseNetworkXml } from "./network-xml.js";
import { type RawObject, readObjects, readString } from "./raw-json.js";
import type { Statements } from "./statements.js";

/** libvirt's networks, and the leases of their DHCP servers. */
export interface Networks {
	readonly networks: readonly VirtualNetwork[];
	readonly leases: readonly KnownAddress[];
}

/** Reads the statement of `virsh net-dumpxml`: `[{name, isActive, xml, leases}]`. */
export function readNetworks(statements: Statements): Networks {
	const raw = statements
		.read("host-networks", /\bnet-dumpxml$/, (output) => readObjects(output))
		.flat();
	const networks = raw.flatMap((network) => {
		const name = readString(network, "name") ?? "";
		return statements.attempt(`net-dumpxml ${name}`, () =>
			parseNetworkXml(
				readString(network, "xml") ?? "",
				network.isActive === true,
			),
		);
	});
	return { networks, leases: raw.flatMap(readLeases) };
}

function readLeases(network: RawObject): KnownAddress[] {
	return parseLeases(readString(network, "leases") ?? "") ?? [];
}

/**
 * A line of `virsh net-dhcp-leases`: `2026-11-22 17:34:05   52:54:00:8e:41:d7   ipv4
 * 192.168.122.148/24   VM3   01:52:…`.
 */
const lease = /^\s*\S+ \S+\s+([0-9a-f:]{17})\s+ipv4\s+([\d.]+)\/\d+(\s|$)/i;

/** Reads the table of `virsh net-dhcp-leases`; null when it is no text. */
export function parseLeases(output: Json): KnownAddress[] | null {
	if (typeof output !== "string") {
		return null;
	}
	return output.split("\n").flatMap((line) => {
		const [, rawMac = "", rawAddress = ""] = lease.exec(line) ?? [];
		const mac = parseMac(rawMac);
		const address = parseIpv4(rawAddress);
		return mac === null || address === null
			? []
			: [{ address, mac, source: "lease", ageSeconds: null }];
	});
}
