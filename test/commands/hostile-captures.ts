import { Buffer } from "node:buffer";

/** Seconds since the epoch of the first frame. */
const begun = 1_795_355_042;

/** A block of bytes behind the length of a field that says how many they are. */
function u16be(value: number): Buffer {
	const bytes = Buffer.alloc(2);
	bytes.writeUInt16BE(value);
	return bytes;
}

function u32le(...values: readonly number[]): Buffer {
	const bytes = Buffer.alloc(values.length * 4);
	for (const [index, value] of values.entries()) {
		bytes.writeUInt32LE(value, index * 4);
	}
	return bytes;
}

function u16le(...values: readonly number[]): Buffer {
	const bytes = Buffer.alloc(values.length * 2);
	for (const [index, value] of values.entries()) {
		bytes.writeUInt16LE(value, index * 2);
	}
	return bytes;
}

function option(code: number, value: Buffer): Buffer {
	return Buffer.concat([Buffer.from([code, value.length]), value]);
}

/**
 * An Ethernet frame with a DHCPDISCOVER (RFC 2131) whose texts are as given: host name
 * (12), domain name (15), message (56), vendor class (60).
 */
export function discover(text: Buffer): Buffer {
	const fixed = Buffer.alloc(236);
	fixed.set([1, 1, 6, 0, 0x39, 0x03, 0xf3, 0x26]);
	fixed.set([0x52, 0x54, 0, 0xcd, 0x76, 0x3a], 28);
	const payload = Buffer.concat([
		fixed,
		Buffer.from("63825363", "hex"),
		option(53, Buffer.from([1])),
		...[12, 15, 56, 60].map((code) => option(code, text)),
		Buffer.from([255]),
	]);
	const udp = Buffer.concat([
		Buffer.from("00440043", "hex"),
		u16be(8 + payload.length),
		u16be(0),
		payload,
	]);
	return Buffer.concat([
		Buffer.from("ffffffffffff525400cd763a0800", "hex"),
		Buffer.from("4500", "hex"),
		u16be(20 + udp.length),
		Buffer.from("00000000401100000000" + "0000ffffffff", "hex"),
		udp,
	]);
}

/** A classic pcap of microseconds, Ethernet, one frame a second. */
export function pcap(frames: readonly Buffer[]): Buffer {
	return Buffer.concat([
		u32le(0xa1b2c3d4),
		u16le(2, 4),
		u32le(0, 0, 262_144, 1),
		...frames.flatMap((frame, index) => [
			u32le(begun + index, 0, frame.length, frame.length),
			frame,
		]),
	]);
}

/** A pcapng whose section, interface and packets carry a text: name and comments. */
export function pcapng(text: Buffer, frames: readonly Buffer[]): Buffer {
	const comment = [{ code: 1, value: text }];
	const names = [
		...comment,
		{ code: 2, value: text },
		{ code: 3, value: text },
	];
	return Buffer.concat([
		block(0x0a0d0d0a, u32le(0x1a2b3c4d, 0x1, 0xffffffff, 0xffffffff), comment),
		block(1, Buffer.concat([u16le(1, 0), u32le(262_144)]), names),
		...frames.map((frame, index) => {
			const time = BigInt(begun + index) * 1_000_000n;
			const high = Number(time >> 32n);
			const low = Number(time & 0xffffffffn);
			const { length } = frame;
			const body = [u32le(0, high, low, length, length), padded(frame)];
			return block(6, Buffer.concat(body), comment);
		}),
	]);
}

interface BlockOption {
	readonly code: number;
	readonly value: Buffer;
}

function block(
	type: number,
	body: Buffer,
	options: readonly BlockOption[],
): Buffer {
	const written = options.map(({ code, value }) =>
		Buffer.concat([u16le(code, value.length), padded(value)]),
	);
	const whole = Buffer.concat([body, ...written, u32le(0)]);
	const length = u32le(12 + whole.length);
	return Buffer.concat([u32le(type), length, whole, length]);
}

function padded(bytes: Buffer): Buffer {
	return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
