import { makeSafe, type SafeText, safeTextLimit } from "../model/safe-text.js";
import { safe, shellWord } from "../topology/safe-template.js";
import type { CauseDefinition, Proof } from "./cause-definition.js";
import type { Facts } from "./facts.js";
import { findPort, nicOf } from "./host-lookup.js";
import type { Loss } from "./loss.js";
import { bridgePoints, callsIptables } from "./netfilter-path.js";
import { findSuspect, type Suspect } from "./rule-proof.js";
import { removeCommand } from "./rule-words.js";
import type { Family } from "./ruleset.js";

const bridgeRules: readonly Family[] = ["bridge", "netdev", "arp"];
const ipRules: readonly Family[] = ["ip", "inet"];

/** Rules that take bridged frames away. */
export const filterCauses: readonly CauseDefinition[] = [
	{
		id: "bridge-netfilter-forward-drop",
		rank: 1,
		signatures: [
			{
				kinds: ["lost"],
				mode: "bridged",
				protocols: ["dhcp", "icmp"],
				isLetIn: true,
				firstMissing: ["tap", "uplink", "unknown"],
			},
		],
		look: (facts, loss) => lookForIpRule(facts, loss, false),
		isRuledOut: isNotOfIp,
		check: checkBridgeNetfilter,
		fix: fixBridgeNetfilter,
	},
	{
		id: "bridge-netfilter-half-open",
		rank: 2,
		signatures: [
			{
				kinds: ["lost"],
				mode: "bridged",
				protocols: ["dhcp", "icmp"],
				isLetIn: true,
				directions: ["to-vm"],
				firstMissing: ["tap"],
			},
		],
		look: (facts, loss) => lookForIpRule(facts, loss, true),
		isRuledOut: isNotOfIp,
		check: checkBridgeNetfilter,
		fix: fixBridgeNetfilter,
	},
	{
		id: "bridge-filter-drop",
		rank: 10,
		signatures: [
			{
				kinds: ["lost"],
				mode: "bridged",
				firstMissing: ["tap", "uplink", "unknown"],
			},
			{ kinds: ["lost"], isLetIn: false },
			{ kinds: ["lost"], mode: "nat", firstMissing: ["tap"] },
		],
		look: lookForBridgeRule,
		check: () => safe`nft -a list ruleset; ebtables-save -c`,
		fix: (facts, loss) => {
			const suspect = findBridgeRule(facts, loss);
			return suspect === null || suspect === "excluded"
				? safe`look at the rules of the bridge: nft list ruleset; ebtables-save -c`
				: removeCommand(suspect.killer);
		},
	},
];

/** These rules see no ARP: where that is lost as well, it is by something else. */
function isNotOfIp({ witnesses }: Loss): boolean {
	return witnesses.arp === "lost";
}

function checkBridgeNetfilter(): SafeText {
	return safe`sysctl net.bridge.bridge-nf-call-iptables; iptables -vnL FORWARD`;
}

function findBridgeRule(facts: Facts, loss: Loss): Suspect | "excluded" | null {
	return findSuspect(facts, loss, bridgePoints(loss, facts), bridgeRules);
}

function lookForBridgeRule(
	facts: Facts,
	loss: Loss,
): Proof | "excluded" | null {
	const suspect = findBridgeRule(facts, loss);
	const filter = nicOf(loss.exchange.mac, facts.topology)?.filter;
	if (suspect === null || suspect === "excluded" || filter == null) {
		return suspect;
	}
	const from = safe`its NIC has the nwfilter ${filter} (virsh nwfilter-dumpxml ${shellWord(filter)})`;
	return { ...suspect, evidence: [...suspect.evidence, from] };
}

function findIpRule(facts: Facts, loss: Loss): Suspect | "excluded" | null {
	const calls = callsIptables(facts, loss);
	return calls === false
		? "excluded"
		: findSuspect(facts, loss, bridgePoints(loss, facts), ipRules);
}

/**
 * Rules for routed packets take away bridged ones, if those pass them.
 *
 * @param isHalf the VM's own frames get out, as by the rules only what comes in is dropped
 */
function lookForIpRule(
	facts: Facts,
	loss: Loss,
	isHalf: boolean,
): Proof | "excluded" | null {
	if (isHalfOpen(loss) !== isHalf) {
		return "excluded";
	}
	const suspect = findIpRule(facts, loss);
	if (suspect === null || suspect === "excluded") {
		return suspect;
	}
	const calls = callsIptables(facts, loss);
	const certainty =
		calls === null && suspect.certainty === "proven"
			? "likely"
			: suspect.certainty;
	return {
		certainty,
		evidence: [
			...(calls === null ? [] : [describeSetting(facts, loss)]),
			...suspect.evidence,
		],
	};
}

/** What the VM said before, in the same exchange, got out. */
function isHalfOpen({ direction, messages }: Loss): boolean {
	return (
		direction === "to-vm" &&
		messages.some(
			({ source, outcome }) => source === "vm" && outcome === "delivered",
		)
	);
}

function describeSetting(facts: Facts, { bridge }: Loss): SafeText {
	const own = findPort(bridge, facts.topology)?.bridge?.callsIptables;
	const isGlobal = facts.sysctl("net/bridge/bridge-nf-call-iptables") === "1";
	return isGlobal || own !== true
		? safe`bridged frames pass the rules for routed packets (sysctl net.bridge.bridge-nf-call-iptables: 1)`
		: safe`frames of ${bridge ?? makeSafe("the bridge")} pass the rules for routed packets: nf_call_iptables 1 (ip -d link show ${shellWord(bridge ?? makeSafe("br0"))})`;
}

/** The rule's own removal; what frees bridged frames of all rules, only after it. */
function fixBridgeNetfilter(facts: Facts, loss: Loss): SafeText {
	const suspect = findIpRule(facts, loss);
	const all = freeBridgedFrames(facts, loss);
	if (suspect === null || suspect === "excluded" || !suspect.killer.rule) {
		return all;
	}
	const own = removeCommand(suspect.killer);
	const both = `${own}, or ${all}`;
	// A command is not cut: half of it would do something else.
	return both.length <= safeTextLimit ? (both as SafeText) : own;
}

function freeBridgedFrames(facts: Facts, { bridge }: Loss): SafeText {
	const isGlobal = facts.sysctl("net/bridge/bridge-nf-call-iptables") !== "0";
	const unfiltered = makeSafe("no iptables rule holds for bridged frames then");
	return isGlobal
		? safe`sysctl -w net.bridge.bridge-nf-call-iptables=0 (and in /etc/sysctl.d, to keep it; ${unfiltered})`
		: safe`ip link set ${shellWord(bridge ?? makeSafe("br0"))} type bridge nf_call_iptables 0 (${unfiltered})`;
}
