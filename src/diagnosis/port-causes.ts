import { isGroupMac } from "../model/address.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import { safe, shellWord } from "../topology/safe-template.js";
import {
	type CauseDefinition,
	type Proof,
	possible,
	proven,
	type Signature,
} from "./cause-definition.js";
import type { Facts } from "./facts.js";
import { findPort } from "./host-lookup.js";
import type { Loss } from "./loss.js";

/** A frame that should have left its bridge by a port and did not. */
export const missingAtPort: readonly Signature[] = [
	{
		kinds: ["lost"],
		mode: "bridged",
		firstMissing: ["tap", "uplink", "unknown"],
		isLetIn: true,
	},
	{ kinds: ["lost"], mode: "nat", firstMissing: ["tap"] },
];

/** What crossed just before shows that both ports forward. */
const hasCrossed = ({ witnesses }: Loss) => witnesses.hasCrossed;

/** Faults of the settings and tables of a bridge and its ports. */
export const portCauses: readonly CauseDefinition[] = [
	{
		id: "port-isolated",
		rank: 30,
		signatures: missingAtPort,
		look: ({ topology }, loss) => {
			const [into, out] = crossing(loss).map((name) =>
				findPort(name, topology),
			);
			if (!into || !out) {
				return null;
			}
			const isBoth =
				into.master === out.master &&
				into.bridgePort?.isIsolated === true &&
				out.bridgePort?.isIsolated === true;
			return isBoth
				? proven(
						safe`${into.name} and ${out.name} are both isolated: no frame passes from one to the other (bridge -d link show)`,
					)
				: "excluded";
		},
		isRuledOut: hasCrossed,
		check: () => safe`bridge -d link show`,
		fix: (_, loss) =>
			safe`bridge link set dev ${shellWord(uplinkSide(loss))} isolated off`,
	},
	{
		id: "flooding-off",
		rank: 31,
		signatures: missingAtPort,
		look: lookForFlooding,
		isRuledOut: hasCrossed,
		check: () => safe`bridge -d link show`,
		fix: (_, { firstMissing, journey }) => {
			const flag = makeSafe(isForAll(journey) ? "bcast_flood" : "flood");
			return safe`bridge link set dev ${shellWord(firstMissing ?? makeSafe("PORT"))} ${flag} on`;
		},
	},
	{
		id: "fdb-wrong-port",
		rank: 32,
		signatures: missingAtPort,
		look: lookForEntry,
		check: ({ bridge }) =>
			safe`bridge fdb show br ${shellWord(bridge ?? makeSafe("br0"))}`,
		fix: ({ fdb }, { bridge, journey, firstMissing }) => {
			const entry = fdb?.find(
				({ mac, port, bridge: of }) =>
					mac === journey?.ethernet?.destination &&
					of === bridge &&
					port !== firstMissing,
			);
			const [mac, port] = [
				makeSafe(journey?.ethernet?.destination ?? "MAC"),
				shellWord(entry?.port ?? makeSafe("PORT")),
			];
			const vlan =
				entry?.vlan == null ? makeSafe("") : safe` vlan ${entry.vlan}`;
			return safe`bridge fdb del ${mac} dev ${port}${vlan} master`;
		},
	},
];

function lookForFlooding(
	{ topology, fdb }: Facts,
	loss: Loss,
): Proof | "excluded" | null {
	const { journey, firstMissing } = loss;
	const port = findPort(firstMissing, topology);
	if (journey === null || port?.bridgePort == null) {
		return topology === null ? null : "excluded";
	}
	const { floods, floodsBroadcast } = port.bridgePort;
	const command = safe`bridge -d link show dev ${shellWord(port.name)}`;
	const isFlooding = isForAll(journey) ? floodsBroadcast : floods;
	if (isFlooding !== false) {
		// The iproute2 of before 5.15 does not tell of broadcasts.
		return isFlooding === null ? null : "excluded";
	}
	if (isForAll(journey)) {
		return proven(safe`${port.name} has bcast_flood off (${command})`);
	}
	const mac = journey.ethernet?.destination ?? null;
	const off = safe`${port.name} has flood off (${command})`;
	if (fdb === null || mac === null) {
		return possible(off);
	}
	const isKnown = fdb.some(
		(entry) => entry.mac === mac && entry.bridge === loss.bridge,
	);
	return isKnown
		? "excluded"
		: proven(
				off,
				safe`${makeSafe(mac)} is not in its bridge's table (bridge fdb show)`,
			);
}

function isForAll(journey: Loss["journey"]): boolean {
	const receiver = journey?.ethernet?.destination ?? null;
	return receiver !== null && isGroupMac(receiver);
}

function lookForEntry(
	{ fdb, topology }: Facts,
	{ journey, bridge, firstMissing }: Loss,
): Proof | "excluded" | null {
	const mac = journey?.ethernet?.destination ?? null;
	if (mac !== null && isGroupMac(mac)) {
		return "excluded";
	}
	if (fdb === null || mac === null) {
		return null;
	}
	const isHere = findPort(firstMissing, topology)?.master === bridge;
	if (topology !== null && !isHere) {
		return "excluded";
	}
	const entries = fdb.filter(
		(entry) => entry.mac === mac && entry.bridge === bridge,
	);
	const wrong = entries.find(
		({ port }) => port !== firstMissing && port !== bridge,
	);
	const isAlsoRight = entries.some(({ port }) => port === firstMissing);
	return wrong === undefined || isAlsoRight
		? "excluded"
		: proven(
				safe`${wrong.text} (bridge fdb show br ${shellWord(wrong.bridge)})`,
			);
}

/** The ports by which a lost frame came into the bridge and should have left it. */
export function crossing({
	journey,
	firstMissing,
}: Loss): readonly [SafeText | null, SafeText | null] {
	return [journey?.hops[0]?.interface ?? null, firstMissing];
}

function uplinkSide(loss: Loss): SafeText {
	const [into, out] = crossing(loss);
	const other = out === loss.tap ? into : out;
	return other ?? makeSafe("PORT");
}
