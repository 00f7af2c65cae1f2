import { run } from "./command.js";

/**
 * A frame as tshark reads it: the interface it names (null in a classic pcap), and a
 * line such as `dhcp offer 52:54:00:cd:76:3a`, `arp request 192.168.100.2 >
 * 192.168.100.1` or `icmp echo-reply 203.0.113.9 > 192.168.100.57`. `icmp fragment` is
 * any fragment but the first.
 */
export interface ReadFrame {
	readonly interface: string | null;
	/** Seconds since the epoch, as tshark writes them. */
	readonly time: string;
	readonly line: string;
	/** As tshark writes it; empty where there is none. */
	readonly icmpIdentifier: string;
}

const dhcpMessages = [
	"discover",
	"offer",
	"request",
	"decline",
	"ack",
	"nak",
	"release",
	"inform",
];
const arpMessages = ["request", "reply"];
const icmpMessages: Readonly<Record<string, string>> = {
	"0": "echo-reply",
	"3": "unreachable",
	"8": "echo-request",
	"11": "time-exceeded",
};

const fields = [
	"frame.interface_name",
	"sll.ifindex",
	"frame.time_epoch",
	"icmp.ident",
	"ip.frag_offset",
	"dhcp.option.dhcp",
	"dhcp.hw.mac_addr",
	"arp.opcode",
	"arp.src.proto_ipv4",
	"arp.dst.proto_ipv4",
	"icmp.type",
	"ip.src",
	"ip.dst",
];

/**
 * Reads a capture with tshark: an oracle that shares no code with vmpath.
 *
 * @param links names by interface number, for captures that store numbers only
 */
export async function readFrames(
	path: string,
	links: ReadonlyMap<string, string> = new Map(),
): Promise<readonly ReadFrame[]> {
	const printed = await run([
		"tshark",
		...["-n", "-r", path, "-T", "fields", "-E", "occurrence=f"],
		// Each fragment as it is, and not the last one as the whole.
		...["-o", "ip.defragment:FALSE"],
		...fields.flatMap((field) => ["-e", field]),
	]);
	return printed
		.split("\n")
		.filter((row) => row !== "")
		.map((row) => readRow(row.split("\t"), links));
}

function readRow(
	row: readonly string[],
	links: ReadonlyMap<string, string>,
): ReadFrame {
	const [name, ifindex, time, identifier, offset, ...message] = row;
	return {
		interface: (ifindex ? links.get(ifindex) : name) || null,
		time: time ?? "",
		line: describe(message, Number(offset) > 0),
		icmpIdentifier: identifier ?? "",
	};
}

function describe(row: readonly string[], isFragment: boolean): string {
	const [dhcp, client, arp, sender, target, icmp, source, destination] = row;
	if (dhcp) {
		return `dhcp ${dhcpMessages[Number(dhcp) - 1]} ${client}`;
	}
	if (arp) {
		return `arp ${arpMessages[Number(arp) - 1]} ${sender} > ${target}`;
	}
	const message = isFragment ? "fragment" : icmpMessages[icmp ?? ""];
	return `icmp ${message ?? icmp} ${source} > ${destination}`;
}

/** Reads `ip -o link` as names by interface number. */
export function readLinks(text: string): ReadonlyMap<string, string> {
	return new Map(
		Array.from(
			text.matchAll(/^(\d+): ([^:@\s]+)/gm),
			([, index = "", name = ""]) => [index, name] as const,
		),
	);
}
