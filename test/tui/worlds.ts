import { addNs } from "../../src/model/capture.js";
import type { Cause, Exchange } from "../../src/model/exchange.js";
import type { Journey } from "../../src/model/journey.js";
import { makeSafe } from "../../src/model/safe-text.js";
import type {
	Details,
	ListRow,
	Loss,
	PathPicture,
	PathPort,
	VmState,
	World,
} from "../../src/tui/world.js";
import { exchange } from "../show/exchanges.js";
import { hop, journey, start } from "../show/journeys.js";

/** A world in which nothing happened yet, or what a test makes of it. */
export function world(changes: Partial<World> = {}): World {
	return {
		version: 1,
		now: null,
		begin: null,
		end: null,
		isOpen: true,
		vms: [],
		topology: null,
		path: null,
		rows: [],
		hidden: 0,
		lanBroadcasts: 0,
		findings: [],
		troubles: [],
		health: {
			engine: "packet",
			framesRead: 0,
			framesRelevant: 0,
			dropped: 0,
			interfaces: [],
			forgotten: 0,
			notices: [],
		},
		...changes,
	};
}

export function port(
	name: string,
	kind: PathPort["kind"],
	changes: Partial<PathPort> = {},
): PathPort {
	const { lostToNext = 0, lostFromNext = 0, causes = [] } = changes;
	const ways = { outwards: lostToNext, inwards: lostFromNext } as const;
	const losses = (["outwards", "inwards"] as const).flatMap((way): Loss[] => {
		const count = ways[way];
		return count === 0
			? []
			: [{ way, count, causes, last: null, isOver: false }];
	});
	return {
		name: makeSafe(name),
		kind,
		state: "up",
		counts: { dhcp: 4, arp: 12, icmp: 40 },
		toNextNs: null,
		lostToNext: 0,
		lostFromNext: 0,
		causes: [],
		losses,
		...changes,
	};
}

export function vm(name: string, changes: Partial<VmState> = {}): VmState {
	return {
		key: name,
		name: makeSafe(name),
		state: makeSafe("running"),
		macs: [makeSafe("52:54:00:cd:76:3a")],
		taps: [makeSafe("vnet0")],
		address: makeSafe("192.168.100.57"),
		addressSource: "lease",
		dhcp: exchange({ vm: makeSafe(name) }),
		outcome: "delivered",
		causes: [],
		journeys: 120,
		lost: 0,
		...changes,
	};
}

export function path(
	ports: readonly PathPort[],
	changes: Partial<PathPicture> = {},
): PathPicture {
	return {
		vm: makeSafe("VM1"),
		mac: makeSafe("52:54:00:cd:76:3a"),
		ports,
		routedAfter: null,
		gateway: {
			address: makeSafe("192.168.100.1"),
			is: "gateway, DHCP server",
		},
		isInferred: false,
		...changes,
	};
}

/** A ping of VM1, its answer, and so on, 100 ms apart, over these ports. */
export function pings(
	count: number,
	names: readonly string[] = ["vnet0", "br0", "ens3"],
): ListRow[] {
	return Array.from({ length: count }, (_, index) => {
		const isReply = index % 2 === 1;
		const at = index * 100_000_000;
		const order = isReply ? names.toReversed() : names;
		const [from, to] = isReply
			? ["192.168.100.1", "192.168.100.57"]
			: ["192.168.100.57", "192.168.100.1"];
		const kind = isReply ? "reply" : "request";
		const hops = order.map((name, place) => ({
			...hop(name, place < 2 ? "in" : "out", at + elapsedAt(place)),
			elapsedNs: elapsedAt(place),
		}));
		return journeyRow(
			journey({
				id: 100 + index,
				vm: makeSafe("VM1"),
				message: `echo-${kind}`,
				summary: makeSafe(
					`ICMP echo ${kind} ${from} → ${to} seq ${Math.floor(index / 2) + 1}`,
				),
				source: isReply ? "router" : "vm",
				destination: isReply ? "vm" : "router",
				hops,
				expected: order.map((name) => makeSafe(name)),
				lastSeen: makeSafe(order.at(-1) ?? ""),
			}),
		);
	});
}

