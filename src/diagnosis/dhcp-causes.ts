import type { Journey } from "../model/journey.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import { listNames, safe } from "../topology/safe-template.js";
import {
	type CauseDefinition,
	likely,
	type Proof,
	possible,
	proven,
	type Signature,
} from "./cause-definition.js";
import type { Facts } from "./facts.js";
import { findPort, roleOf } from "./host-lookup.js";
import type { Loss } from "./loss.js";

/** The question left the host, and nothing came back. */
export const unansweredOutside: Signature = {
	kinds: ["unanswered"],
	mode: "bridged",
	protocols: ["dhcp"],
	lastSeen: ["uplink"],
};

/** Faults of DHCP servers, and of what lies between them and the host. */
export const dhcpCauses: readonly CauseDefinition[] = [
	{
		id: "dhcp-server-silent",
		rank: 40,
		signatures: [
			unansweredOutside,
			{
				kinds: ["unanswered"],
				mode: "nat",
				protocols: ["dhcp"],
				lastSeen: ["bridge"],
			},
		],
		look: lookForSilence,
		check: () => safe`the server's log`,
		fix: (_, { mode }) =>
			mode === "nat"
				? safe`look at the log of the DHCP server: journalctl -t dnsmasq-dhcp`
				: safe`look at the DHCP server and its log: is it up, has it a range for this network and addresses left`,
	},
	{
		id: "dhcp-nak",
		rank: 1,
		signatures: [{ kinds: ["refused"], protocols: ["dhcp"] }],
		look: (_, { journey, messages }) =>
			journey?.message === "nak" && serversOf(messages).size < 2
				? proven(safe`${journey.summary}, from ${sender(journey)}`)
				: "excluded",
		check: () => safe`the guest's own log`,
		fix: () =>
			safe`in the guest, forget the old lease and ask anew: dhclient -r; dhclient (or networkctl renew, nmcli connection up)`,
	},
	{
		id: "rogue-dhcp-server",
		rank: 1,
		signatures: [{ kinds: ["contested"], protocols: ["dhcp"] }],
		look: lookForRogue,
		check: () => safe`tcpdump -eni any udp port 67`,
		fix: (facts, { messages }) => {
			const [rogue] = findRogues(facts, messages);
			const name = makeSafe(rogue?.addresses.source ?? "");
			return rogue === undefined
				? safe`stop the one that is not meant to serve here; two of one pair are no fault`
				: safe`stop the DHCP server ${name}, at ${sender(rogue)}; the nwfilter no-dhcp-server keeps a VM's quiet`;
		},
	},
];

/** Unicast for the VM that comes back by other ways shows that the LAN lets it in. */
function lookForSilence(facts: Facts, loss: Loss): Proof | null {
	const { mac, messages } = loss.exchange;
	const asked = messages.filter(({ message }) => message === loss.message);
	const count = safe`${makeSafe(loss.message.toUpperCase())} sent ${asked.length} times, no answer seen`;
	const isReached = mac !== null && facts.memory.lastReached(mac) !== null;
	if (loss.mode === "nat") {
		return possible(count);
	}
	return isReached
		? likely(
				count,
				safe`other frames from beyond the host reach ${makeSafe(mac)}`,
			)
		: { ...possible(count), isAmbiguous: true };
}

function sender({ ethernet, hops }: Journey): SafeText {
	const mac = makeSafe(ethernet?.source ?? "?");
	return safe`${mac} at ${hops[0]?.interface ?? makeSafe("?")}`;
}

/**
 * Where an OFFER first appears locates its server. Two servers of a LAN may be a pair; one
 * in a VM, or on this host where it has no network to serve, was not asked for.
 */
function lookForRogue(facts: Facts, { messages }: Loss): Proof {
	const offers = offersOf(messages);
	const all = safe`${serversOf(messages).size} servers answered: ${listNames(offers.map((offer) => safe`${serverOf(offer)} from ${sender(offer)}`))}`;
	const [rogue] = findRogues(facts, messages);
	return rogue === undefined
		? { ...possible(all), isAmbiguous: true }
		: proven(all, safe`the one of ${serverOf(rogue)} is made here`);
}

/** Of each server the first. */
function offersOf(messages: readonly Journey[]): Journey[] {
	const offers = messages.filter(({ message }) => message === "offer");
	const byServer = new Map(
		offers.toReversed().map((offer) => [serverOf(offer), offer]),
	);
	return [...byServer.values()].reverse();
}

function serversOf(messages: readonly Journey[]): Set<SafeText> {
	return new Set(offersOf(messages).map(serverOf));
}

function serverOf({ addresses }: Journey): SafeText {
	return makeSafe(addresses.source ?? "?");
}

/** Offers that were made by a VM, or by this host itself, beside others of the LAN. */
function findRogues(
	{ topology }: Facts,
	messages: readonly Journey[],
): Journey[] {
	const offers = offersOf(messages);
	const own = offers.filter(({ hops: [first] }) => {
		const port = first?.interface ?? null;
		const role = roleOf(port, topology);
		const isVms = role === "tap" && first?.direction === "in";
		const isHosts =
			role === "bridge" &&
			first?.direction === "out" &&
			findPort(port, topology) !== null;
		return isVms || isHosts;
	});
	return own.length === offers.length ? [] : own;
}
