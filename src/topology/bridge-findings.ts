import type { Mac } from "../model/address.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import type { Finding, TopologyPort } from "../model/topology.js";
import type { Grounds } from "./finding.js";
import { judgePorts } from "./port-state-findings.js";
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
					...judgePorts(grounds, bridge),
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
					evidence: safe`ip -d link show dev ${bridge}`,
					fix: safe`ip link set ${bridge} up`,
					concerns: [name],
				},
			];
}

/** One of a bridge's uplinks should have a carrier. */
function judgeUplinks(grounds: Grounds, bridge: TopologyPort): Finding[] {
	const ports = grounds.index.portsOf(bridge.name);
	const uplinks = ports.filter(({ role }) => role === "uplink");
	if (uplinks.length === 0) {
		return judgeMissingUplink(grounds, bridge);
	}
	const working = uplinks.some(
		({ isUp, hasCarrier }) => isUp && hasCarrier !== false,
	);
	return working ? [] : uplinks.map((port) => describeDeadUplink(port, bridge));
}

/**
 * Many bridges need no uplink. One should have one when a card that is nobody's has its
 * MAC address, as `br0` has that of `ens3`; or when the host's default route goes by it,
 * unless the gateway is one of its VMs.
 */
function judgeMissingUplink(grounds: Grounds, bridge: TopologyPort): Finding[] {
	const { index, ports, wayOut } = grounds;
	const gateway = findGatewayMac(grounds, bridge.name);
	const isVm = gateway !== null && isVmHere(grounds, gateway);
	if (isVm || index.portsOf(bridge.name).some(({ role }) => role !== "tap")) {
		return [];
	}
	const free = ports.filter((port) => isFreeCard(port, wayOut));
	const former = free.find(({ mac }) => mac !== null && mac === bridge.mac);
	if (former !== undefined) {
		return [describeMissingUplink(bridge.name, former, true)];
	}
	const [card = null, ...others] = free;
	const only = others.length === 0 ? card : null;
	return wayOut.includes(bridge.name)
		? [describeMissingUplink(bridge.name, only, gateway !== null)]
		: [];
}

/** Of the host's own gateway by a bridge, as the ARP table has it. */
function findGatewayMac({ gateways }: Grounds, bridge: SafeText): Mac | null {
	const own = gateways.filter((gateway) => gateway.interface === bridge);
	return own.find(({ mac }) => mac !== null)?.mac ?? null;
}

/** A VM's MAC address, or one behind a tap of which no VM is known. */
function isVmHere({ domains, ports }: Grounds, mac: Mac): boolean {
	return (
		domains.some(({ nics }) => nics.some((nic) => nic.mac === mac)) ||
		ports.some((port) => port.mac === `fe${mac.slice(2)}`)
	);
}

function isFreeCard(
	{ kind, linkType, master, name, addresses }: TopologyPort,
	wayOut: readonly SafeText[],
): boolean {
	return (
		kind === null &&
		linkType === "ether" &&
		master === null &&
		!wayOut.includes(name) &&
		addresses.every(({ family }) => family !== "inet")
	);
}

/** @param isSure the host's gateway is no VM */
function describeMissingUplink(
	bridge: SafeText,
	card: TopologyPort | null,
	isSure: boolean,
): Finding {
	const [name, unless] = [shellWord(bridge), ", unless a VM is the gateway"];
	return {
		id: "uplink-not-in-bridge",
		message: safe`no card is in ${bridge}: nothing leads from it to the LAN${makeSafe(isSure ? "" : unless)}`,
		isProblem: isSure,
		evidence: safe`ip -br link show master ${name}`,
		fix:
			card === null
				? null
				: safe`ip link set ${shellWord(card.name)} master ${name}`,
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
