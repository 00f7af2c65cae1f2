import type { HostStatement } from "../model/host-document.js";
import { stateText } from "./command.js";
import { readDnsmasqLeases } from "./dnsmasq-leases.js";
import type { HostOptions } from "./host-options.js";
import { findProcesses, processToJson } from "./processes.js";

/** By the names that processes go by (cut to 15 bytes). */
const dhcpServers =
	/^(dnsmasq|dhcpd|kea-dhcp4|udhcpd|dhcp-server|dhcrelay|systemd-network)$/;

/**
 * Reads which DHCP servers the host runs.
 *
 * - `/proc/PID/cmdline`: processes of servers and relays, in other network namespaces too:
 *   `[{"pid": 811, "uid": 0, "name": "dnsmasq", "args": ["dnsmasq", …],
 *   "isInOurNetwork": true}]`
 * - `ss -H -l -u -n -p sport = :67`: who listens there, and on which interface:
 *   `UNCONN 0 0 0.0.0.0%virbr0:67 0.0.0.0:* users:(("dnsmasq",pid=811,fd=4))`; the users
 *   are told to root only.
 * - Files of leases of dnsmasqs that are not libvirt's: see `readDnsmasqLeases`.
 */
export async function readServices(
	options: HostOptions,
): Promise<HostStatement[]> {
	const processes = await findProcesses(
		(name) => dhcpServers.test(name),
		options,
	);
	return [
		{
			source: "/proc/*/cmdline",
			output: processes.map(processToJson),
			gap: null,
		},
		await stateText(
			["ss", "-H", "-l", "-u", "-n", "-p", "sport = :67"],
			options,
		),
		...(await readDnsmasqLeases(processes, options)),
	];
}