/** A bridge's copy has the time of the port before it. */
function elapsedAt(place: number): number {
	return place < 2 ? 0 : 24_100 * (place - 1);
}

export function journeyRow(one: Journey): ListRow {
	return { kind: "journey", journey: one, key: `j${one.id}` };
}

export function exchangeRow(one: Exchange): ListRow {
	return { kind: "exchange", exchange: one, key: `x${one.id}` };
}

/** Finds journeys and exchanges among the rows of a world. */
export function detailsOf({ rows }: World): Details {
	const journeys = rows.flatMap((row) =>
		row.kind === "journey" ? [row.journey] : [],
	);
	const exchanges = rows.flatMap((row) =>
		row.kind === "exchange" ? [row.exchange] : [],
	);
	return {
		journey: (id) => journeys.find((one) => one.id === id) ?? null,
		exchange: (id) => exchanges.find((one) => one.id === id) ?? null,
		exchangeOf: (id) =>
			exchanges.find(({ messages }) =>
				messages.some((message) => message.journey === id),
			) ?? null,
		frameAt: () => null,
	};
}

export const halfOpen: Cause = {
	id: "bridge-netfilter-half-open",
	certainty: "likely",
	evidence: [
		"bridged frames pass the rules for routed packets (sysctl net.bridge.bridge-nf-call-iptables: 1)",
	],
	fix: "sysctl -w net.bridge.bridge-nf-call-iptables=0 (and in /etc/sysctl.d, to keep it)",
};

/** DISCOVER and OFFER so many times; the OFFER is lost at the bridge, or comes through. */
export function handshakes(count: number, isLost: boolean): ListRow[] {
	const name = makeSafe("VM1");
	const rows = Array.from({ length: count }, (_, index) => {
		const at = index * 1_020_000_000;
		const offerHops = isLost ? ["ens3", "br0"] : ["ens3", "br0", "vnet0"];
		return [
			journey({
				id: 10 + 2 * index,
				vm: name,
				protocol: "dhcp",
				message: "discover",
				summary: makeSafe("DHCP DISCOVER (vm1)"),
				hops: [
					hop("vnet0", "in", at),
					hop("br0", "in", at),
					{ ...hop("ens3", "out", at + 47_400), elapsedNs: 47_400 },
				].map((one, place) => (place < 2 ? { ...one, elapsedNs: 0 } : one)),
				copies: [hop("vnet1", "out", at)],
			}),
			journey({
				id: 11 + 2 * index,
				vm: name,
				protocol: "dhcp",
				message: "offer",
				source: "router",
				destination: "vm",
				summary: makeSafe("DHCP OFFER 192.168.100.57 from 192.168.100.1"),
				hops: offerHops.map((port) => ({
					...hop(port, "in", at + 400_000),
					elapsedNs: 0,
				})),
				outcome: isLost ? "lost" : "delivered",
				lastSeen: makeSafe(isLost ? "br0" : "vnet0"),
				firstMissing: isLost ? makeSafe("vnet0") : null,
			}),
		];
	}).flat();
	return rows.map(journeyRow);
}

export function lostOffers(count: number): Exchange {
	return exchange({
		vm: makeSafe("VM1"),
		messages: Array.from({ length: count }, (_, index) => [
			{
				message: "discover",
				journey: 10 + 2 * index,
				outcome: "delivered" as const,
			},
			{ message: "offer", journey: 11 + 2 * index, outcome: "lost" as const },
		]).flat(),
		outcome: "lost",
		message: "offer",
		lastSeen: makeSafe("br0"),
		firstMissing: makeSafe("vnet0"),
		lease: null,
		causes: [halfOpen],
		summary: makeSafe(`DHCP DISCOVER ×${count}, OFFER ×${count}`),
		since: addNs(start, 0),
	});
}
