import { makeSafe, type SafeText } from "../model/safe-text.js";
import type { Topology, TopologyPort } from "../model/topology.js";
import { safe, shellWord } from "../topology/safe-template.js";
import {
	type CauseDefinition,
	type Proof,
	proven,
} from "./cause-definition.js";
import type { Facts } from "./facts.js";
import { findPort } from "./host-lookup.js";
import type { Loss } from "./loss.js";

/** What somebody has taken down (`ip link set … down`): a bridge, a tap. */
export const downCauses: readonly CauseDefinition[] = [
	{
		id: "bridge-down",
		rank: 25,
		signatures: [{ kinds: ["lost"] }],
		look: lookForBridge,
		isRuledOut: ({ isLetIn, witnesses }) =>
			isLetIn !== false || witnesses.hasCrossed,
		check: ({ bridge }) => showLink(bridge ?? makeSafe("br0")),
		fix: ({ topology }, loss) => {
			const name = findDownBridge(loss, topology)?.name ?? loss.bridge;
			return safe`ip link set ${shellWord(name ?? makeSafe("br0"))} up`;
		},
	},
	{
		id: "tap-down",
		rank: 26,
		signatures: [{ kinds: ["lost"], firstMissing: ["tap"] }],
		look: lookForTap,
		isRuledOut: ({ isLetIn, witnesses }) =>
			isLetIn === false || witnesses.hasCrossed,
		check: ({ firstMissing }) => showLink(firstMissing ?? makeSafe("TAP")),
		fix: (_, { firstMissing }) =>
			safe`ip link set ${shellWord(firstMissing ?? makeSafe("TAP"))} up`,
	},
];

/** The bridge on the way of a lost frame that is down: it shows none, and lets none pass. */
export function findDownBridge(
	{ journey, mode, bridge, lastSeen, firstMissing }: Loss,
	topology: Topology | null,
): TopologyPort | null {
	const expected = journey?.expected ?? [];
	const since = lastSeen === null ? -1 : expected.indexOf(lastSeen);
	const until = firstMissing === null ? -1 : expected.indexOf(firstMissing);
	// Behind a router the way is another one as soon as a bridge of it is down.
	const between = mode === "nat" ? [] : expected.slice(since + 1, until + 1);
	const hops = (journey?.hops ?? []).map((hop) => hop.interface);
	const down = [bridge, ...between].find(
		(name) => !hops.includes(name) && isDownBridge(name, topology),
	);
	return findPort(down ?? null, topology);
}

function isDownBridge(
	name: SafeText | null,
	topology: Topology | null,
): boolean {
	const port = findPort(name, topology);
	return port?.role === "bridge" && !port.isUp;
}

function lookForBridge(
	{ topology }: Facts,
	loss: Loss,
): Proof | "excluded" | null {
	if (findPort(loss.bridge, topology) === null) {
		return null;
	}
	const bridge = findDownBridge(loss, topology);
	return bridge === null
		? "excluded"
		: proven(
				safe`${bridge.name} is down, without the flag UP: no frame crosses it, and all its ports are disabled (${showLink(bridge.name)})`,
			);
}

function lookForTap(
	{ topology }: Facts,
	{ firstMissing }: Loss,
): Proof | "excluded" | null {
	const tap = findPort(firstMissing, topology);
	if (tap === null) {
		return null;
	}
	return tap.isUp
		? "excluded"
		: proven(
				safe`${tap.name} is down, without the flag UP: nothing gets to the VM or from it (${showLink(tap.name)})`,
			);
}

function showLink(name: SafeText): SafeText {
	return safe`ip -d link show dev ${shellWord(name)}`;
}
