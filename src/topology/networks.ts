import type { KnownAddress, VirtualNetwork } from "../model/topology.js";
import { parseLeases } from "./leases.js";
import { parseNetworkXml } from "./network-xml.js";
import { readCount, readObjects, readString } from "./raw-json.js";
import type { Statements } from "./statements.js";

/** libvirt's networks, and the leases of their DHCP servers. */
export interface Networks {
	readonly networks: readonly VirtualNetwork[];
	readonly leases: readonly KnownAddress[];
}

/** Reads the statement of `virsh net-dumpxml`: `[{name, isActive, xml, leases, readAt}]`. */
export function readNetworks(statements: Statements): Networks {
	const read = statements
		.read("host-networks", /\bnet-dumpxml$/, (output) => readObjects(output))
		.flat()
		.map((raw) => {
			const name = readString(raw, "name") ?? "";
			const described = statements.attempt(`net-dumpxml ${name}`, () =>
				parseNetworkXml(readString(raw, "xml") ?? "", raw.isActive === true),
			);
			const leases = parseLeases(readString(raw, "leases") ?? "", {
				readAt: readCount(raw, "readAt"),
				leaseSeconds: described[0]?.leaseSeconds ?? null,
			});
			return { networks: described.map(({ network }) => network), leases };
		});
	return {
		networks: read.flatMap(({ networks }) => networks),
		leases: read.flatMap(({ leases }) => leases),
	};
}
