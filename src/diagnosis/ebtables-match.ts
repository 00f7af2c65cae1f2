import { matchProtocol } from "./nft-match.js";
import { type Answer, ask, type Field } from "./packet.js";
import type { Match } from "./ruleset.js";
import type { SaveOption } from "./save-words.js";
import { matchAddress, matchName, matchNumber, say } from "./value-test.js";

type Compare = (value: string, wanted: string) => Answer;

const name: Compare = (value, wanted) => say(matchName(value, wanted, "+"));

/** Options of ebtables(8) by the field that must have their value. */
const fields: Readonly<Record<string, readonly [Field, Compare]>> = {
	"-i": ["iif", name],
	"-o": ["oif", name],
	"-s": ["etherSource", matchMac],
	"-d": ["etherDestination", matchMac],
	"-p": ["etherType", matchEtherType],
	"--ip-proto": ["protocol", matchProtocol],
	"--ip-protocol": ["protocol", matchProtocol],
	"--ip-src": ["ipSource", matchAddress],
	"--ip-dst": ["ipDestination", matchAddress],
	"--ip-sport": ["sourcePort", matchNumber],
	"--ip-dport": ["destinationPort", matchNumber],
	"--arp-op": ["arpOperation", matchOperation],
	"--arp-opcode": ["arpOperation", matchOperation],
	"--arp-ip-src": ["arpSourceIp", matchAddress],
	"--arp-ip-dst": ["arpTargetIp", matchAddress],
	"--pkttype-type": ["packetType", (value, wanted) => say(value === wanted)],
};

/** The match that an option makes; null: none. One that vmpath does not know may match. */
export function ebtablesMatch({
	name: option,
	values,
	isNegated,
}: SaveOption): Match | null {
	if (option === "-c") {
		return null;
	}
	const known = fields[option];
	if (known === undefined) {
		return () => "maybe";
	}
	const [field, compare] = known;
	const wanted = values[0] ?? "";
	return (packet) =>
		ask(packet, field, (value) => compare(value, wanted), isNegated);
}

const groups: Readonly<Record<string, string>> = {
	broadcast: "ff:ff:ff:ff:ff:ff",
	bga: "01:80:c2:00:00:00",
};

/** A MAC address, or a name that ebtables has for one; with a mask it may match. */
function matchMac(value: string, wanted: string): Answer {
	const lower = wanted.toLowerCase();
	const address = groups[lower] ?? normalize(lower);
	return /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(address)
		? say(value === address)
		: "maybe";
}

/** ebtables of old leaves out leading zeros: `52:54:0:cd:76:3a`. */
function normalize(mac: string): string {
	return mac
		.split(":")
		.map((part) => part.padStart(2, "0"))
		.join(":");
}

const etherTypes: Readonly<Record<string, string>> = {
	IPv4: "ip",
	"0x0800": "ip",
	"0x800": "ip",
	ARP: "arp",
	"0x0806": "arp",
	"0x806": "arp",
};

/** Frames of vmpath are of IPv4 or ARP: any other type is not theirs. */
function matchEtherType(value: string, wanted: string): Answer {
	return say(value === etherTypes[wanted]);
}

const operations: Readonly<Record<string, string>> = {
	Request: "1",
	Reply: "2",
};

function matchOperation(value: string, wanted: string): Answer {
	return say(value === (operations[wanted] ?? wanted));
}
