import { isGroupMac, type Mac } from "../model/address.js";
import type { LogTime } from "../model/capture.js";
import type { Exchange } from "../model/exchange.js";
import type { Journey } from "../model/journey.js";
import type { SafeText } from "../model/safe-text.js";
import type { Topology } from "../model/topology.js";
import { isLibvirtNetwork } from "../topology/roles.js";
import { findPort, nicOf, roleOf } from "./host-lookup.js";
import type { JourneyMemory } from "./journey-memory.js";
import { findTroubles, type LossKind, type Trouble } from "./trouble.js";
import { findWitnesses, noWitnesses, type Witnesses } from "./witnesses.js";

/** One thing that went wrong, and where: what causes are looked up by. */
export interface Loss {
	readonly kind: LossKind;
	readonly exchange: Exchange;
	readonly message: string;
	/** The journey that shows it; null when it was forgotten. */
	readonly journey: Journey | null;
	/** Journeys of the exchange that are remembered, in order of time. */
	readonly messages: readonly Journey[];
	readonly time: LogTime;
	readonly lastSeen: SafeText | null;
	readonly firstMissing: SafeText | null;
	/** Whether the VM sent the message or was to be handed it. */
	readonly direction: "from-vm" | "to-vm" | "other";
	/** Whether the host routes what the VM sends, or bridges it. */
	readonly mode: "bridged" | "nat";
	/** The bridge that the VM's tap is, or was, seen to be plugged into. */
	readonly bridge: SafeText | null;
	/** The VM's tap, as far as it is on the path. */
	readonly tap: SafeText | null;
	/** Whether the bridge let the frame in: its own sighting of the frame says so. */
	readonly isLetIn: boolean | null;
	/** What other frames tell of the place. */
	readonly witnesses: Witnesses;
}

/** Finds what went wrong with an exchange; nothing, when all is well or in doubt. */
export function findLosses(
	exchange: Exchange,
	memory: JourneyMemory,
	topology: Topology | null,
): Loss[] {
	const messages = exchange.messages.flatMap(
		({ journey }) => memory.find(journey) ?? [],
	);
	return findTroubles(exchange, messages).map((trouble) =>
		placeLoss(exchange, trouble, messages, memory, topology),
	);
}

function placeLoss(
	exchange: Exchange,
	trouble: Trouble,
	messages: readonly Journey[],
	memory: JourneyMemory,
	topology: Topology | null,
): Loss {
	const { journey } = trouble;
	const tap = findTap(trouble, exchange.mac, topology);
	const bridge = findBridge(tap, trouble, topology);
	return {
		...trouble,
		exchange,
		messages,
		time: journey?.hops[0]?.time ?? exchange.since,
		direction: directionOf(journey),
		mode: findMode(bridge, topology),
		bridge,
		tap,
		isLetIn: isLetIn(journey, bridge, memory),
		witnesses:
			journey === null
				? noWitnesses
				: findWitnesses(memory, journey, trouble.firstMissing),
	};
}

function directionOf(journey: Journey | null): Loss["direction"] {
	return journey?.source === "vm"
		? "from-vm"
		: journey?.destination === "vm"
			? "to-vm"
			: "other";
}

function findTap(
	{ journey, lastSeen, firstMissing }: Trouble,
	mac: Mac | null,
	topology: Topology | null,
): SafeText | null {
	const [first] = journey?.hops ?? [];
	const named = [
		...(journey?.source === "vm" ? [first?.interface ?? null] : []),
		...[firstMissing, lastSeen, journey?.expected.at(-1) ?? null],
	].find((name) => roleOf(name, topology) === "tap");
	return named ?? nicOf(mac, topology)?.tap ?? null;
}

/** As the host said; else the bridge that the frame was seen at, or should have been. */
function findBridge(
	tap: SafeText | null,
	{ journey, lastSeen }: Trouble,
	topology: Topology | null,
): SafeText | null {
	const port = findPort(tap, topology);
	if (port?.master) {
		return port.master;
	}
	const meant = topology?.domains
		.flatMap(({ nics }) => nics)
		.find((nic) => tap !== null && nic.tap === tap)?.bridge;
	const seen = [
		...(journey?.hops ?? []).map((hop) => hop.interface),
		...(journey?.expected ?? []),
		lastSeen,
	].find((name) => roleOf(name ?? null, topology) === "bridge");
	return meant ?? seen ?? null;
}

function findMode(
	bridge: SafeText | null,
	topology: Topology | null,
): Loss["mode"] {
	const path = topology?.paths.find(({ ports }) => ports[1] === bridge);
	if (bridge === null) {
		return "bridged";
	}
	if (path !== undefined) {
		return path.routedAfter === bridge ? "nat" : "bridged";
	}
	return isLibvirtNetwork(bridge) ? "nat" : "bridged";
}

/**
 * A bridge's copy for the host is made behind its prerouting. It sees what is for all or
 * for the host, and the rest where its capture is promiscuous.
 */
function isLetIn(
	journey: Journey | null,
	bridge: SafeText | null,
	memory: JourneyMemory,
): boolean | null {
	if (journey === null || bridge === null) {
		return null;
	}
	if (journey.hops.some((hop) => hop.interface === bridge)) {
		return true;
	}
	const receiver = journey.ethernet?.destination ?? null;
	const isShown =
		journey.destination === "host" ||
		(receiver !== null && isGroupMac(receiver)) ||
		memory.showsUnicast(bridge);
	return isShown && journey.expected.includes(bridge) ? false : null;
}
