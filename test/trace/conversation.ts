import { addNs, elapsedNs, type LogTime } from "../../src/model/capture.js";
import { dhcpType } from "../../src/model/dhcp.js";
import type { Exchange } from "../../src/model/exchange.js";
import type { Direction, Frame } from "../../src/model/frame.js";
import type { Sighting } from "../../src/model/journey.js";
import { makeSafe } from "../../src/model/safe-text.js";
import { ExchangeBook } from "../../src/trace/exchanges.js";
import type { FindGap } from "../../src/trace/judge-exchange.js";
import { PortBook } from "../../src/trace/ports.js";
import { Tracer } from "../../src/trace/tracer.js";

export const vm = { mac: "52:54:00:00:00:01", ip: "10.0.0.9" };
export const router = { mac: "00:0d:b9:00:00:01", ip: "10.0.0.1" };

/** When a conversation begins. */
export const start: LogTime = { seconds: 1_000, nanos: 0 };

/** A frame of a conversation, and how far it gets. */
export interface Said {
	/** Since the begin, in milliseconds. */
	readonly atMs: number;
	/** `up` from the VM's tap to the uplink, `down` the other way. */
	readonly way: "up" | "down";
	readonly frame: Frame;
	/** It is not seen at the last port of its way. */
	readonly isLost: boolean;
}

const ways = {
	up: ["vnet0", "br0", "ens3"],
	down: ["ens3", "br0", "vnet0"],
} as const;

/**
 * Plays frames through a healthy host (`vnet0`, `br0`, `ens3`, all captured, directions
 * told) until `untilMs`, and returns every exchange as often as it was told.
 *
 * @param gapAt a port that was not captured when an answer had to come, or when it was not
 */
export function converse(
	said: readonly Said[],
	untilMs: number,
	gapAt: string | FindGap | null = null,
): Exchange[] {
	const told: Exchange[] = [];
	const book = new PortBook(new Map());
	const end = addNs(start, untilMs * 1e6);
	const atMost = (time: LogTime) => (elapsedNs(time, end) < 0 ? end : time);
	const tracer = new Tracer({
		ports: book.list,
		coverage: {
			gapAt: (_port, time) =>
				elapsedNs(time, end) < 1e9 ? "the capture ended" : null,
		},
		emit: (journey, trip, now) => {
			exchanges.advance(atMost(now));
			exchanges.take(trip, journey, atMost(now));
		},
	});
	const exchanges = new ExchangeBook(
		tracer.whereabouts,
		typeof gapAt === "function"
			? gapAt
			: (port) => (port === gapAt ? `${port} was not captured` : null),
		(exchange) => told.push(exchange),
	);
	for (const sighting of said.flatMap((each, at) =>
		toSightings(each, at, book),
	)) {
		tracer.take(sighting);
	}
	tracer.advance(end);
	exchanges.advance(end);
	tracer.finish(null);
	exchanges.finish(end);
	return told;
}

function toSightings(
	{ atMs, way, frame, isLost }: Said,
	fingerprint: number,
	book: PortBook,
): Sighting[] {
	const names = isLost ? ways[way].slice(0, 2) : ways[way];
	return names.map((name, at): Sighting => {
		const direction: Direction = at === 2 ? "out" : "in";
		return {
			port: book.named(makeSafe(name), 0),
			time: addNs(start, atMs * 1e6 + (at === 2 ? 20_000 : 0)),
			direction,
			frame,
			captured: 100,
			length: 100,
			source: 0,
			number: fingerprint,
			fingerprint,
			routedFingerprint: null,
		};
	});
}

const nothing: Frame = {
	protocol: null,
	direction: null,
	interfaceIndex: null,
	ethernet: null,
	vlans: [],
	arp: null,
	ipv4: null,
	udp: null,
	icmp: null,
	dhcp: null,
	bodyStart: 0,
	bodyEnd: 1,
	problem: null,
};

function ethernetOf(way: Said["way"], destination?: string) {
	const [source, other] = way === "up" ? [vm, router] : [router, vm];
	return { source: source.mac, destination: destination ?? other.mac };
}

function ipv4Of(source: string, destination: string, protocol: number) {
	return {
		source,
		destination,
		ttl: 64,
		id: 0,
		protocol,
		totalLength: 86,
		fragmentOffset: 0,
		moreFragments: false,
		dontFragment: false,
		checksum: "good",
	} as const;
}

/** What of a DHCP message a test wants otherwise. */
export interface DhcpWords {
	readonly server?: string;
	readonly xid?: number;
	readonly relay?: string;
	readonly text?: string;
}

const fromServer: readonly string[] = ["offer", "ack", "nak"];

