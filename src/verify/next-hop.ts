import type { Ipv4 } from "../model/address.js";
import { findQuestion } from "./contact.js";
import type { Evidence, LogState, TracedExchange, VmCard } from "./evidence.js";

/**
 * The exchanges that a card began by who-has or ping, in order of time; without those that
 * came in by another tap: two VMs may have one MAC address.
 */
export function listSaid(
	card: VmCard,
	evidence: Evidence,
	{ ports }: LogState,
): TracedExchange[] {
	const others = ports
		.filter(({ name, role }) => role === "tap" && name !== card.tap)
		.map(({ name }) => name);
	return evidence
		.exchangesOf(card, ({ exchange }) => exchange.protocol !== "dhcp")
		.filter((traced) => {
			const question = findQuestion(traced);
			const first = question?.hops[0]?.interface ?? null;
			const isOther =
				card.tap !== null && first !== null && others.includes(first);
			return question?.source === "vm" && !isOther;
		});
}

/**
 * The gateway that a VM was seen to send through: it asked for that address by ARP, and
 * sends to whoever answered what is for others, which it asks nobody for. Null: none.
 */
export function findNextHop(said: readonly TracedExchange[]): Ipv4 | null {
	const asked = said.filter(({ exchange }) => exchange.protocol === "arp");
	const targets = new Set(
		asked.map((traced) => findQuestion(traced)?.addresses.destination),
	);
	const hops = new Set(
		said
			.filter(({ exchange }) => exchange.protocol === "icmp")
			.flatMap((traced) => findQuestion(traced) ?? [])
			.filter(({ addresses }) => !targets.has(addresses.destination))
			.map(({ ethernet }) => ethernet?.destination ?? null),
	);
	const found = asked.findLast(({ exchange, journeys }) => {
		const answer = journeys.findLast(({ message }) => message === "reply");
		const mac = answer?.ethernet?.source ?? null;
		return exchange.outcome === "delivered" && mac !== null && hops.has(mac);
	});
	return (found && findQuestion(found)?.addresses.destination) ?? null;
}
