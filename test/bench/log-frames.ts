/** Who sends a frame, or whom it is for: addresses as they stand on the wire. */
export interface Card {
	readonly mac: Buffer;
	readonly ip: Buffer;
}

const broadcast = Buffer.alloc(6, 0xff);
const nobody: Card = { mac: broadcast, ip: Buffer.alloc(4, 0xff) };
const unset: Card = { mac: Buffer.alloc(6), ip: Buffer.alloc(4) };

const type = { ipv4: 0x0800, arp: 0x0806 } as const;
const protocol = { icmp: 1, udp: 17 } as const;
const echoTypes = { request: 8, reply: 0 } as const;
const dhcpTypes = { discover: 1, offer: 2, request: 3, ack: 5 } as const;

const ethernetLength = 14;
const ipv4Length = 20;
const udpLength = 8;
/** What `ping` sends if it is not told otherwise, in bytes. */
const pingLength = 64;

/** An echo request or reply as `ping` and Linux send it: 98 bytes, checksums good. */
export function echoFrame(
	kind: keyof typeof echoTypes,
	from: Card,
	to: Card,
	identifier: number,
	number: number,
): Buffer {
	const message = Buffer.alloc(pingLength, 0x61);
	message.writeUInt8(echoTypes[kind], 0);
	message.writeUInt8(0, 1);
	message.writeUInt16BE(0, 2);
	message.writeUInt16BE(identifier, 4);
	message.writeUInt16BE(number & 0xffff, 6);
	message.writeUInt32LE(number, 8);
	message.writeUInt16BE(checksumOf(message), 2);
	return packet(from, to, protocol.icmp, number & 0xffff, message);
}

/** An ARP request to all, or the answer to it. */
export function arpFrame(
	kind: "request" | "reply",
	from: Card,
	to: Card,
): Buffer {
	const isRequest = kind === "request";
	const body = Buffer.alloc(28);
	body.set([0, 1, 8, 0, 6, 4, 0, isRequest ? 1 : 2]);
	body.set(from.mac, 8);
	body.set(from.ip, 14);
	body.set(isRequest ? unset.mac : to.mac, 18);
	body.set(to.ip, 24);
	return ethernet(from.mac, isRequest ? broadcast : to.mac, type.arp, body);
}

/** A DHCP message of one transaction; a client's goes to all. */
export function dhcpFrame(
	kind: keyof typeof dhcpTypes,
	client: Card,
	server: Card,
	transaction: number,
): Buffer {
	const isAsked = kind === "discover" || kind === "request";
	const message = Buffer.alloc(300);
	message.set([isAsked ? 1 : 2, 1, 6]);
	message.writeUInt32BE(transaction, 4);
	message.set(isAsked ? unset.ip : client.ip, 16);
	message.set(client.mac, 28);
	message.set([0x63, 0x82, 0x53, 0x63, 53, 1, dhcpTypes[kind]], 236);
	message.set([54, 4, ...server.ip, 51, 4, 0, 0, 14, 16, 3, 4], 243);
	message.set([...server.ip, 255], 255);
	const ports = isAsked ? [0, 68, 0, 67] : [0, 67, 0, 68];
	const header = Buffer.alloc(udpLength);
	header.set(ports);
	header.writeUInt16BE(udpLength + message.length, 4);
	const datagram = Buffer.concat([header, message]);
	return isAsked
		? packet({ ...client, ip: unset.ip }, nobody, protocol.udp, 0, datagram)
		: packet(server, client, protocol.udp, transaction & 0xffff, datagram);
}

function packet(
	from: Card,
	to: Card,
	carried: number,
	id: number,
	payload: Buffer,
): Buffer {
	const header = Buffer.alloc(ipv4Length);
	header.writeUInt8(0x45, 0);
	header.writeUInt16BE(ipv4Length + payload.length, 2);
	header.writeUInt16BE(id, 4);
	header.set([0x40, 0, 64, carried], 6);
	header.set(from.ip, 12);
	header.set(to.ip, 16);
	header.writeUInt16BE(checksumOf(header), 10);
	return ethernet(from.mac, to.mac, type.ipv4, header, payload);
}

function ethernet(
	source: Buffer,
	destination: Buffer,
	etherType: number,
	...payload: readonly Buffer[]
): Buffer {
	const header = Buffer.alloc(ethernetLength);
	header.set(destination);
	header.set(source, 6);
	header.writeUInt16BE(etherType, 12);
	return Buffer.concat([header, ...payload]);
}

/** RFC 1071, of bytes of an even length. */
function checksumOf(bytes: Buffer): number {
	let sum = 0;
	for (let at = 0; at < bytes.length; at += 2) {
		sum += bytes.readUInt16BE(at);
	}
	while (sum > 0xffff) {
		sum = (sum & 0xffff) + (sum >>> 16);
	}
	return ~sum & 0xffff;
}
