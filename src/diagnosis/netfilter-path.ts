import type { SafeText } from "../model/safe-text.js";
import type { Facts } from "./facts.js";
import { packetOf } from "./frame-packet.js";
import { findPort, roleOf } from "./host-lookup.js";
import type { Loss } from "./loss.js";
import type { Packet } from "./packet.js";
import type { HookPoint } from "./rule-walk.js";
import type { Family } from "./ruleset.js";

const bridgeFamily: readonly Family[] = ["bridge"];
const edgeFamilies: readonly Family[] = ["netdev", "inet"];
const ipFamilies: readonly Family[] = ["ip", "inet"];

/** Whether bridged IP packets pass the rules for routed ones; null: not known. */
export function callsIptables(facts: Facts, loss: Loss): boolean | null {
	const all = facts.sysctl("net/bridge/bridge-nf-call-iptables");
	const own = findPort(loss.bridge, facts.topology)?.bridge?.callsIptables;
	if (own === true || all === "1") {
		return all !== null;
	}
	return all === undefined ? null : false;
}

/** By which port a lost frame came into its bridge, and by which it should have left. */
interface Crossing {
	readonly into: SafeText | null;
	readonly out: SafeText | null;
	readonly bridge: SafeText | null;
}

function findCrossing(loss: Loss, { topology }: Facts): Crossing {
	const { journey, firstMissing, bridge } = loss;
	const first = journey?.hops[0]?.interface ?? null;
	const ahead = [firstMissing, ...(journey?.expected ?? [])];
	const isPort = (name: SafeText | null) =>
		name !== null && name !== first && roleOf(name, topology) !== "bridge";
	return { into: first, out: ahead.find(isPort) ?? null, bridge };
}

/**
 * The places at which rules are asked about a frame that crosses a bridge, in order, from
 * where it was seen last. A bridge shows a frame that it let in behind its prerouting.
 */
export function bridgePoints(loss: Loss, facts: Facts): HookPoint[] {
	const { journey, messages, isLetIn } = loss;
	if (journey === null) {
		return [];
	}
	const base = packetOf(journey, messages, facts.memory);
	const { into, out, bridge } = findCrossing(loss, facts);
	const frame = { ...base, ...named("iif", into), ...named("oif", out) };
	const packet: Packet = {
		...base,
		...named("iif", bridge),
		...named("oif", bridge),
		...named("physIn", into),
		...named("physOut", out),
		isBridged: "yes",
	};
	const isIp = journey.protocol !== "arp";
	const passesIp = isIp && callsIptables(facts, loss) !== false;
	const routed = (hook: HookPoint["hook"]): HookPoint[] =>
		passesIp
			? [{ families: ipFamilies, hook, packet: seenAt(packet, hook) }]
			: [];
	const bridged = (hook: HookPoint["hook"]): HookPoint[] => [
		{ families: bridgeFamily, hook, packet: seenAt(frame, hook) },
		...routed(hook),
	];
	const inward: HookPoint[] = [
		{ families: edgeFamilies, hook: "ingress", packet: frame },
		...bridged("prerouting"),
	];
	const leaving: HookPoint[] = [
		...bridged("postrouting"),
		{ families: edgeFamilies, hook: "egress", packet: frame },
	];
	if (isSentByHost(loss)) {
		return [
			{ families: bridgeFamily, hook: "output", packet: frame },
			...leaving,
		];
	}
	const outward: HookPoint[] = [
		...bridged("forward"),
		...arpPoints(frame, loss, facts),
		...leaving,
	];
	return [
		...(isLetIn === true ? [] : inward),
		...(isLetIn === false ? [] : outward),
	];
}

/** What the host sends, or routes, into a bridge is not forwarded there. */
function isSentByHost({ journey, lastSeen }: Loss): boolean {
	const last = journey?.hops.findLast((hop) => hop.interface === lastSeen);
	return last?.direction === "out";
}

/** Bridged ARP passes arptables where it is called. */
function arpPoints(
	frame: Packet,
	{ journey }: Loss,
	facts: Facts,
): HookPoint[] {
	const isCalled =
		facts.sysctl("net/bridge/bridge-nf-call-arptables") === "1" ||
		facts.sysctl("net/bridge/bridge-nf-call-arptables") === undefined;
	return journey?.protocol === "arp" && isCalled
		? [{ families: ["arp"], hook: "forward", packet: frame }]
		: [];
}

/** Before a frame is routed no rule knows where it will go, and behind that not whence. */
function seenAt(packet: Packet, hook: HookPoint["hook"]): Packet {
	return hook === "prerouting"
		? { ...packet, oif: null, physOut: null }
		: packet;
}

/**
 * The places behind the bridge of a routed network, for a frame that the host routes from
 * it to elsewhere, or back.
 */
export function routedPoints(loss: Loss, facts: Facts): HookPoint[] {
	const { journey, messages } = loss;
	if (journey === null) {
		return [];
	}
	const { into, out } = findRoute(loss, facts);
	const packet: Packet = {
		...packetOf(journey, messages, facts.memory),
		...named("iif", into),
		...named("oif", out),
		isBridged: "no",
		physIn: null,
		physOut: null,
		...(loss.direction === "to-vm" ? unknownReceiver : {}),
	};
	const { oif: _, ...arriving } = packet;
	return [
		{ families: ipFamilies, hook: "prerouting", packet: arriving },
		{ families: ipFamilies, hook: "forward", packet },
		{ families: ipFamilies, hook: "postrouting", packet },
	];
}

/** What comes back is for the host's address until it is translated. */
const unknownReceiver: Packet = { ipDestination: [] };

/** The place where a packet for the host itself is handed to its programs. */
export function inputPoints(loss: Loss, facts: Facts): HookPoint[] {
	const { journey, messages, bridge } = loss;
	if (journey === null) {
		return [];
	}
	const packet: Packet = {
		...packetOf(journey, messages, facts.memory),
		...named("iif", bridge),
		oif: null,
		isBridged: "no",
	};
	return [
		{ families: ipFamilies, hook: "prerouting", packet },
		{ families: ipFamilies, hook: "input", packet },
	];
}

/** The interfaces a routed frame comes in by and leaves by, as the host routes. */
function findRoute(loss: Loss, { topology }: Facts): Omit<Crossing, "bridge"> {
	const { bridge } = loss;
	const path = topology?.paths.find(
		({ routedAfter }) => routedAfter !== null && routedAfter === bridge,
	);
	const ports = path?.ports ?? [];
	const behind = bridge === null ? null : ports[ports.indexOf(bridge) + 1];
	const outside = behind ?? topology?.wayOut[0] ?? null;
	return loss.direction === "to-vm"
		? { into: outside, out: loss.bridge }
		: { into: loss.bridge, out: outside };
}

function named(
	field: "iif" | "oif" | "physIn" | "physOut",
	name: SafeText | null,
): Packet {
	return name === null ? {} : { [field]: name };
}
