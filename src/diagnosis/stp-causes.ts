import { makeSafe } from "../model/safe-text.js";
import type { Topology, TopologyPort } from "../model/topology.js";
import { safe, shellWord } from "../topology/safe-template.js";
import {
	type CauseDefinition,
	type Proof,
	proven,
	type Signature,
} from "./cause-definition.js";
import type { Facts } from "./facts.js";
import { findPort } from "./host-lookup.js";
import type { Loss } from "./loss.js";
import { crossing, missingAtPort } from "./port-causes.js";

/** A frame that got no further than the port it came in by. */
const stuckAtEntry: Signature = { kinds: ["lost"], isLetIn: false };

/** Faults of the state of a bridge's port: STP's doing, or someone's. */
export const stpCauses: readonly CauseDefinition[] = [
	{
		id: "stp-forward-delay",
		rank: 23,
		signatures: [stuckAtEntry, ...missingAtPort],
		look: lookForStp,
		isRuledOut: ({ witnesses }) => witnesses.hasCrossed,
		check: () => safe`bridge -d link show`,
		fix: (_, { bridge }) => {
			const name = shellWord(bridge ?? makeSafe("br0"));
			return safe`ip link set ${name} type bridge forward_delay 0, or stp_state 0 where nothing can loop`;
		},
	},
	{
		id: "port-blocked",
		rank: 24,
		signatures: [stuckAtEntry, ...missingAtPort],
		look: lookForBlock,
		isRuledOut: ({ witnesses }) => witnesses.hasCrossed,
		check: () => safe`bridge -d link show`,
		fix: ({ topology }, loss) => {
			const port = findClosed(loss, topology);
			const name = shellWord(port?.name ?? makeSafe("PORT"));
			return hasStp(loss, topology)
				? safe`STP leads elsewhere: mend the way it took (bridge -d link show), or raise the priority of this one: bridge link set dev ${name} cost 1`
				: safe`bridge link set dev ${name} state 3`;
		},
	},
];

/** STP lets no frames through yet. */
const waitingStates: ReadonlySet<string> = new Set(["listening", "learning"]);
/** STP, or someone, lets none through. */
const closedStates: ReadonlySet<string> = new Set(["disabled", "blocking"]);

function lookForStp(
	{ topology }: Facts,
	loss: Loss,
): Proof | "excluded" | null {
	const ports = portsOf(loss, topology);
	if (ports.length === 0) {
		return null;
	}
	if (isBridgeDown(loss, topology)) {
		return "excluded";
	}
	const waiting = ports.find((port) => isIn(port, waitingStates));
	const bridge = findPort(loss.bridge, topology);
	if (waiting === undefined) {
		return "excluded";
	}
	const delay = bridge?.bridge?.forwardDelaySeconds;
	return proven(
		safe`${waiting.name} is ${waiting.bridgePort?.state ?? makeSafe("")}, not forwarding (bridge -d link show dev ${shellWord(waiting.name)})`,
		...(delay == null
			? []
			: [safe`${bridge?.name ?? makeSafe("")} has forward_delay ${delay} s`]),
	);
}

function lookForBlock(
	{ topology }: Facts,
	loss: Loss,
): Proof | "excluded" | null {
	if (portsOf(loss, topology).length === 0) {
		return null;
	}
	const port = findClosed(loss, topology);
	if (port === null) {
		return "excluded";
	}
	const state = port.bridgePort?.state ?? makeSafe("");
	const closed = safe`${port.name} is ${state}: no frame passes it (bridge -d link show dev ${shellWord(port.name)})`;
	return hasStp(loss, topology)
		? proven(closed, safe`STP is on and has chosen another port`)
		: proven(closed, safe`STP is off: nothing opens it by itself`);
}

/** All ports of a bridge that is down are disabled, and open with it. */
function isBridgeDown({ bridge }: Loss, topology: Topology | null): boolean {
	return findPort(bridge, topology)?.isUp === false;
}

/** A port without carrier is disabled, too: then it is the carrier that is missing. */
function findClosed(
	loss: Loss,
	topology: Topology | null,
): TopologyPort | null {
	if (isBridgeDown(loss, topology)) {
		return null;
	}
	const closed = portsOf(loss, topology).find(
		(port) =>
			isIn(port, closedStates) && port.isUp && port.hasCarrier !== false,
	);
	return closed ?? null;
}

function hasStp({ bridge }: Loss, topology: Topology | null): boolean {
	return findPort(bridge, topology)?.bridge?.isStpOn === true;
}

function isIn(
	{ bridgePort }: TopologyPort,
	states: ReadonlySet<string>,
): boolean {
	return bridgePort?.state != null && states.has(bridgePort.state);
}

function portsOf(loss: Loss, topology: Topology | null): TopologyPort[] {
	return crossing(loss)
		.flatMap((name) => findPort(name, topology) ?? [])
		.filter(({ master }) => master === loss.bridge);
}
