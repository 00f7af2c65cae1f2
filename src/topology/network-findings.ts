import type { SafeText } from "../model/safe-text.js";
import type {
	Finding,
	InterfaceAddress,
	TopologyPort,
	VirtualNetwork,
} from "../model/topology.js";
import type { Grounds } from "./finding.js";
import { areInOneNetwork } from "./ipv4.js";
import { safe, shellWord } from "./safe-template.js";

/** What is wrong with libvirt's networks, with routing from them, and with Wi-Fi. */
export function findNetworkFaults(grounds: Grounds): Finding[] {
	const used = grounds.networks.filter(
		({ bridge, isActive }) =>
			isActive && bridge !== null && grounds.bridges.has(bridge),
	);
	return [
		...used.flatMap((network) => judgeServer(grounds, network)),
		...judgeForwarding(grounds, used),
		...findOverlaps(grounds),
		...findWireless(grounds),
	];
}

/** libvirt's dnsmasq listens at port 67 of the network's bridge, or of all. */
function judgeServer(
	{ listeners }: Grounds,
	{ name, bridge, hasDhcp }: VirtualNetwork,
): Finding[] {
	const isServed = listeners?.some(
		(listener) => listener.interface === null || listener.interface === bridge,
	);
	return !hasDhcp || isServed !== false
		? []
		: [
				{
					id: "dhcp-server-down",
					message: safe`the DHCP server of network ${name} does not run: nobody listens at UDP port 67`,
					isProblem: true,
					evidence: safe`ss -lunp sport = :67`,
					fix: safe`virsh net-destroy ${shellWord(name)}; virsh net-start ${shellWord(name)}`,
					concerns: bridge === null ? [name] : [bridge, name],
				},
			];
}

const routedModes: ReadonlySet<string> = new Set(["nat", "route", "open"]);

/** Without it nothing gets out of a network that libvirt routes; another bridge may be meant so. */
function judgeForwarding(
	{ ipForward, paths }: Grounds,
	used: readonly VirtualNetwork[],
): Finding[] {
	if (ipForward !== "0") {
		return [];
	}
	const routed = used.filter(({ forward }) => routedModes.has(forward));
	const [network] = routed;
	const own = routed.flatMap(({ bridge }) => bridge ?? []);
	const others = paths
		.flatMap(({ routedAfter }) => routedAfter ?? [])
		.filter((bridge) => !own.includes(bridge));
	return network === undefined
		? [...new Set(others)].map((bridge) =>
				describeForwarding(
					safe`VMs in ${bridge} reach the host and no further`,
					[bridge],
					false,
				),
			)
		: [
				describeForwarding(
					safe`nothing gets out of network ${network.name}`,
					own,
					true,
				),
			];
}

function describeForwarding(
	effect: SafeText,
	concerns: readonly SafeText[],
	isProblem: boolean,
): Finding {
	return {
		id: "ip-forward-off",
		message: safe`the host forwards no packets: ${effect}`,
		isProblem,
		evidence: safe`sysctl net.ipv4.ip_forward`,
		fix: safe`sysctl -w net.ipv4.ip_forward=1`,
		concerns,
	};
}

/** Packets to the other network of two that overlap are routed into the wrong one. */
function findOverlaps({ index, paths, ports }: Grounds): Finding[] {
	const routed = new Set(paths.flatMap(({ routedAfter }) => routedAfter ?? []));
	return [...routed].flatMap((name) => {
		const bridge = index.find(name);
		const others = ports.filter(
			(port) => port !== bridge && port.linkType !== "loopback",
		);
		return bridge === null
			? []
			: others.flatMap((other) => judgeOverlap(bridge, other));
	});
}

function judgeOverlap(bridge: TopologyPort, other: TopologyPort): Finding[] {
	const pair = bridge.addresses
		.flatMap((own) => other.addresses.map((theirs) => [own, theirs] as const))
		.find(([own, theirs]) => overlap(own, theirs));
	if (pair === undefined) {
		return [];
	}
	const [own, theirs] = pair;
	return [
		{
			id: "subnet-overlap",
			message: safe`the network of ${bridge.name} (${own.address}/${own.prefixLength}) overlaps that of ${other.name} (${theirs.address}/${theirs.prefixLength})`,
			isProblem: true,
			evidence: safe`ip -4 route`,
			fix: null,
			concerns: [bridge.name, other.name],
		},
	];
}

/**
 * Whether a network holds another one, or is the same. The smaller one within a larger
 * does no harm: the longer prefix is taken. An address alone (/32) is no network.
 */
function overlap(own: InterfaceAddress, other: InterfaceAddress): boolean {
	return (
		own.family === "inet" &&
		other.family === "inet" &&
		other.prefixLength <= 30 &&
		own.prefixLength <= other.prefixLength &&
		areInOneNetwork(own.address, other.address, own.prefixLength)
	);
}

/** In station mode an access point takes frames of the card's own address alone. */
function findWireless({ index, wirelessCards }: Grounds): Finding[] {
	return wirelessCards.flatMap((name) => {
		const port = index.find(name);
		const bridge = port === null ? null : index.bridgeOf(port);
		return bridge === null
			? []
			: [
					{
						id: "wifi-uplink",
						message: safe`${name}, an uplink of ${bridge.name}, is Wi-Fi: an access point takes no frames of other MAC addresses`,
						isProblem: true,
						evidence: safe`ls /sys/class/net/${shellWord(name)}/phy80211`,
						fix: null,
						concerns: [name, bridge.name],
					},
				];
	});
}
