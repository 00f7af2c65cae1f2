import type { Json } from "../model/host-document.js";
import { type Answer, ask, askAny, type Field } from "./packet.js";
import type { Match } from "./ruleset.js";
import { matchAddress, matchName, matchNumber, say } from "./value-test.js";

/** An object of JSON. */
export type JsonObject = { readonly [key: string]: Json };

/** How a value of a field is compared with one of a rule. */
type Compare = (value: string, wanted: string) => Answer;

const same: Compare = (value, wanted) => say(value === wanted);
const etherType: Compare = (value, wanted) =>
	/^\d/.test(wanted) ? "maybe" : say(value === wanted);
const name: Compare = (value, wanted) => say(matchName(value, wanted, "*"));
const mac: Compare = (value, wanted) => say(value === wanted.toLowerCase());

/** What nft calls the fields that vmpath knows of a packet (nft(8), libnftables-json(5)). */
const fields: Readonly<Record<string, readonly [Field, Compare]>> = {
	"meta iif": ["iif", same],
	"meta iifname": ["iif", name],
	"meta oif": ["oif", same],
	"meta oifname": ["oif", name],
	"meta l4proto": ["protocol", matchProtocol],
	"meta protocol": ["etherType", etherType],
	"meta nfproto": [
		"etherType",
		(value, wanted) => say(wanted === `${value}v4`),
	],
	"meta pkttype": ["packetType", matchPacketType],
	"ether saddr": ["etherSource", mac],
	"ether daddr": ["etherDestination", mac],
	"ether type": ["etherType", etherType],
	"ip saddr": ["ipSource", matchAddress],
	"ip daddr": ["ipDestination", matchAddress],
	"ip protocol": ["protocol", matchProtocol],
	"udp sport": ["sourcePort", matchNumber],
	"udp dport": ["destinationPort", matchNumber],
	"th sport": ["sourcePort", matchNumber],
	"th dport": ["destinationPort", matchNumber],
	"icmp type": ["icmpType", matchIcmpType],
	"ct state": ["ctState", same],
	"arp operation": ["arpOperation", matchOperation],
	"arp saddr ip": ["arpSourceIp", matchAddress],
	"arp daddr ip": ["arpTargetIp", matchAddress],
};

/** Protocols that no frame of ARP, DHCP or ICMP has: rules of them do not match. */
const otherProtocols = /^(tcp|sctp|udplite|dccp|ip6|icmpv6|esp|ah|comp|igmp) /;

/** Reads a `match` of a rule. One that vmpath does not know may match. */
export function readMatch({ op, left, right }: JsonObject): Match {
	if (otherProtocols.test(nameOf(left ?? null) ?? "")) {
		return () => "no";
	}
	const test = makeTest(left ?? null, right ?? null);
	if (test === null) {
		return () => "maybe";
	}
	const [field, compare] = test;
	if (op === "==" || op === "in") {
		return (packet) => ask(packet, field, compare);
	}
	return op === "!="
		? (packet) => ask(packet, field, compare, true)
		: () => "maybe";
}

/** The match that a key of a verdict map makes with one of its values. */
export function readChoice(key: Json, value: Json): Match {
	return readMatch({ op: "==", left: key, right: value });
}

function makeTest(
	left: Json,
	right: Json,
): readonly [Field, (value: string) => Answer] | null {
	const called = nameOf(left);
	const known = called === null ? undefined : fields[called];
	if (known === undefined) {
		return null;
	}
	const [field, compare] = known;
	return [field, (value) => compareWith(value, right, compare)];
}

function nameOf(left: Json): string | null {
	if (!isObject(left)) {
		return null;
	}
	const { payload, meta, ct } = left;
	if (isObject(payload)) {
		return `${payload.protocol} ${payload.field}`;
	}
	const [called, inner] = isObject(meta) ? ["meta", meta] : ["ct", ct];
	return isObject(inner) && inner.dir === undefined
		? `${called} ${inner.key}`
		: null;
}

/** A value, a list or set of them, a range, a prefix; a named set is not looked into. */
function compareWith(value: string, right: Json, compare: Compare): Answer {
	if (typeof right === "string") {
		return right.startsWith("@") ? "maybe" : compare(value, right);
	}
	if (typeof right === "number") {
		return compare(value, String(right));
	}
	if (Array.isArray(right)) {
		return askAny(right.map((one: Json) => compareWith(value, one, compare)));
	}
	if (!isObject(right)) {
		return "maybe";
	}
	const { set, range, prefix, elem } = right;
	if (set !== undefined) {
		return compareWith(value, set, compare);
	}
	if (isObject(elem)) {
		return compareWith(value, elem.val ?? null, compare);
	}
	if (Array.isArray(range)) {
		return compare(value, `${range[0]}-${range[1]}`);
	}
	return isObject(prefix)
		? compare(value, `${prefix.addr}/${prefix.len}`)
		: "maybe";
}

const protocolNumbers: Readonly<Record<string, string>> = {
	"1": "icmp",
	"6": "tcp",
	"17": "udp",
};

/** By name or number; a range of numbers is not one protocol. */
export function matchProtocol(value: string, wanted: string): Answer {
	return say(value === (protocolNumbers[wanted] ?? wanted));
}

const packetTypes = new Set(["broadcast", "multicast"]);

/** What is unicast may be for the host or for others. */
function matchPacketType(value: string, wanted: string): Answer {
	const isGroup = packetTypes.has(wanted);
	return isGroup || packetTypes.has(value) ? say(value === wanted) : "maybe";
}

const icmpTypes: Readonly<Record<string, string>> = {
	"echo-reply": "0",
	"destination-unreachable": "3",
	redirect: "5",
	"echo-request": "8",
	"time-exceeded": "11",
	"parameter-problem": "12",
};

/** By name or number. */
export function matchIcmpType(value: string, wanted: string): Answer {
	const number = icmpTypes[wanted] ?? wanted;
	return /^\d/.test(number) ? matchNumber(value, number) : "maybe";
}

function matchOperation(value: string, wanted: string): Answer {
	const number = { request: "1", reply: "2" }[wanted] ?? wanted;
	return /^\d+$/.test(number) ? say(value === number) : "no";
}

/** Whether a value of JSON is an object, and no list. */
export function isObject(value: Json | undefined): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
