import { type Mac, parseMac } from "../model/address.js";
import type { Domain, KnownAddress } from "../model/topology.js";
import { parseIpv4 } from "./ipv4.js";
import { readObjects, readString } from "./raw-json.js";
import type { Statements } from "./statements.js";

/** Most addresses of one VM that are taken: what stands there is the guest's choice. */
const addressLimit = 64;

/**
 * The addresses that guests' agents tell of, from `virsh domifaddr --source agent`:
 * `[{uuid, addresses}]`. Of a guest only those of cards that it has.
 */
export function readAgentAddresses(
	statements: Statements,
	domains: readonly Domain[],
): KnownAddress[] {
	const macs = new Map<string, readonly (Mac | null)[]>(
		domains.map(({ uuid, nics }) => [uuid ?? "", nics.map(({ mac }) => mac)]),
	);
	return statements
		.read("host-domains", /\bdomifaddr --source agent$/, (output) =>
			readObjects(output),
		)
		.flat()
		.flatMap((raw) => {
			const own = macs.get(readString(raw, "uuid") ?? "") ?? [];
			const said = parseAgentAddresses(readString(raw, "addresses") ?? "");
			return said.filter(({ mac }) => own.includes(mac)).slice(0, addressLimit);
		});
}

/** The guest's name of the card may hold blanks. */
const row = /\s([0-9a-f:]{17})\s+ipv4\s+([\d.]+)\/\d+\s*$/i;

/**
 * Reads the table of `virsh domifaddr --full`: ` eth0       52:54:00:8e:41:d7    ipv4
 * 192.168.122.148/24`.
 */
export function parseAgentAddresses(table: string): KnownAddress[] {
	return table.split("\n").flatMap((line): KnownAddress[] => {
		const [, rawMac = "", rawAddress = ""] = row.exec(line) ?? [];
		const mac = parseMac(rawMac);
		const address = parseIpv4(rawAddress);
		return mac === null || address === null
			? []
			: [{ address, mac, source: "agent", ageSeconds: 0 }];
	});
}
