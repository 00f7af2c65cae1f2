import { addNs, type LogTime } from "../../src/model/capture.js";
import type { Direction } from "../../src/model/frame.js";
import type { Change, Hop, Journey } from "../../src/model/journey.js";
import { makeSafe } from "../../src/model/safe-text.js";

/** 2026-11-22T13:44:02.123456789Z; `date -u -d @1795355042` says so. */
export const start: LogTime = { seconds: 1_795_355_042, nanos: 123_456_789 };

/** A hop so many nanoseconds after `start`. */
export function hop(
	name: string | null,
	direction: Direction | null,
	elapsedNs: number,
	changed: readonly Change[] = [],
): Hop {
	return {
		interface: name === null ? null : makeSafe(name),
		direction,
		time: addNs(start, elapsedNs),
		elapsedNs,
		changed,
	};
}

/** A ping from vm1 that reached the uplink of its host, or what a test makes of it. */
export function journey(changes: Partial<Journey> = {}): Journey {
	return {
		id: 1,
		revision: 0,
		protocol: "icmp",
		message: "echo-request",
		summary: makeSafe("ICMP echo request 192.168.100.99 → 192.168.100.1 seq 0"),
		vm: null,
		mac: "52:54:00:cd:76:3a",
		source: "vm",
		destination: "router",
		ethernet: {
			source: "52:54:00:cd:76:3a",
			destination: "00:0d:b9:4a:1c:20",
		},
		addresses: { source: "192.168.100.99", destination: "192.168.100.1" },
		identifier: 7,
		sequence: 0,
		hops: [
			hop("vnet0", "in", 0),
			hop("br0", "in", 0),
			hop("ens3", "out", 37_200),
		],
		expected: ["vnet0", "br0", "ens3"].map((name) => makeSafe(name)),
		copies: [],
		train: null,
		reflectionOf: null,
		outcome: "delivered",
		lastSeen: makeSafe("ens3"),
		firstMissing: null,
		reason: null,
		...changes,
	};
}

/** An OFFER that the bridge took and vnet0 did not hand out. */
export function lostOffer(): Journey {
	return journey({
		id: 2,
		protocol: "dhcp",
		message: "offer",
		summary: makeSafe("DHCP OFFER 192.168.100.57 from 192.168.100.1"),
		hops: [hop("ens3", "in", 1_000_000), hop("br0", "in", 1_000_000)],
		outcome: "lost",
		lastSeen: makeSafe("br0"),
		firstMissing: makeSafe("vnet0"),
	});
}

/** A question to all that also went to another tap, of which nothing can be told. */
export function uncertainQuestion(): Journey {
	return journey({
		id: 3,
		protocol: "arp",
		message: "request",
		summary: makeSafe("ARP who-has 192.168.100.2 tell 192.168.100.1"),
		mac: null,
		hops: [hop("ens3", "in", 2_000_000), hop("br0", "in", 2_000_000)],
		copies: [hop("vnet1", "out", 9_000), hop("vnet0", "out", 11_000)],
		outcome: "inconclusive",
		lastSeen: makeSafe("br0"),
		firstMissing: makeSafe("vnet2"),
		reason: "vnet2.pcap ended 40 ms later, which is too early to know",
	});
}
