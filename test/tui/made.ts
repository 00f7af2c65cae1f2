import { addNs, type LogTime } from "../../src/model/capture.js";
import type { Cause, Exchange } from "../../src/model/exchange.js";
import type { Protocol } from "../../src/model/frame.js";
import type { Hop, Journey, Outcome } from "../../src/model/journey.js";
import { makeSafe } from "../../src/model/safe-text.js";

/** When logs that are made here begin: 2026-11-22T12:49:06Z. */
export const made: LogTime = { seconds: 1_795_351_746, nanos: 0 };

/** What of a made journey matters. */
export interface MadeJourney {
	readonly id: number;
	/** After the begin. */
	readonly atNs?: number;
	readonly revision?: number;
	readonly vm?: string | null;
	readonly mac?: string | null;
	/** Where it passes, each port 10 µs after the one before. */
	readonly path?: readonly string[];
	/** Null: all of the path. Else it was seen at so many of its ports only. */
	readonly seen?: number | null;
	readonly outcome?: Outcome;
	readonly protocol?: Protocol;
	readonly source?: Journey["source"];
	readonly destination?: Journey["destination"];
	readonly summary?: string;
	readonly ethernet?: Journey["ethernet"];
}

/** From one port of the path to the next, in nanoseconds. */
export const stepNs = 10_000;

/** A journey of a VM outwards, delivered unless something else is asked for. */
export function makeJourney(wanted: MadeJourney): Journey {
	const { id, atNs = 0, path = ["vnet0", "br0", "ens3"] } = wanted;
	const { outcome = "delivered", protocol = "icmp" } = wanted;
	const isLost = outcome === "lost";
	const seen = wanted.seen ?? (isLost ? path.length - 1 : path.length);
	const mac = wanted.mac === undefined ? "52:54:00:cd:76:3a" : wanted.mac;
	const { vm = null, source = "vm", destination = "router" } = wanted;
	const expected = path.map((name) => makeSafe(name));
	const hops = expected.slice(0, seen).map(
		(name, index): Hop => ({
			interface: name,
			direction: index === path.length - 1 ? "out" : "in",
			time: addNs(made, atNs + index * stepNs),
			elapsedNs: index * stepNs,
			changed: [],
		}),
	);
	return {
		id,
		revision: wanted.revision ?? 0,
		protocol,
		message: "echo-request",
		summary: makeSafe(
			wanted.summary ??
				`ICMP echo request 192.168.100.57 → 192.168.100.1 seq ${id}`,
		),
		vm: vm === null ? null : makeSafe(vm),
		mac,
		source,
		destination,
		ethernet:
			wanted.ethernet ??
			(mac === null ? null : { source: mac, destination: null }),
		addresses: { source: "192.168.100.57", destination: "192.168.100.1" },
		identifier: 7,
		sequence: id,
		hops,
		expected,
		copies: [],
		train: null,
		reflectionOf: null,
		outcome,
		lastSeen: expected[seen - 1] ?? null,
		firstMissing: isLost ? (expected[seen] ?? null) : null,
		reason: outcome === "inconclusive" ? "capture ended" : null,
	};
}

/** What of a made exchange matters. */
export interface MadeExchange {
	readonly id: number;
	/** After the begin. */
	readonly atNs?: number;
	readonly revision?: number;
	readonly vm?: string | null;
	readonly mac?: string | null;
	readonly protocol?: Protocol;
	readonly journeys?: readonly number[];
	readonly outcome?: Exchange["outcome"];
	readonly lastSeen?: string | null;
	readonly firstMissing?: string | null;
	readonly causes?: readonly string[];
	readonly lease?: Exchange["lease"];
	readonly server?: string | null;
}

/** An exchange of a VM, delivered unless something else is asked for. */
export function makeExchange(wanted: MadeExchange): Exchange {
	const { id, atNs = 0, journeys = [], outcome = "delivered" } = wanted;
	const { vm = null, mac = "52:54:00:cd:76:3a", lease = null } = wanted;
	const { lastSeen = null, firstMissing = null, server = null } = wanted;
	return {
		id,
		revision: wanted.revision ?? 0,
		protocol: wanted.protocol ?? "icmp",
		vm: vm === null ? null : makeSafe(vm),
		mac,
		xid: null,
		server,
		messages: journeys.map((journey) => ({
			message: "echo-request",
			journey,
			outcome: "delivered",
		})),
		roundTrip: null,
		outcome,
		message: "echo-request",
		lastSeen: lastSeen === null ? null : makeSafe(lastSeen),
		firstMissing: firstMissing === null ? null : makeSafe(firstMissing),
		reason: null,
		causes: (wanted.causes ?? []).map(
			(cause): Cause => ({
				id: cause,
				certainty: "likely",
				evidence: [`what shows ${cause}`],
				fix: `mend ${cause}`,
			}),
		),
		lease,
		summary: makeSafe(
			`ICMP echo request 192.168.100.57 → 192.168.100.1 seq ${id}`,
		),
		since: addNs(made, atNs),
	};
}
