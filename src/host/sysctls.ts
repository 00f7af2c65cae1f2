import type { HostStatement } from "../model/host-document.js";
import { stateJson } from "./command.js";
import { tryReadStart } from "./file.js";
import type { HostOptions } from "./host-options.js";

/**
 * Kernel parameters by their path below /proc/sys, which is how sysctl(8) writes names
 * that have dots in them. Those of each interface come from `ip netconf`.
 */
const parameters = [
	"net/ipv4/ip_forward",
	"net/ipv4/conf/all/rp_filter",
	"net/bridge/bridge-nf-call-iptables",
	"net/bridge/bridge-nf-call-ip6tables",
	"net/bridge/bridge-nf-call-arptables",
	"net/bridge/bridge-nf-filter-vlan-tagged",
	"net/netfilter/nf_conntrack_max",
	"net/netfilter/nf_conntrack_count",
];

/**
 * Reads kernel parameters.
 *
 * `/proc/sys`: `{"net/ipv4/ip_forward": "1", …}`; null where there is no such parameter
 * (the module is not loaded: without br_netfilter bridged frames pass no iptables).
 *
 * `ip -j -4 netconf show`: `forwarding`, `rp_filter` (`off`, `strict`, `loose`) and
 * `proxy_neigh` (proxy ARP) of each interface, of `all` and of `default`.
 */
export async function readSysctls(
	options: HostOptions,
): Promise<HostStatement[]> {
	const values = await Promise.all(
		parameters.map(async (name) => {
			const text = await tryReadStart(`/proc/sys/${name}`, options);
			return [name, text?.trim() ?? null] as const;
		}),
	);
	return [
		{ source: "/proc/sys", output: Object.fromEntries(values), gap: null },
		await stateJson(["ip", "-j", "-4", "netconf", "show"], options),
	];
}
