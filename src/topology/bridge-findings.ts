import { makeSafe, type SafeText } from "../model/safe-text.js";
import type { Finding, TopologyPort } from "../model/topology.js";
import type { Grounds } from "./finding.js";
import { safe, shellWord } from "./safe-template.js";

/** What is wrong with the bridges that VMs are plugged into, and with their uplinks. */
export function findBridgeFaults(grounds: Grounds): Finding[] {
	const { index, bridges } = grounds;
	return [...bridges].flatMap((name) => {
		const bridge = index.find(name);
		return bridge === null
			? []
			: [
					...judgeBridgeState(bridge),
					...judgeUplinks(grounds, bridge),
					...index.portsOf(name).flatMap(judgeAddress),
					...judgeMac(grounds, bridge),
				];
	});
}

function judgeBridgeState({ name, isUp }: TopologyPort): Finding[] {
	const bridge = shellWord(name);
	return isUp
		? []
		: [
				{
					id: "bridge-down",
					message: safe`the bridge ${name} is down`,
					isProblem: true,
					evidence: safe`ip -br link show ${bridge}`,
					fix: safe`ip link set ${bridge} up`,
					concerns: [name],
				},
			];
}

/**
 * A bridge that the host's own default route goes by should lead out of the host; and
 * one of a bridge's uplinks should have a carrier.
 */
function judgeUplinks(grounds: Grounds, bridge: TopologyPort): Finding[] {
	const { index, wayOut } = grounds;
	const ports = index.portsOf(bridge.name);
	const uplinks = ports.filter(({ role }) => role === "uplink");
	if (uplinks.length === 0) {
		const leadsOut =
			ports.some(({ role }) => role !== "tap") ||
			isGatewayHere(grounds, bridge.name);
		return wayOut.includes(bridge.name) && !leadsOut
			? [describeMissingUplink(grounds, bridge.name)]
			: [];
	}
	const working = uplinks.some(
		({ isUp, hasCarrier }) => isUp && hasCarrier !== false,
	);
	return working ? [] : uplinks.map((port) => describeDeadUplink(port, bridge));
}

/** The host's own gateway may be one of its VMs. */
function isGatewayHere(
	{ gateways, domains }: Grounds,
	bridge: SafeText,
): boolean {
	const macs = gateways
		.filter((gateway) => gateway.interface === bridge)
		.flatMap(({ mac }) => mac ?? []);
	return domains.some(({ nics }) =>
		nics.some(({ mac }) => mac !== null && macs.includes(mac)),
	);
}

/** The one card that is nobody's is the one that is missing. */
function describeMissingUplink(
	{ ports, wayOut }: Grounds,
	bridge: SafeText,
): Finding {
	const free = ports.filter(
		({ kind, linkType, master, name, addresses }) =>
			kind === null &&
			linkType === "ether" &&
			master === null &&
			!wayOut.includes(name) &&
			addresses.every(({ family }) => family !== "inet"),
	);
	const [card, ...others] = free;
	return {
		id: "uplink-not-in-bridge",
		message: safe`no card is in ${bridge}, which the host's default route goes by: nothing leads to the LAN`,
		isProblem: true,
		evidence: safe`ip -br link show master ${shellWord(bridge)}`,
		fix:
			card !== undefined && others.length === 0
				? safe`ip link set ${shellWord(card.name)} master ${shellWord(bridge)}`
				: null,
		concerns: [bridge],
	};
}

function describeDeadUplink(
	{ name, isUp }: TopologyPort,
	bridge: TopologyPort,
): Finding {
	const why = makeSafe(isUp ? "has no carrier: cable, switch port" : "is down");
	return {
		id: "uplink-no-carrier",
		message: safe`${name}, the uplink of ${bridge.name}, ${why}`,
		isProblem: true,
		evidence: safe`ip -br link show ${shellWord(name)}`,
		fix: isUp ? null : safe`ip link set ${shellWord(name)} up`,
		concerns: [name, bridge.name],
	};
}

/** What comes for an address on a port, the bridge takes away before it gets there. */
function judgeAddress(port: TopologyPort): Finding[] {
	const held = port.addresses.find(({ family }) => family === "inet");
	if (held === undefined || port.master === null) {
		return [];
	}
	const [name, bridge] = [shellWord(port.name), shellWord(port.master)];
	const address = safe`${held.address}/${held.prefixLength}`;
	return [
		{
			id: "address-on-bridge-port",
			message: safe`${port.name} is a port of ${port.master} and has the address ${address}: it belongs on the bridge`,
			isProblem: true,
			evidence: safe`ip -4 -br addr show ${name}`,
			fix: safe`ip addr add ${address} dev ${bridge}; ip addr del ${address} dev ${name}`,
			concerns: [port.name, port.master],
		},
	];
}

/** Matters where the LAN lets only known addresses in: the host's own are not its card's. */
function judgeMac({ index }: Grounds, bridge: TopologyPort): Finding[] {
	const uplinks = index
		.portsOf(bridge.name)
		.filter(({ role }) => role === "uplink");
	const [uplink] = uplinks;
	const hasAddress = bridge.addresses.some(({ family }) => family === "inet");
	const isOne = uplinks.some(({ mac }) => mac === bridge.mac);
	if (uplink?.mac == null || bridge.mac === null || !hasAddress || isOne) {
		return [];
	}
	const [own, card] = [makeSafe(bridge.mac), makeSafe(uplink.mac)];
	return [
		{
			id: "bridge-mac-differs",
			message: safe`${bridge.name} has the MAC address ${own}, its uplink ${uplink.name} ${card}: a LAN that knows the card alone may not answer the host`,
			isProblem: false,
			evidence: safe`ip -br link show`,
			fix: safe`ip link set ${shellWord(bridge.name)} address ${card}`,
			concerns: [bridge.name, uplink.name],
		},
	];
}
