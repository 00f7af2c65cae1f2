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
import { nicOf } from "./host-lookup.js";
import type { Loss } from "./loss.js";
import {
	findQuietGuest,
	nameGuest,
	type QuietGuest,
	wasAskedInVain,
	wordOfGuest,
} from "./quiet-guest.js";
import { findUnread } from "./unread-tap.js";

/**
 * What was handed to a VM's tap was not answered; or a who-has for an address of a VM went
 * to all, its tap among them.
 */
const unansweredByGuest: readonly Signature[] = [
	{ kinds: ["unanswered"], lastSeen: ["tap"] },
	{ kinds: ["unanswered"], protocols: ["arp"], messages: ["request"] },
];
const ignored: Signature = { kinds: ["ignored"] };

/** Faults inside the VM, as far as they show outside. */
export const guestCauses: readonly CauseDefinition[] = [
	{
		id: "guest-not-reading",
		rank: 2,
		signatures: [...unansweredByGuest, ignored],
		look: lookForPause,
		check: checkDomain,
		fix: (facts, loss) => {
			const guest = findQuietGuest(facts, loss);
			return guest?.domain?.state === "paused"
				? safe`virsh resume ${wordOfGuest(guest)}`
				: safe`look at the VM's screen: virt-viewer ${wordOfGuest(guest)}`;
		},
	},
	{
		id: "guest-silent",
		rank: 1,
		signatures: unansweredByGuest,
		look: lookForSilence,
		check: checkDomain,
		fix: (facts, loss) => {
			const guest = findQuietGuest(facts, loss);
			const nic = nicOf(guest?.mac ?? null, facts.topology);
			const name = wordOfGuest(guest);
			return nic?.link === "down"
				? safe`virsh domif-setlink ${name} ${makeSafe(guest?.mac ?? "")} up`
				: safe`in the guest behind ${guest?.tap ?? makeSafe("the tap")}: is the card there and up, has it this address, does it run a DHCP client (virt-viewer ${name})`;
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

function lookForPause(facts: Facts, loss: Loss): Proof | "excluded" {
	const guest = findQuietGuest(facts, loss);
	if (guest === null) {
		return "excluded";
	}
	const { tap, domain } = guest;
	if (domain?.state === "paused") {
		return proven(
			safe`${domain.name} is paused (virsh domstate ${shellWord(domain.name)})`,
		);
	}
	if (hasSpokenSince(facts, loss, tap)) {
		return "excluded";
	}
	const unread = findUnread(facts, loss, tap);
	if (unread !== null) {
		return unread;
	}
	return isAlive(facts, loss, guest)
		? "excluded"
		: possible(
				safe`not read here, see virsh domstats ${wordOfGuest(guest)}; ip -s link show ${shellWord(tap)}`,
			);
}

/** Whether the VM sent anything after what it did not answer. */
function hasSpokenSince(
	{ memory }: Facts,
	{ kind, time, exchange }: Loss,
	tap: SafeText,
): boolean {
	const spoke = memory.lastSentBy(tap);
	const since = kind === "unanswered" ? exchange.since : time;
	return spoke !== null && elapsedNs(since, spoke) > 0;
}

/**
 * A guest that answers ARP and not a ping may have a firewall. It is quiet only where a
 * who-has for its address was not answered either since it was heard last.
 */
function isAlive(
	{ memory }: Facts,
	{ exchange, journey, time }: Loss,
	{ tap }: QuietGuest,
): boolean {
	const asked = journey?.addresses.destination ?? null;
	return (
		exchange.protocol === "icmp" &&
		(asked === null || !wasAskedInVain(memory, asked, tap, time))
	);
}

function lookForSilence(facts: Facts, loss: Loss): Proof | "excluded" {
	const guest = findQuietGuest(facts, loss);
	if (guest === null) {
		return "excluded";
	}
	const { tap, mac, domain, isSure } = guest;
	const nic = nicOf(mac, facts.topology);
	if (nic?.link === "down" && domain !== null) {
		return proven(
			safe`the link of ${makeSafe(mac ?? "")} is set to down (virsh domif-getlink ${shellWord(domain.name)} ${makeSafe(mac ?? "")})`,
		);
	}
	const isPaused = domain?.state === "paused";
	if (
		isPaused ||
		hasSpokenSince(facts, loss, tap) ||
		isAlive(facts, loss, guest)
	) {
		return "excluded";
	}
	const silent = safe`nothing came in by ${tap} since, where ${nameGuest(guest)} is`;
	const isRead = findUnread(facts, loss, tap) === null;
	const isLikely = isRead && isSure && domain?.state === "running";
	return isLikely
		? likely(
				silent,
				safe`${domain.name} runs (virsh domstate ${shellWord(domain.name)})`,
			)
		: possible(silent);
}

function lookForIgnorance(facts: Facts, loss: Loss): Proof | "excluded" {
	const { journey, exchange } = loss;
	const guest = findQuietGuest(facts, loss);
	if (guest?.domain?.state === "paused") {
		return "excluded";
	}
	const tap = guest?.tap ?? null;
	const handed = safe`${journey?.summary ?? exchange.summary} was handed to ${tap ?? makeSafe("the VM's tap")}, and no REQUEST followed`;
	return tap !== null && hasSpokenSince(facts, loss, tap)
		? likely(handed, safe`the VM goes on sending by ${tap}`)
		: possible(handed);
}
