import type { Ipv4 } from "../model/address.js";
import { elapsedNs } from "../model/capture.js";
import { makeSafe } from "../model/safe-text.js";
import { safe } from "../topology/safe-template.js";
import {
	type CauseDefinition,
	type Proof,
	possible,
} from "./cause-definition.js";
import { unansweredOutside } from "./dhcp-causes.js";
import type { Facts } from "./facts.js";
import { findDeafness, findGatewayAddresses } from "./gateway-lookup.js";
import type { Loss } from "./loss.js";
import { findHome } from "./target-home.js";

/** What was seen for less than this tells little of what never comes, in nanoseconds. */
const longEnoughNs = 30e9;

/** Faults of what the host's uplink is plugged into: a hypervisor, a guarded switch port. */
export const upstreamCauses: readonly CauseDefinition[] = [
	{
		id: "upstream-rejects-mac",
		rank: 41,
		signatures: [
			unansweredOutside,
			{
				kinds: ["unanswered"],
				mode: "bridged",
				protocols: ["arp"],
				messages: ["request"],
				directions: ["from-vm"],
				lastSeen: ["uplink"],
			},
		],
		look: lookForRejection,
		check: () => safe`systemd-detect-virt`,
		fix: ({ topology }) =>
			isVirtual(topology?.host.virtualization ?? null)
				? safe`let the host's own hypervisor pass other MAC addresses: ESXi "Forged transmits: Accept", Hyper-V "MAC address spoofing"`
				: safe`let the switch port pass the VM's MAC address (port security, provider)`,
	},
];

/**
 * Nothing that must be answered is, while others' questions are: what is for the gateway or
 * a DHCP server. An address that nobody has, or that a VM of this host has, is no sign.
 */
function lookForRejection(facts: Facts, loss: Loss): Proof | "excluded" {
	const { exchange, lastSeen } = loss;
	const { stations } = facts.memory;
	const { mac } = exchange;
	if (mac === null || stations.cameFor(mac) || !isForKeyPlayer(facts, loss)) {
		return "excluded";
	}
	const gateways = findGatewayAddresses(facts, loss);
	if (gateways.some((gateway) => findDeafness(facts, gateway) !== null)) {
		return "excluded";
	}
	const seen = safe`nothing from beyond ${lastSeen ?? makeSafe("the uplink")} was seen for ${makeSafe(mac)}`;
	const other = stations.wantedBeside(mac);
	const others =
		other === null ? [] : [safe`frames from there come for ${makeSafe(other)}`];
	const { virtualization = null } = facts.topology?.host ?? {};
	const inside = isVirtual(virtualization)
		? [
				safe`this host is a VM itself: ${virtualization ?? makeSafe("?")} (systemd-detect-virt)`,
			]
		: [];
	return {
		...possible(seen, ...others, ...inside),
		isAmbiguous: other === null || !isLong(facts, loss),
	};
}

/** DHCP is for its servers; of ARP, what asks for the gateway or such a server. */
function isForKeyPlayer(facts: Facts, loss: Loss): boolean {
	if (loss.exchange.protocol === "dhcp") {
		return true;
	}
	const asked: Ipv4 | null = loss.journey?.addresses.destination ?? null;
	return (
		asked !== null &&
		(findGatewayAddresses(facts, loss).includes(asked) ||
			facts.memory.stations.isServer(asked)) &&
		findHome(asked, facts) === null
	);
}

function isLong(
	{ memory: { since } }: Facts,
	{ messages, time }: Loss,
): boolean {
	const last = messages.at(-1)?.hops[0]?.time ?? time;
	return since !== null && elapsedNs(since, last) >= longEnoughNs;
}

function isVirtual(virtualization: string | null): boolean {
	return virtualization !== null && virtualization !== "none";
}
