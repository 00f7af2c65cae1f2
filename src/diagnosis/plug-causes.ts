import { makeSafe, type SafeText } from "../model/safe-text.js";
import { safe, shellWord } from "../topology/safe-template.js";
import {
	type CauseDefinition,
	likely,
	type Proof,
	possible,
	proven,
} from "./cause-definition.js";
import type { Facts } from "./facts.js";
import { domainOf, findPort, nicOf } from "./host-lookup.js";
import type { Loss } from "./loss.js";

/** What crossed just before shows that both ports forward. */
const hasCrossed = ({ witnesses }: Loss) => witnesses.hasCrossed;

/** Faults of what is plugged into a bridge: the uplink, the tap. */
export const plugCauses: readonly CauseDefinition[] = [
	{
		id: "uplink-not-in-bridge",
		rank: 20,
		signatures: [
			{
				kinds: ["lost"],
				mode: "bridged",
				firstMissing: ["uplink"],
				isLetIn: true,
			},
			{ kinds: ["lost"], mode: "bridged", lastSeen: ["uplink"] },
			{ kinds: ["unanswered"], mode: "bridged", lastSeen: ["bridge"] },
		],
		look: lookForUplink,
		isRuledOut: hasCrossed,
		check: ({ bridge }) =>
			safe`ip -br link show master ${shellWord(bridge ?? makeSafe("br0"))}`,
		fix: (facts, loss) =>
			missingUplink(facts.topology, loss.bridge)?.fix ??
			safe`ip link set ${shellWord(uplinkOf(facts, loss) ?? makeSafe("UPLINK"))} master ${shellWord(loss.bridge ?? makeSafe("br0"))}`,
	},
	{
		id: "uplink-no-carrier",
		rank: 21,
		signatures: [{ kinds: ["lost"], firstMissing: ["uplink"], isLetIn: true }],
		look: ({ topology }, { firstMissing }) => {
			const port = findPort(firstMissing, topology);
			if (port === null) {
				return null;
			}
			const isDead = !port.isUp || port.hasCarrier === false;
			const why = port.isUp ? safe`has no carrier` : safe`is down`;
			return isDead
				? proven(
						safe`${port.name} ${why} (ip -br link show ${shellWord(port.name)})`,
					)
				: "excluded";
		},
		isRuledOut: hasCrossed,
		check: ({ firstMissing }) =>
			safe`ip -br link show ${shellWord(firstMissing ?? makeSafe("UPLINK"))}`,
		fix: ({ topology }, { firstMissing }) =>
			findPort(firstMissing, topology)?.isUp === false
				? safe`ip link set ${shellWord(firstMissing ?? makeSafe(""))} up`
				: safe`check the cable and the switch port of ${firstMissing ?? makeSafe("the uplink")}`,
	},
	{
		id: "tap-not-in-bridge",
		rank: 22,
		signatures: [
			{ kinds: ["lost"], isLetIn: false, directions: ["from-vm"] },
			{ kinds: ["lost"], directions: ["to-vm"], firstMissing: ["tap"] },
		],
		look: lookForTap,
		isRuledOut: hasCrossed,
		check: ({ tap }) =>
			safe`ip -d link show dev ${shellWord(tap ?? makeSafe("TAP"))}`,
		fix: (facts, loss) =>
			safe`ip link set ${shellWord(loss.tap ?? makeSafe("TAP"))} master ${shellWord(meantBridge(facts, loss) ?? makeSafe("BRIDGE"))}`,
	},
];

/** The uplink that a loss shows to be cut off. */
function uplinkOf({ topology }: Facts, loss: Loss): SafeText | null {
	const { firstMissing, lastSeen } = loss;
	const named = [firstMissing, lastSeen].find(
		(name) => name !== null && name !== loss.tap && name !== loss.bridge,
	);
	if (named !== undefined) {
		return named;
	}
	const free = (topology?.ports ?? []).filter(
		({ kind, linkType, master }) =>
			kind === null && linkType === "ether" && master === null,
	);
	return free.length === 1 ? (free[0]?.name ?? null) : null;
}

function lookForUplink(facts: Facts, loss: Loss): Proof | "excluded" | null {
	const { topology } = facts;
	const { bridge, firstMissing, kind } = loss;
	if (topology === null || bridge === null) {
		return null;
	}
	const name = uplinkOf(facts, loss);
	const port = findPort(name, topology);
	if (kind === "unanswered") {
		return lookForAnyUplink(facts, bridge);
	}
	if (name !== null && port === null) {
		return possible(safe`there is no interface ${name} (ip -br link)`);
	}
	if (port === null || port.role === "tap") {
		return null;
	}
	if (port.master === bridge || (firstMissing !== port.name && port.master)) {
		return "excluded";
	}
	const where = port.master === null ? safe`no bridge` : port.master;
	return proven(
		safe`${port.name} is in ${where}, not in ${bridge} (ip -br link show master ${shellWord(bridge)})`,
	);
}

/**
 * A bridge of taps alone leads nowhere. It may be meant so; surely not where the host's
 * own gateway should be beyond it, or where a card that is nobody's has its address.
 */
function lookForAnyUplink(
	{ topology }: Facts,
	bridge: SafeText,
): Proof | "excluded" {
	const own = topology?.ports.filter(({ master }) => master === bridge) ?? [];
	const isCutOff = own.every(({ role }) => role === "tap");
	const isNetwork = topology?.networks.some((one) => one.bridge === bridge);
	const isRouter = findPort(bridge, topology)?.addresses.some(
		({ family }) => family === "inet",
	);
	const finding = missingUplink(topology, bridge);
	if (!isCutOff || isNetwork || (isRouter && finding === null)) {
		return "excluded";
	}
	const command = safe`ip -br link show master ${shellWord(bridge)}`;
	const alone = safe`${bridge} has no port that leads out of the host (${command})`;
	return finding?.isProblem ? likely(alone) : possible(alone);
}

/** That the host's own word says that a bridge lacks its uplink; null: it does not. */
function missingUplink(topology: Facts["topology"], bridge: SafeText | null) {
	const finding = topology?.findings.find(
		({ id, concerns }) =>
			id === "uplink-not-in-bridge" &&
			bridge !== null &&
			concerns.includes(bridge),
	);
	return finding ?? null;
}

function meantBridge({ topology }: Facts, loss: Loss): SafeText | null {
	const nic = nicOf(loss.exchange.mac, topology);
	const network = topology?.networks.find(({ name }) => name === nic?.network);
	return nic?.bridge ?? network?.bridge ?? loss.bridge;
}

function lookForTap(facts: Facts, loss: Loss): Proof | "excluded" | null {
	const { topology } = facts;
	const tap = findPort(loss.tap, topology);
	if (tap === null) {
		return null;
	}
	const meant = meantBridge(facts, loss);
	if (tap.master !== null && (meant === null || tap.master === meant)) {
		return "excluded";
	}
	const command = safe`ip -d link show dev ${shellWord(tap.name)}`;
	if (tap.master !== null) {
		return likely(safe`${tap.name} is in ${tap.master} (${command})`);
	}
	const domain = domainOf(loss.exchange.mac, topology);
	const without = safe`${tap.name} is in no bridge (${command})`;
	return domain === null
		? proven(without)
		: proven(
				without,
				safe`${domain.name} is set to use ${meant ?? makeSafe("a bridge")} (virsh domiflist ${shellWord(domain.name)})`,
			);
}