/** A DHCP message between the VM and a server on the LAN. */
export function dhcp(
	type: keyof typeof dhcpType,
	atMs: number,
	fate: "arrives" | "lost" = "arrives",
	words: DhcpWords = {},
): Said {
	const isAnswer = fromServer.includes(type);
	const way = isAnswer ? "down" : "up";
	const server = words.server ?? router.ip;
	const grants = isAnswer && type !== "nak" ? vm.ip : "0.0.0.0";
	const frame: Frame = {
		...nothing,
		protocol: "dhcp",
		ethernet: ethernetOf(way, isAnswer ? vm.mac : "ff:ff:ff:ff:ff:ff"),
		ipv4: ipv4Of(isAnswer ? server : "0.0.0.0", "255.255.255.255", 17),
		udp: {
			sourcePort: isAnswer ? 67 : 68,
			destinationPort: isAnswer ? 68 : 67,
			length: 308,
			checksum: "good",
		},
		dhcp: {
			operation: isAnswer ? 2 : 1,
			messageType: dhcpType[type],
			transactionId: words.xid ?? 0x3903f326,
			seconds: 0,
			broadcast: false,
			hops: 0,
			clientMac: vm.mac,
			clientIp: "0.0.0.0",
			yourIp: grants,
			serverIp: "0.0.0.0",
			relayIp: words.relay ?? "0.0.0.0",
			serverIdentifier: isAnswer ? server : null,
			requestedIp: null,
			leaseSeconds: type === "ack" ? 3600 : null,
			renewalSeconds: null,
			rebindingSeconds: null,
			subnetMask: null,
			routers: [],
			dns: [],
			hostName: null,
			domainName: null,
			vendorClass: null,
			clientId: null,
			message: words.text === undefined ? null : makeSafe(words.text),
			interfaceMtu: null,
			rapidCommit: false,
			classlessRoutes: [],
			relayAgent: null,
		},
	};
	return { atMs, way, frame, isLost: fate === "lost" };
}

/** A who-has of the VM for an address, or the router's answer to it. */
export function arp(
	operation: "request" | "reply",
	atMs: number,
	address: string = router.ip,
	fate: "arrives" | "lost" = "arrives",
): Said {
	const isAnswer = operation === "reply";
	const way = isAnswer ? "down" : "up";
	const frame: Frame = {
		...nothing,
		protocol: "arp",
		ethernet: ethernetOf(way, isAnswer ? vm.mac : "ff:ff:ff:ff:ff:ff"),
		arp: {
			operation: isAnswer ? 2 : 1,
			senderMac: isAnswer ? router.mac : vm.mac,
			senderIp: isAnswer ? address : vm.ip,
			targetMac: isAnswer ? vm.mac : "00:00:00:00:00:00",
			targetIp: isAnswer ? vm.ip : address,
		},
	};
	return { atMs, way, frame, isLost: fate === "lost" };
}

/** Who asks for an address, or answers for it. */
export interface Neighbor {
	readonly mac: string;
	readonly ip: string;
}

/** By whom a test has an address checked, and which; by the router, the VM's to be. */
interface CheckWords {
	readonly by?: Neighbor;
	readonly of?: string;
	/** From the VM's tap; else from the uplink. */
	readonly isFromTap?: boolean;
}

/** What a check of an address, or somebody's use of it, sends. */
export function check(
	kind: "who-has" | "echo" | "is-at" | "reply",
	atMs: number,
	{ by = router, of = vm.ip, isFromTap = false }: CheckWords = {},
): Said {
	const isAsked = kind === "who-has" || kind === "echo";
	const ethernet = {
		source: by.mac,
		destination: isAsked ? "ff:ff:ff:ff:ff:ff" : router.mac,
	};
	const [senderIp, targetIp] = isAsked ? [by.ip, of] : [of, router.ip];
	const isArp = kind === "who-has" || kind === "is-at";
	const frame: Frame = isArp
		? {
				...nothing,
				protocol: "arp",
				ethernet,
				arp: {
					operation: isAsked ? 1 : 2,
					senderMac: by.mac,
					senderIp,
					targetMac: isAsked ? "00:00:00:00:00:00" : router.mac,
					targetIp,
				},
			}
		: {
				...nothing,
				protocol: "icmp",
				ethernet,
				ipv4: ipv4Of(senderIp, targetIp, 1),
				icmp: {
					type: isAsked ? echoTypes.request : echoTypes.reply,
					code: 0,
					identifier: 99,
					sequence: 0,
					checksum: "good",
					quoted: null,
					mtu: null,
					gateway: null,
				},
			};
	return { atMs, way: isFromTap ? "up" : "down", frame, isLost: false };
}

const echoTypes = { request: 8, reply: 0, unreachable: 3, redirect: 5 };

/** A ping of the VM to the router, its reply, an error or a redirect about it. */
export function echo(
	kind: keyof typeof echoTypes,
	atMs: number,
	sequence = 1,
	fate: "arrives" | "lost" = "arrives",
): Said {
	const way = kind === "request" ? "up" : "down";
	const asked = ipv4Of(vm.ip, router.ip, 1);
	const head = { code: 0, identifier: 7, sequence };
	const type = echoTypes[kind];
	const isError = kind === "unreachable" || kind === "redirect";
	const quoted = { ipv4: asked, icmp: { type: 8, ...head }, ports: null };
	const frame: Frame = {
		...nothing,
		protocol: "icmp",
		ethernet: ethernetOf(way),
		ipv4: way === "up" ? asked : ipv4Of(router.ip, vm.ip, 1),
		icmp: {
			type,
			code: 0,
			identifier: isError ? null : 7,
			sequence: isError ? null : sequence,
			checksum: "good",
			quoted: isError ? quoted : null,
			mtu: null,
			gateway: null,
		},
	};
	return { atMs, way, frame, isLost: fate === "lost" };
}
