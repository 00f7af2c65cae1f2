import { concat, hex } from "./bytes.js";

/** An Ethernet II header from 52:54:00:00:00:01 to everyone, of a type in hex. */
export function ethernet(type: string, ...payload: Uint8Array[]): Uint8Array {
	return concat(hex(`ffffffffffff 525400000001 ${type}`), ...payload);
}

/** What of an IPv4 header a test wants otherwise; all but options in hex. */
export interface Ipv4Fields {
	readonly protocol?: "icmp" | "udp" | "tcp";
	readonly versionAndLength?: string;
	readonly totalLength?: string;
	readonly flagsAndOffset?: string;
	readonly options?: Uint8Array;
}

const protocols = { icmp: "01", udp: "11", tcp: "06" } as const;

/** An IPv4 packet from 10.0.0.1 to 10.0.0.2 with a good checksum. */
export function ipv4(payload: Uint8Array, fields: Ipv4Fields = {}): Uint8Array {
	const { options = new Uint8Array() } = fields;
	const headerLength = 20 + options.length;
	const totalLength = hex16(headerLength + payload.length);
	const header = concat(
		hex(`
			${fields.versionAndLength ?? `4${(headerLength / 4).toString(16)}`}
			00                                 # type of service
			${fields.totalLength ?? totalLength}
			abcd                               # identification
			${fields.flagsAndOffset ?? "4000"}
			40                                 # time to live
			${protocols[fields.protocol ?? "icmp"]}
			0000                               # checksum, filled in below
			0a000001 0a000002                  # source, destination
		`),
		options,
	);
	header.set(checksumOf(header), 10);
	return concat(header, payload);
}

/** A UDP datagram without a checksum; its length may be given in hex. */
export function udp(
	ports: string,
	payload: Uint8Array,
	length = hex16(8 + payload.length),
): Uint8Array {
	return concat(hex(`${ports} ${length} 0000`), payload);
}

/** An ICMP message; the hex has zeros where the checksum belongs. */
export function icmp(text: string): Uint8Array {
	const message = hex(text);
	message.set(checksumOf(message), 2);
	return message;
}

/** The parts of a DHCP message that tests change, in hex. */
export interface DhcpFields {
	readonly htypeAndHlen?: string;
	readonly sname?: string;
	readonly file?: string;
	readonly cookie?: string;
}

/** A DHCP message from a server, with these options. */
export function dhcp(options: string, fields: DhcpFields = {}): Uint8Array {
	return concat(
		hex(`
			02 ${fields.htypeAndHlen ?? "01 06"} 01  # op: reply, htype, hlen, hops
			3903f326                           # xid
			0005 8000                          # secs, flags: BROADCAST
			00000000 0a000009                  # ciaddr, yiaddr
			0a000001 0a0000fe                  # siaddr, giaddr
			525400000001                       # chaddr
			00000000000000000000               # its padding
		`),
		padded(fields.sname ?? "", 64),
		padded(fields.file ?? "", 128),
		hex(fields.cookie ?? "63825363"),
		hex(options),
	);
}

/** A number as four digits of hex. */
export function hex16(value: number): string {
	return value.toString(16).padStart(4, "0");
}

export const arpRequest = ethernet(
	"0806",
	hex(`
		0001 0800 06 04                        # Ethernet, IPv4
		0001                                   # operation: request
		525400000001 0a000001                  # sender
		000000000000 0a000002                  # target
	`),
);

export const echoRequest = ethernet(
	"0800",
	ipv4(icmp("08 00 0000 1234 0007 6162636465")),
);

export const unreachable = ethernet(
	"0800",
	ipv4(
		concat(
			icmp("03 04 0000 0000 05dc"),
			ipv4(hex("0035 1f90 0020 0000"), { protocol: "udp" }),
		),
	),
);

export const dhcpOffer = ethernet(
	"0800",
	ipv4(
		udp(
			"0043 0044",
			dhcp(`
				35 01 02                           # message type: OFFER
				33 04 00000e10                     # lease time
				79 08 18 0a0000 0a000001           # classless static route
				52 04 01 02 6162                   # relay agent information
				ff
			`),
		),
		{ protocol: "udp" },
	),
);

export const taggedFragment = ethernet(
	"88a8",
	hex("0064 8100 e00a 0800"),
	ipv4(hex("61 62 63"), { flagsAndOffset: "00b9" }),
);

/** Frames that decode without a problem, one of each kind. */
export const healthyFrames = [
	arpRequest,
	echoRequest,
	unreachable,
	dhcpOffer,
	taggedFragment,
];

function padded(text: string, length: number): Uint8Array {
	const field = new Uint8Array(length);
	field.set(hex(text));
	return field;
}

/** Computes as RFC 1071 says, and unlike the code under test, a byte at a time. */
function checksumOf(bytes: Uint8Array): Uint8Array {
	let sum = 0;
	for (const [index, byte] of bytes.entries()) {
		sum += index % 2 === 0 ? byte * 256 : byte;
	}
	const folded = (sum & 0xffff) + (sum >>> 16);
	const checksum = ~((folded & 0xffff) + (folded >>> 16)) & 0xffff;
	return Uint8Array.of(checksum >>> 8, checksum & 0xff);
}
