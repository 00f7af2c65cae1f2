import { makeSafe } from "../model/safe-text.js";
import { safe, shellWord } from "../topology/safe-template.js";
import {
	type CauseDefinition,
	type Proof,
	proven,
	type Signature,
} from "./cause-definition.js";
import type { Facts } from "./facts.js";
import { networkOf } from "./host-lookup.js";
import type { Loss } from "./loss.js";
import { inputPoints } from "./netfilter-path.js";
import { findSuspect } from "./rule-proof.js";
import { removeCommand } from "./rule-words.js";

/** The host itself was asked for a lease. */
const askedHost: Signature = {
	kinds: ["unanswered"],
	mode: "nat",
	protocols: ["dhcp"],
	lastSeen: ["bridge", "tap"],
};

/** Faults of the DHCP server that the host runs for a network of its own. */
export const hostServerCauses: readonly CauseDefinition[] = [
	{
		id: "dhcp-server-down",
		rank: 1,
		signatures: [askedHost],
		look: lookForServer,
		check: () => safe`ss -lunp 'sport = :67'; virsh net-list --all`,
		fix: (facts, loss) => {
			const network = networkOf(loss.bridge, facts.topology);
			return network === null
				? safe`start the DHCP server of ${loss.bridge ?? makeSafe("the network")}`
				: network.isActive
					? safe`virsh net-destroy ${shellWord(network.name)}; virsh net-start ${shellWord(network.name)}`
					: safe`virsh net-start ${shellWord(network.name)}`;
		},
	},
	{
		id: "nat-input-drop",
		rank: 2,
		signatures: [askedHost],
		look: (facts, loss) =>
			findSuspect(facts, loss, inputPoints(loss, facts), ["ip", "inet"]),
		check: () => safe`nft -a list ruleset; iptables -vnL INPUT`,
		fix: (facts, loss) => {
			const points = inputPoints(loss, facts);
			const suspect = findSuspect(facts, loss, points, ["ip", "inet"]);
			const bridge = shellWord(loss.bridge ?? makeSafe("virbr0"));
			return suspect === null ||
				suspect === "excluded" ||
				suspect.killer.rule === null
				? safe`iptables -I INPUT -i ${bridge} -p udp --dport 67 -j ACCEPT, or the same in your firewall`
				: removeCommand(suspect.killer);
		},
	},
];

/** A server of the host listens at port 67, on the bridge or on all interfaces. */
function lookForServer(facts: Facts, loss: Loss): Proof | "excluded" | null {
	const network = networkOf(loss.bridge, facts.topology);
	const bridge = loss.bridge ?? makeSafe("the bridge");
	if (network !== null && !network.isActive) {
		return proven(
			safe`the network ${network.name} is not active (virsh net-list --all)`,
		);
	}
	if (facts.listeners === null) {
		return null;
	}
	const isServed = facts.listeners.some(
		(listener) =>
			listener.interface === null || listener.interface === loss.bridge,
	);
	return isServed
		? "excluded"
		: proven(
				safe`nobody listens at UDP port 67 of ${bridge} (ss -lunp 'sport = :67')`,
			);
}
