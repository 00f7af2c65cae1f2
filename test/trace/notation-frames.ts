import { concat, hex } from "../wire/bytes.js";
import { hex16, icmp, udp } from "../wire/packets.js";

/** Who is in the tests' network. All but `world` have a MAC address of their own. */
export const parties: Readonly<Record<string, { mac: string; ip: string }>> = {
	vm1: { mac: "525400000001", ip: "c0a8010b" },
	vm2: { mac: "525400000002", ip: "c0a8010c" },
	vm3: { mac: "525400000003", ip: "c0a87a0b" },
	vm4: { mac: "525400000004", ip: "c0a87a0c" },
	host: { mac: "002590000002", ip: "c0a80102" },
	nat: { mac: "5254000000fe", ip: "c0a87a01" },
	gw: { mac: "000db9000001", ip: "c0a80101" },
	lan: { mac: "000db9000033", ip: "c0a80133" },
	vrrp: { mac: "00005e000107", ip: "c0a80101" },
	nobody: { mac: "000db90000ee", ip: "c0a801ee" },
	world: { mac: "000db9000001", ip: "08080808" },
	all: { mac: "ffffffffffff", ip: "ffffffff" },
	group: { mac: "01005e010203", ip: "ef010203" },
};

/** What a frame holds, in the notation's words. */
export type Fields = Readonly<Record<string, string>>;

type Build = (fields: Fields) => Uint8Array;

const dhcpTypes = { discover: 1, offer: 2, request: 3, ack: 5 } as const;

/** Builds the bytes of a frame by its label. */
const builders: Readonly<Record<string, Build>> = {
	echo: (fields) => echo("08", fields),
	reply: (fields) => echo("00", fields),
	expired: (fields) => packet(fields, error("0b", fields)),
	"who-has": (fields) => arp(1, fields),
	"is-at": (fields) => arp(2, fields),
	discover: (fields) => dhcp("discover", fields),
	offer: (fields) => dhcp("offer", fields),
	request: (fields) => dhcp("request", fields),
	ack: (fields) => dhcp("ack", fields),
};

/** @throws {Error} when nothing is called so */
export function buildFrame(label: string, fields: Fields): Uint8Array {
	const build = builders[label];
	if (build === undefined) {
		throw new Error(`no frame is called ${label}`);
	}
	const whole = concat(build(fields), padding(fields));
	return fields.cut === undefined
		? whole
		: whole.subarray(0, Number(fields.cut));
}

function padding({ pad = "0" }: Fields): Uint8Array {
	return new Uint8Array(Number(pad));
}

function party(name: string): { mac: string; ip: string } {
	const found = parties[name];
	if (found === undefined) {
		throw new Error(`nobody is called ${name}`);
	}
	return found;
}

function link(fields: Fields, type: string, isForAll: boolean): Uint8Array {
	const { from = "vm1", to = "gw", vlan } = fields;
	const target = fields.via ?? (isForAll ? "all" : to);
	const source = party(fields.by ?? from).mac;
	const tag = vlan === undefined ? "" : `8100 ${hex16(Number(vlan))}`;
	return hex(`${party(target).mac} ${source} ${tag} ${type}`);
}

function arp(operation: number, fields: Fields): Uint8Array {
	const { from = "vm1", to = "gw" } = fields;
	const asked = operation === 1 ? "000000000000" : party(to).mac;
	return concat(
		link(fields, "0806", operation === 1),
		hex(`0001 0800 06 04 ${hex16(operation)}`),
		hex(`${party(from).mac} ${party(fields.as ?? from).ip}`),
		hex(`${asked} ${party(to).ip}`),
	);
}

function packet(fields: Fields, payload: Uint8Array): Uint8Array {
	return concat(link(fields, "0800", false), ipv4(fields, "01", payload));
}

function ipv4(
	fields: Fields,
	protocol: string,
	payload: Uint8Array,
): Uint8Array {
	const { from = "vm1", to = "gw", ipid = "77", ttl = "64" } = fields;
	const { fragment = "0" } = fields;
	const source = party(fields.as ?? from).ip;
	return concat(
		hex(`45 00 ${hex16(20 + payload.length)} ${hex16(Number(ipid))}`),
		hex(hex16(Number(fragment))),
		hex(`${hex16(Number(ttl)).slice(2)} ${protocol} 0000`),
		hex(`${source} ${party(fields.of ?? to).ip}`),
		payload,
	);
}

function echo(type: string, fields: Fields): Uint8Array {
	const { id = "7", seq = "1", data = "6162636465666768" } = fields;
	if ((Number(fields.fragment ?? 0) & 0x1fff) > 0) {
		return packet(fields, hex(data));
	}
	return packet(
		fields,
		icmp(`${type} 00 0000 ${hex16(Number(id))} ${hex16(Number(seq))} ${data}`),
	);
}

/** An error about an echo request that `to` sent, as it was where the error began. */
function error(type: string, fields: Fields): Uint8Array {
	const { to = "vm1", id = "7", seq = "1", quotes = to } = fields;
	const quoted = ipv4(
		{ from: quotes, to: "world", ttl: "1", ipid: fields.about ?? "77" },
		"01",
		icmp(`08 00 0000 ${hex16(Number(id))} ${hex16(Number(seq))}`),
	);
	const text = Buffer.from(quoted).toString("hex");
	return icmp(`${type} 00 0000 00000000 ${text}`);
}

function dhcp(name: keyof typeof dhcpTypes, fields: Fields): Uint8Array {
	const isRequest = name === "discover" || name === "request";
	const client = party((isRequest ? fields.from : fields.to) ?? "vm1");
	const { xid = "3903f326", secs = "0" } = fields;
	const payload = concat(
		hex(`${isRequest ? "01" : "02"} 01 06 00 ${xid}`),
		hex(`${hex16(Number(secs))} 8000 00000000`),
		hex(isRequest ? "00000000" : client.ip),
		hex(`00000000 00000000 ${client.mac}`),
		new Uint8Array(10 + 64 + 128),
		hex(`63825363 35 01 0${dhcpTypes[name]} ff`),
	);
	const datagram = udp(isRequest ? "0044 0043" : "0043 0044", payload);
	const to = fields.to ?? (isRequest ? "all" : "vm1");
	const from = fields.from ?? (isRequest ? "vm1" : "gw");
	return concat(
		link({ from, to, ...fields }, "0800", isRequest),
		ipv4({ from, to, ...fields }, "11", datagram),
	);
}
