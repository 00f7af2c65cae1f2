import { makeSafe, type SafeText } from "../model/safe-text.js";
import type { Finding, TopologyPort } from "../model/topology.js";
import type { Grounds } from "./finding.js";
import { safe, shellWord } from "./safe-template.js";

/**
 * What is wrong with the ports of a bridge, whether or not a VM is known to use them:
 *
 * - a tap and an uplink that are isolated from each other;
 * - a tap that is down, of no VM that is known to run;
 * - a port that lets nothing through. Where STP closed it, another may be open.
 */
export function judgePorts(
	grounds: Grounds,
	{ name, bridge }: TopologyPort,
): Finding[] {
	const ports = grounds.index.portsOf(name);
	const isolated = ports.filter(({ bridgePort }) => bridgePort?.isIsolated);
	const tap = isolated.find(({ role }) => role === "tap");
	const uplinks = isolated.filter(({ role }) => role === "uplink");
	const closed = bridge?.isStpOn === false ? ports : [];
	return [
		...(tap === undefined
			? []
			: uplinks.map((uplink) => describeIsolation(tap, uplink))),
		...ports.flatMap((port) => judgeFreeTap(grounds, port)),
		...closed.flatMap((port) => judgePortState(grounds, port)),
	];
}

function describeIsolation(tap: TopologyPort, uplink: TopologyPort): Finding {
	const name = shellWord(uplink.name);
	return {
		id: "port-isolated",
		message: safe`${tap.name} and its uplink ${uplink.name} are both isolated: no frame passes between them`,
		isProblem: true,
		evidence: safe`bridge -d link show dev ${name}`,
		fix: safe`bridge link set dev ${name} isolated off`,
		concerns: [tap.name, uplink.name],
	};
}

/**
 * A tap that no running VM is told to have: where nobody tells of any VM, it is one's; else
 * it may wait for a VM to come.
 */
function judgeFreeTap(
	{ domains }: Grounds,
	{ name, role, isUp, master }: TopologyPort,
): Finding[] {
	const isOwned = domains.some(
		({ isRunning, nics }) => isRunning && nics.some(({ tap }) => tap === name),
	);
	const bridge = master ?? makeSafe("a bridge");
	return role === "tap" && !isUp && !isOwned
		? [
				{
					id: "tap-down",
					message: safe`${name}, a tap of ${bridge}, is down`,
					isProblem: domains.length === 0,
					evidence: safe`ip -d link show dev ${shellWord(name)}`,
					fix: safe`ip link set ${shellWord(name)} up`,
					concerns: [name, bridge],
				},
			]
		: [];
}

/** STP takes its time with a new port; what lets none through later blocks it. */
export function judgePortState(
	{ index }: Grounds,
	port: TopologyPort,
): Finding[] {
	const state = port.bridgePort?.state ?? null;
	const isWaiting = state === "listening" || state === "learning";
	// A port without carrier is disabled as well: that is another finding.
	const isClosed =
		state === "blocking" ||
		(state === "disabled" && port.isUp && port.hasCarrier !== false);
	const isOurs = port.master !== null && port.role !== "unknown";
	// All ports of a bridge that is down are disabled, and open with it.
	const isBridgeDown = index.find(port.master)?.isUp === false;
	if (!isOurs || isBridgeDown || !(isWaiting || isClosed)) {
		return [];
	}
	const isStpOn = index.find(port.master)?.bridge?.isStpOn;
	const fault = isWaiting
		? describeWaiting(port, port.master, isStpOn !== false)
		: describeClosed(port, isStpOn === true);
	const evidence = safe`bridge -d link show dev ${shellWord(port.name)}`;
	return [{ ...fault, evidence, concerns: [port.name, port.master] }];
}

type PortFault = Omit<Finding, "evidence" | "concerns">;

/** STP itself takes no less than two seconds, given in hundredths. */
function describeWaiting(
	{ name, bridgePort }: TopologyPort,
	bridge: SafeText,
	hasStp: boolean,
): PortFault {
	return {
		id: "stp-forward-delay",
		message: safe`${name} is ${bridgePort?.state ?? makeSafe("?")} (STP): it lets frames through once it is forwarding`,
		isProblem: false,
		fix: safe`ip link set ${shellWord(bridge)} type bridge forward_delay ${hasStp ? 200 : 0}`,
	};
}

function describeClosed(
	{ name, bridgePort }: TopologyPort,
	hasStp: boolean,
): PortFault {
	const state = bridgePort?.state ?? makeSafe("?");
	return {
		id: "port-blocked",
		message: hasStp
			? safe`${name} is ${state} by STP: another way must lead where it leads`
			: safe`${name} is ${state}: no frame passes it, and without STP nothing opens it by itself`,
		isProblem: true,
		fix: hasStp ? null : safe`bridge link set dev ${shellWord(name)} state 3`,
	};
}
