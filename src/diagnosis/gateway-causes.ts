import type { Mac } from "../model/address.js";
import { makeSafe } from "../model/safe-text.js";
import { listNames, safe } from "../topology/safe-template.js";
import {
	type CauseDefinition,
	likely,
	type Proof,
	possible,
	proven,
} from "./cause-definition.js";
import type { Facts } from "./facts.js";
import { findDeafness, findGatewayAddresses } from "./gateway-lookup.js";
import type { Loss } from "./loss.js";
import { findHome } from "./target-home.js";

/** VRRP's virtual MAC addresses (RFC 5798): several routers may answer with them. */
const virtualRouter = /^00:00:5e:00:01:/;

/** Faults of the gateway, of routers behind it, and of addresses. */
export const gatewayCauses: readonly CauseDefinition[] = [
	{
		id: "gateway-silent",
		rank: 1,
		signatures: [
			{
				kinds: ["unanswered"],
				mode: "bridged",
				protocols: ["arp"],
				lastSeen: ["uplink"],
			},
		],
		look: lookForGateway,
		check: () => safe`ip neigh show`,
		fix: (_, { journey }) =>
			safe`look at the gateway ${makeSafe(journey?.addresses.destination ?? "")}: is it up, and in this network`,
	},
	{
		id: "icmp-error",
		rank: 5,
		signatures: [{ kinds: ["refused"], protocols: ["icmp"] }],
		look: (_, { journey, exchange }) =>
			journey === null
				? likely(safe`refused by ${makeSafe(exchange.server ?? "?")}`)
				: proven(journey.summary),
		check: () => safe`ip route get ADDRESS`,
		fix: (_, { message, exchange }) => {
			const sender = makeSafe(exchange.server ?? "its sender");
			return message === "time-exceeded"
				? safe`look for a routing loop at ${sender}`
				: safe`look at the routes and rules of ${sender}, which sent it`;
		},
	},
	{
		id: "duplicate-ip",
		rank: 1,
		signatures: [{ kinds: ["contested"], protocols: ["arp"] }],
		look: lookForTwins,
		check: () => safe`arping -D ADDRESS`,
		fix: (_, { messages }) => {
			const reply = messages.find(({ message }) => message === "reply");
			return safe`give one of the two another address than ${makeSafe(reply?.addresses.source ?? "")}`;
		},
	},
];

/** Only the gateway is known to be there: another address may belong to nobody. */
function lookForGateway(facts: Facts, loss: Loss): Proof | "excluded" {
	const { journey, exchange, lastSeen } = loss;
	const asked = journey?.addresses.destination ?? null;
	const isGateway =
		asked !== null && findGatewayAddresses(facts, loss).includes(asked);
	if (!isGateway || findHome(asked, facts) !== null) {
		return "excluded";
	}
	const seen = safe`${exchange.summary}: asked ${exchange.messages.length} times beyond ${lastSeen ?? makeSafe("?")}, no answer`;
	const state = findDeafness(facts, asked);
	return state === null
		? possible(seen)
		: proven(
				seen,
				safe`the host itself gets no answer either: ${state} (ip neigh show ${makeSafe(asked)})`,
			);
}

/**
 * Two machines answer for one address. Two VMs of this host cannot be meant to; what else
 * answers may be a router that does so for others, or one machine with two cards.
 */
function lookForTwins(
	{ topology }: Facts,
	{ messages }: Loss,
): Proof | "excluded" {
	const replies = messages.filter(({ message }) => message === "reply");
	const macs = [
		...new Set(replies.flatMap(({ ethernet }) => ethernet?.source ?? [])),
	];
	const isOne = macs.some((mac) => virtualRouter.test(mac));
	const ports = new Set(replies.map(({ hops: [first] }) => first?.interface));
	const owners = macs.map((mac) => ownerOf(mac, topology));
	const known = owners.filter((owner) => owner !== null);
	const isOwn = new Set(known).size < known.length;
	if (isOne || isOwn || ports.size < 2) {
		return "excluded";
	}
	const seen = safe`${makeSafe(replies[0]?.addresses.source ?? "?")} is answered for by ${listNames(
		replies.map(
			({ ethernet, hops: [first] }) =>
				safe`${makeSafe(ethernet?.source ?? "?")} at ${first?.interface ?? makeSafe("?")}`,
		),
	)}`;
	return known.length >= 2 ? proven(seen) : likely(seen);
}

/** The VM that has a MAC address, or the host itself. */
function ownerOf(mac: Mac, topology: Facts["topology"]): string | null {
	const domain = topology?.domains.find(({ nics }) =>
		nics.some((nic) => nic.mac === mac),
	);
	const isHosts = topology?.ports.some(
		(port) => port.mac === mac && port.role !== "tap",
	);
	return domain?.name ?? (isHosts ? "" : null);
}
