import { matchIcmpType, matchProtocol } from "./nft-match.js";
import { type Answer, ask, askAny, type Field } from "./packet.js";
import type { Match } from "./ruleset.js";
import type { SaveOption } from "./save-words.js";
import { matchAddress, matchName, matchNumber, say } from "./value-test.js";

type Compare = (value: string, wanted: string) => Answer;

const name: Compare = (value, wanted) => say(matchName(value, wanted, "+"));
const mac: Compare = (value, wanted) => say(value === wanted.toLowerCase());
const state: Compare = (value, wanted) => say(value === wanted.toLowerCase());

/** Options whose value, or one of their comma-separated values, a field must have. */
const fields: Readonly<Record<string, readonly [Field, Compare]>> = {
	"-i": ["iif", name],
	"-o": ["oif", name],
	"-s": ["ipSource", matchAddress],
	"-d": ["ipDestination", matchAddress],
	"-p": ["protocol", matchProtocol],
	"--sport": ["sourcePort", matchNumber],
	"--dport": ["destinationPort", matchNumber],
	"--sports": ["sourcePort", matchNumber],
	"--dports": ["destinationPort", matchNumber],
	"--icmp-type": ["icmpType", matchIcmp],
	"--ctstate": ["ctState", state],
	"--state": ["ctState", state],
	"--physdev-in": ["physIn", name],
	"--physdev-out": ["physOut", name],
	"--mac-source": ["etherSource", mac],
	"--src-range": ["ipSource", matchAddress],
	"--dst-range": ["ipDestination", matchAddress],
	"--pkt-type": ["packetType", state],
};

/** Options that match nothing by themselves. */
const silent = new Set(["--comment"]);

/** Modules whose options are known here: naming one matches nothing by itself. */
const modules =
	/^(udp|tcp|icmp|conntrack|state|physdev|mac|comment|multiport|iprange|pkttype)$/;

/**
 * The match that an option of iptables makes (iptables-extensions(8)); null: it makes
 * none. One that vmpath does not know may match.
 */
export function iptablesMatch({
	name: option,
	values,
	isNegated,
}: SaveOption): Match | null {
	const wanted = values[0] ?? "";
	if (silent.has(option) || (option === "-m" && modules.test(wanted))) {
		return null;
	}
	if (option === "--physdev-is-bridged") {
		const isBridged: Compare = (value) => say(value === "yes");
		return (packet) =>
			ask(packet, "isBridged", (value) => isBridged(value, ""), isNegated);
	}
	const known = fields[option];
	if (known === undefined) {
		return () => "maybe";
	}
	const [field, compare] = known;
	const list = wanted.split(",");
	return (packet) =>
		ask(
			packet,
			field,
			(value) => askAny(list.map((one) => compare(value, one))),
			isNegated,
		);
}

/** `8`, `3/1` (with a code), `any`, or a name. */
function matchIcmp(value: string, wanted: string): Answer {
	if (wanted === "any") {
		return "yes";
	}
	const [type = "", code] = wanted.split("/");
	const answer = matchIcmpType(value, type);
	return code !== undefined && answer === "yes" ? "maybe" : answer;
}
