import type { Ipv4 } from "../../src/model/address.js";
import { addNs, type LogTime } from "../../src/model/capture.js";
import type { Exchange } from "../../src/model/exchange.js";
import type { Hop, Journey, Outcome, Party } from "../../src/model/journey.js";
import type { Port, PortRole } from "../../src/model/port.js";
import { makeSafe } from "../../src/model/safe-text.js";
import type { Topology } from "../../src/model/topology.js";
import { buildTopology } from "../../src/topology/build-topology.js";
import type { VerifyOptions } from "../../src/verify/assessment.js";
import {
	Evidence,
	type LogState,
	type TracedExchange,
} from "../../src/verify/evidence.js";
import type { Subject } from "../../src/verify/subject.js";
import { documentsOf } from "../topology/documents.js";
import { missionHost, vm1Mac } from "../topology/hosts.js";

/** When the attempts of a test begin. */
export const begin: LogTime = { seconds: 1_795_355_042, nanos: 0 };
export const router = "192.168.100.1";
export const vmIp = "192.168.100.57";

/** A message, and how far it got. */
export interface Said {
	readonly message: string;
	/** After `begin`, in milliseconds. */
	readonly atMs: number;
	readonly from?: Party;
	readonly outcome?: Outcome;
	/** Where it was seen, from its ingress on. */
	readonly path?: readonly string[];
	/** What it was expected to pass; as it was seen, unless it is given. */
	readonly expected?: readonly string[];
	readonly source?: Ipv4;
	readonly destination?: Ipv4;
	readonly to?: Party;
	readonly summary?: string;
}

const outwards = ["vnet0", "br0", "ens3"];
const fromServer = new Set(["offer", "ack", "nak", "reply", "echo-reply"]);
let nextJourney = 1;

/** A message of DHCP, ARP or ICMP as a journey. */
export function journeyOf(
	said: Said,
	protocol: Journey["protocol"],
	mac = vm1Mac,
): Journey {
	const { message, atMs, outcome = "delivered" } = said;
	const isAnswer = fromServer.has(message);
	const from = said.from ?? (isAnswer ? "router" : "vm");
	const path = said.path ?? (isAnswer ? outwards.toReversed() : outwards);
	const seen = outcome === "lost" ? path.slice(0, -1) : path;
	const isDhcp = protocol === "dhcp";
	const time = addNs(begin, atMs * 1e6);
	return {
		id: nextJourney++,
		revision: 0,
		protocol,
		message,
		summary: makeSafe(said.summary ?? `${protocol} ${message}`),
		vm: null,
		mac,
		source: from,
		destination: said.to ?? (isAnswer ? "vm" : "lan"),
		ethernet: {
			source: isAnswer ? "00:0d:b9:4a:1c:20" : mac,
			destination: null,
		},
		addresses: {
			source: said.source ?? (isAnswer ? router : isDhcp ? "0.0.0.0" : vmIp),
			destination:
				said.destination ??
				(isAnswer ? vmIp : isDhcp ? "255.255.255.255" : router),
		},
		identifier: null,
		sequence: null,
		hops: seen.map((name, index): Hop => {
			const elapsedNs = index * 10_000;
			const direction = index === seen.length - 1 ? "out" : "in";
			return {
				interface: makeSafe(name),
				direction: index === 0 ? "in" : direction,
				time: addNs(time, elapsedNs),
				elapsedNs,
				changed: [],
			};
		}),
		expected: (said.expected ?? path).map((name) => makeSafe(name)),
		copies: [],
		train: null,
		reflectionOf: null,
		outcome,
		lastSeen: makeSafe(seen.at(-1) ?? ""),
		firstMissing: outcome === "lost" ? makeSafe(path.at(-1) ?? "") : null,
		reason: outcome === "inconclusive" ? "it cannot be told" : null,
	};
}

let nextExchange = 1;

/** An exchange of these messages; what came of it is for the test to say. */
export function exchangeOf(
	said: readonly Said[],
	changes: Partial<Exchange> = {},
): TracedExchange {
	const protocol = changes.protocol ?? "dhcp";
	const mac = changes.mac ?? vm1Mac;
	const journeys = said.map((one) => journeyOf(one, protocol, mac));
	const last = journeys.at(-1);
	const ack = journeys.findLast(({ message }) => message === "ack");
	const outcome = changes.outcome ?? "delivered";
	const isLeased = outcome === "delivered" || outcome === "degraded";
	const id = nextExchange++;
	return {
		journeys,
		exchange: {
			id,
			revision: 0,
			protocol,
			vm: null,
			mac,
			xid: protocol === "dhcp" ? 0x1000 + id : null,
			server: journeys.some(({ message }) => fromServer.has(message))
				? router
				: null,
			messages: journeys.map((journey) => ({
				message: journey.message,
				journey: journey.id,
				outcome: journey.outcome,
			})),
			roundTrip: protocol === "dhcp" ? null : { vnet0: 70_000 },
			outcome,
			message: last?.message ?? "discover",
			lastSeen: last?.lastSeen ?? null,
			firstMissing: last?.firstMissing ?? null,
			reason: null,
			causes: [],
			lease:
				ack && isLeased
					? {
							address: vmIp,
							server: router,
							seconds: 3600,
							since: ack.hops[0]?.time ?? begin,
							routers: [router],
						}
					: null,
			summary: makeSafe(`${protocol} exchange`),
			since: journeys[0]?.hops[0]?.time ?? begin,
			...changes,
		},
	};
}

/** DISCOVER, OFFER, REQUEST and ACK in 31 ms. */
export function dora(
	atMs = 0,
	changes: Partial<Exchange> = {},
): TracedExchange {
	return exchangeOf(
		[
			{ message: "discover", atMs },
			{ message: "offer", atMs: atMs + 1 },
			{ message: "request", atMs: atMs + 29 },
			{ message: "ack", atMs: atMs + 30.98 },
		],
		changes,
	);
}

/** What these exchanges leave behind. */
export function evidenceOf(exchanges: readonly TracedExchange[]): Evidence {
	const evidence = new Evidence();
	for (const { exchange, journeys } of exchanges) {
		for (const journey of journeys) {
			evidence.noteJourney(journey);
		}
		evidence.noteExchange(exchange);
	}
	return evidence;
}

const roles: Readonly<Record<string, PortRole>> = {
	vnet0: "tap",
	br0: "bridge",
	ens3: "uplink",
	virbr0: "bridge",
	vnet2: "tap",
};

/** A log without the host's word that ended half a minute later. */
export function stateOf(changes: Partial<LogState> = {}): LogState {
	return {
		topology: null,
		toldAt: null,
		ports: Object.entries(roles).map(
			([name, role]): Port => ({
				name: makeSafe(name),
				role,
				isInferred: true,
				isPromiscuous: true,
				drops: 0,
				isContinuous: true,
				snapLength: 0,
				sources: new Set([0]),
			}),
		),
		addresses: [],
		end: addNs(begin, 30e9),
		...changes,
	};
}

/** A host with a bridge, a NAT network and VMs, in which all is well. */
export function hostTopology(): Topology {
	return buildTopology(documentsOf(missionHost()));
}

/** VM1 at vnet0. */
export const vm1: Subject = {
	name: makeSafe("VM1"),
	domain: null,
	cards: [{ mac: vm1Mac, tap: makeSafe("vnet0") }],
};

/** Nothing asked for, nothing known besides. */
export const options: VerifyOptions = {
	servers: [],
	gateway: null,
};
