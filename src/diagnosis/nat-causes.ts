import type { Ipv4 } from "../model/address.js";
import type { Hop } from "../model/journey.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import { safe, shellWord } from "../topology/safe-template.js";
import {
	type CauseDefinition,
	likely,
	type Proof,
	proven,
	type Signature,
} from "./cause-definition.js";
import type { Facts } from "./facts.js";
import { networkOf } from "./host-lookup.js";
import type { Loss } from "./loss.js";
import { routedPoints } from "./netfilter-path.js";
import { findSuspect, type Suspect } from "./rule-proof.js";
import { isSourceTranslated } from "./rule-walk.js";
import { removeCommand } from "./rule-words.js";

/** Behind the bridge of a routed network, or on the way back to it. */
const lostInHost: Signature = {
	kinds: ["lost"],
	mode: "nat",
	protocols: ["icmp"],
};

/** Faults of networks whose frames the host routes. */
export const natCauses: readonly CauseDefinition[] = [
	{
		id: "nat-forward-drop",
		rank: 1,
		signatures: [
			lostInHost,
			{ kinds: ["refused"], mode: "nat", protocols: ["icmp"] },
		],
		look: lookForForwardRule,
		check: () => safe`nft -a list ruleset; iptables -vnL FORWARD`,
		fix: (facts, loss) => {
			const suspect = findForwardRule(facts, loss);
			const bridge = shellWord(loss.bridge ?? makeSafe("virbr0"));
			if (suspect === null || suspect === "excluded") {
				return safe`accept what is forwarded from and to ${bridge}`;
			}
			return suspect.killer.rule === null
				? acceptBothWays(suspect, bridge)
				: removeCommand(suspect.killer);
		},
	},
	{
		id: "ip-forward-off",
		rank: 2,
		signatures: [lostInHost],
		look: (facts) => {
			const value = facts.sysctl("net/ipv4/ip_forward");
			if (value === undefined) {
				return null;
			}
			return value === "0"
				? proven(safe`sysctl net.ipv4.ip_forward: 0`)
				: "excluded";
		},
		check: () => safe`sysctl net.ipv4.ip_forward`,
		fix: () =>
			safe`sysctl -w net.ipv4.ip_forward=1 (and in /etc/sysctl.d, to keep it)`,
	},
	{
		id: "nat-masquerade-missing",
		rank: 3,
		signatures: [
			{
				kinds: ["unanswered"],
				mode: "nat",
				protocols: ["icmp"],
				directions: ["from-vm"],
				// A VM that routes may know the address of the one that asks.
				lastSeen: ["uplink", "bridge", "unknown"],
			},
		],
		look: lookForMasquerade,
		check: () => safe`nft list ruleset; iptables -t nat -S`,
		fix: (facts, loss) => {
			const network = networkOf(loss.bridge, facts.topology);
			return network === null
				? safe`nft add rule ip nat postrouting iifname ${shellWord(loss.bridge ?? makeSafe("virbr0"))} masquerade`
				: safe`virsh net-destroy ${shellWord(network.name)}; virsh net-start ${shellWord(network.name)} (its VMs are cut off meanwhile), or restart libvirtd`;
		},
	},
];

function findForwardRule(
	facts: Facts,
	loss: Loss,
): Suspect | "excluded" | null {
	return findSuspect(facts, loss, routedPoints(loss, facts), ["ip", "inet"]);
}

/** Without forwarding no packet gets as far as these rules. */
function lookForForwardRule(
	facts: Facts,
	loss: Loss,
): Proof | "excluded" | null {
	const isOff = facts.sysctl("net/ipv4/ip_forward") === "0";
	const isOurs = loss.kind === "lost" || isRefusedHere(facts, loss);
	const suspect = isOff || !isOurs ? "excluded" : findForwardRule(facts, loss);
	const isRefusal = loss.kind === "refused";
	return isRefusal && (suspect === null || suspect === "excluded")
		? "excluded"
		: suspect;
}

/** A rule that rejects says so by an ICMP error of the host's own. */
function isRefusedHere({ topology }: Facts, { exchange }: Loss): boolean {
	const server: Ipv4 | null = exchange.server;
	return (
		topology?.ports.some(({ addresses }) =>
			addresses.some(({ address }) => address === server),
		) ?? false
	);
}

/** Docker leaves a chain for what its user wants to accept. */
function acceptBothWays({ killer: { chain } }: Suspect, bridge: SafeText) {
	const hasDocker = chain.rules.some(
		({ action }) => action.kind === "jump" && action.target === "DOCKER-USER",
	);
	if (chain.tool === "nft") {
		const at = safe`${makeSafe(chain.family)} ${shellWord(makeSafe(chain.table))} ${shellWord(makeSafe(chain.name))}`;
		return safe`nft insert rule ${at} iifname ${bridge} accept; nft insert rule ${at} oifname ${bridge} accept`;
	}
	const name = hasDocker
		? makeSafe("DOCKER-USER")
		: shellWord(makeSafe(chain.name));
	const insert = safe`${makeSafe(chain.tool)} -I ${name}`;
	return safe`${insert} -i ${bridge} -j ACCEPT; ${insert} -o ${bridge} -j ACCEPT`;
}

/** The request left the host with the address that only the host's network knows. */
function lookForMasquerade(
	facts: Facts,
	loss: Loss,
): Proof | "excluded" | null {
	const { journey } = loss;
	const last = journey?.hops.at(-1);
	if (journey === null || last === undefined || journey.hops.length < 3) {
		return "excluded";
	}
	const isChanged = journey.hops.some(hasNewSource);
	const isRouted = journey.hops.some(({ changed }) =>
		changed.some(({ field }) => field === "ipv4.ttl"),
	);
	if (isChanged || !isRouted) {
		return "excluded";
	}
	const seen = safe`the request left by ${last.interface ?? makeSafe("?")} with the VM's own address ${makeSafe(journey.addresses.source ?? "?")}`;
	const point = routedPoints(loss, facts).at(-1);
	const forward = networkOf(loss.bridge, facts.topology)?.forward;
	if (forward === "route" || forward === "open") {
		return "excluded";
	}
	if (facts.rules === null || point === undefined || !facts.rules.isWhole) {
		return likely(seen);
	}
	if (isSourceTranslated(facts.rules, point) !== "no") {
		return likely(seen);
	}
	const none = safe`no rule translates it (nft list ruleset; iptables -t nat -S)`;
	return forward === "nat" || wasTranslated(facts, loss)
		? proven(seen, none)
		: likely(seen, none);
}

/** What came by the same port was given another address before. */
function wasTranslated({ memory }: Facts, { journey }: Loss): boolean {
	const port = journey?.hops[0]?.interface ?? null;
	for (const { hops } of memory.all()) {
		const isAlike = port !== null && hops[0]?.interface === port;
		if (isAlike && hops.some(hasNewSource)) {
			return true;
		}
	}
	return false;
}

function hasNewSource({ changed }: Hop): boolean {
	return changed.some(({ field }) => field === "ipv4.source");
}
