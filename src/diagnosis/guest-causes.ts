import { elapsedNs } from "../model/capture.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import { safe, shellWord } from "../topology/safe-template.js";
import {
	type CauseDefinition,
	likely,
	type Proof,
	possible,
	proven,
	type Signature,
} from "./cause-definition.js";
import type { Facts } from "./facts.js";
import { domainOf, nicOf } from "./host-lookup.js";
import type { Loss } from "./loss.js";

/** What was handed to the VM's tap was not answered. */
const unansweredAtTap: Signature = { kinds: ["unanswered"], lastSeen: ["tap"] };
const ignored: Signature = { kinds: ["ignored"] };

/** Faults inside the VM, as far as they show outside. */
export const guestCauses: readonly CauseDefinition[] = [
	{
		id: "guest-not-reading",
		rank: 2,
		signatures: [unansweredAtTap, ignored],
		look: lookForPause,
		check: checkDomain,
		fix: (facts, { exchange }) => {
			const domain = domainOf(exchange.mac, facts.topology);
			const name = shellWord(domain?.name ?? exchange.vm ?? makeSafe("VM"));
			return domain?.state === "paused"
				? safe`virsh resume ${name}`
				: safe`look at the VM's screen: virt-viewer ${name}`;
		},
	},
	{
		id: "guest-silent",
		rank: 1,
		signatures: [unansweredAtTap],
		look: lookForSilence,
		check: checkDomain,
		fix: (facts, { exchange }) => {
			const domain = domainOf(exchange.mac, facts.topology);
			const nic = nicOf(exchange.mac, facts.topology);
			const name = shellWord(domain?.name ?? exchange.vm ?? makeSafe("VM"));
			return nic?.link === "down"
				? safe`virsh domif-setlink ${name} ${makeSafe(exchange.mac ?? "")} up`
				: safe`in the guest: is the card there and up, has it this address, does it run a DHCP client (virt-viewer ${name})`;
		},
	},
	{
		id: "guest-ignores-offer",
		rank: 1,
		signatures: [ignored],
		look: lookForIgnorance,
		check: checkDomain,
		fix: () =>
			safe`in the guest: does its firewall drop UDP port 68, does its client reject the OFFER (its log), is the checksum good (ethtool -K DEV tx off on the server)`,
	},
];

function checkDomain({ exchange }: Loss): SafeText {
	return safe`virsh domstats ${shellWord(exchange.vm ?? makeSafe("VM"))}`;
}

function lookForPause(facts: Facts, loss: Loss): Proof | "excluded" | null {
	const domain = domainOf(loss.exchange.mac, facts.topology);
	if (domain?.state === "paused") {
		return proven(
			safe`${domain.name} is paused (virsh domstate ${shellWord(domain.name)})`,
		);
	}
	return hasSpokenSince(facts, loss) ? "excluded" : null;
}

/** Whether the VM sent anything after the frame that it did not answer. */
function hasSpokenSince({ memory }: Facts, { tap, time }: Loss): boolean {
	const spoke = tap === null ? null : memory.lastSentBy(tap);
	return spoke !== null && elapsedNs(time, spoke) > 0;
}

function lookForSilence(facts: Facts, loss: Loss): Proof | "excluded" | null {
	const { exchange, tap } = loss;
	const domain = domainOf(exchange.mac, facts.topology);
	const nic = nicOf(exchange.mac, facts.topology);
	if (nic?.link === "down" && domain !== null) {
		return proven(
			safe`the link of ${makeSafe(exchange.mac ?? "")} is set to down (virsh domif-getlink ${shellWord(domain.name)} ${makeSafe(exchange.mac ?? "")})`,
		);
	}
	if (tap === null || hasSpokenSince(facts, loss)) {
		return "excluded";
	}
	const silent = safe`nothing came in by ${tap} since`;
	const state = domain?.state ?? null;
	if (state === "paused") {
		return "excluded";
	}
	return state === "running" && domain !== null
		? likely(
				silent,
				safe`${domain.name} runs (virsh domstate ${shellWord(domain.name)})`,
			)
		: possible(silent);
}

function lookForIgnorance(facts: Facts, loss: Loss): Proof | "excluded" {
	const { tap, journey, exchange } = loss;
	if (domainOf(exchange.mac, facts.topology)?.state === "paused") {
		return "excluded";
	}
	const handed = safe`${journey?.summary ?? exchange.summary} was handed to ${tap ?? makeSafe("the VM's tap")}, and no REQUEST followed`;
	return hasSpokenSince(facts, loss)
		? likely(handed, safe`the VM goes on sending by ${tap ?? makeSafe("?")}`)
		: possible(handed);
}
