import type { Frame, IcmpMessage } from "../model/frame.js";
import { messageOf } from "../trace/describe.js";
import { type Field, hex, ipProtocols, type Layer, withName } from "./field.js";

/** Codes of "destination unreachable" (RFC 792, RFC 1122, RFC 1812). */
const unreachable: readonly string[] = [
	"network unreachable",
	"host unreachable",
	"protocol unreachable",
	"port unreachable",
	"fragmentation needed",
	"source route failed",
	"network unknown",
	"host unknown",
	"source host isolated",
	"network prohibited",
	"host prohibited",
	"network unreachable for TOS",
	"host unreachable for TOS",
	"communication prohibited",
	"host precedence violation",
	"precedence cutoff",
];

/** The fields of an ICMP message, and what an error says of the packet it is about. */
export function listIcmp(icmp: IcmpMessage, frame: Frame): Layer {
	const { type, code, identifier, sequence, checksum, mtu, gateway } = icmp;
	const word = type === 3 ? unreachable[code] : undefined;
	const fields: Field[] = [
		["type", `${type} (${messageOf(frame).replaceAll("-", " ")})`],
		["code", word === undefined ? String(code) : `${code} (${word})`],
		...(identifier === null
			? []
			: [["identifier", `${hex(identifier, 4)} (${identifier})`] as const]),
		...(sequence === null
			? []
			: [["sequence number", String(sequence)] as const]),
		["checksum", checksum],
		...(mtu === null ? [] : [["next-hop MTU", `${mtu} bytes`] as const]),
		...(gateway === null ? [] : [["gateway", gateway] as const]),
		...listQuoted(icmp),
	];
	return { title: "ICMP", fields };
}

function listQuoted({ quoted }: IcmpMessage): Field[] {
	if (quoted === null) {
		return [];
	}
	const { ipv4, ports: pair, icmp } = quoted;
	const about = withName(ipv4.protocol, ipProtocols);
	return [
		["about", `${ipv4.source} → ${ipv4.destination}, protocol ${about}`],
		...(pair === null
			? []
			: [["about ports", `${pair.source} → ${pair.destination}`] as const]),
		...(icmp === null ? [] : [["about ICMP", describeQuoted(icmp)] as const]),
	];
}

function describeQuoted(
	icmp: NonNullable<NonNullable<IcmpMessage["quoted"]>["icmp"]>,
): string {
	const { type, code, identifier, sequence } = icmp;
	return [
		`type ${type}, code ${code}`,
		...(identifier === null ? [] : [`identifier ${hex(identifier, 4)}`]),
		...(sequence === null ? [] : [`sequence ${sequence}`]),
	].join(", ");
}
