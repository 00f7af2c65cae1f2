import { linkType } from "../model/capture.js";
import type { EngineFrame, EnginePort } from "./engine.js";

/** Memory for frames that are read at once, at most, in bytes and in frames. */
const memoryLimit = 8 * 1024 * 1024;
const slotLimit = 128;

/** A VLAN tag, and the two MAC addresses it stands behind, in bytes. */
const tagLength = 4;
const macsLength = 12;
const defaultTagType = 0x8100;

/**
 * Structures of the kernel on 64 bits; places in units of 32 bits where `At`.
 * mmsghdr: msg_name, msg_namelen, msg_iov, msg_iovlen, msg_control, msg_controllen,
 * msg_flags, msg_len.
 */
const message = {
	length: 64,
	nameLengthAt: 2,
	controlLengthAt: 10,
	flagsAt: 12,
	receivedAt: 14,
} as const;
const vector = { length: 16 } as const;
/** sockaddr_ll, and room for it. */
const name = { length: 20, room: 32, typeAt: 10 } as const;
/** Two control messages, of 32 and 40 bytes, and room to spare. */
const control = { length: 128, header: 16, levelAt: 2, typeAt: 3, dataAt: 4 };
const oneHead = message.length + vector.length + name.room + control.length;

const stampMessage = { level: 1, type: 35 } as const;
const auxdataMessage = { level: 263, type: 8 } as const;
/** tpacket_auxdata; tag control information and tag type share the last word. */
const auxdata = { statusAt: 0, lengthAt: 1, tagAt: 4 } as const;
const status = { checksumNotReady: 8, tagged: 16, tagTyped: 64 } as const;

const outgoing = 4;
/** epb_flags: draft-ietf-opsawg-pcapng, 4.3.1. */
const flag = { inbound: 1, outbound: 2, checksumNotReady: 1 << 9 } as const;

/** Where a frame's bytes and what the kernel says of it are received. */
export interface Slots {
	/** At most so many frames are received at once. */
	readonly count: number;
	/** The `mmsghdr` array for recvmmsg, and what it points to. */
	readonly heads: Buffer;
	/** Frames, each with room for a tag before it. */
	readonly frames: Buffer;
	/** Reads slot `at` of the last call as the frame of a port. */
	read(at: number, port: EnginePort, frame: EngineFrame): void;
	/** Makes the first `used` slots ready for the next call. */
	reset(used: number): void;
}

/**
 * Allocates slots once for all frames of a capture.
 *
 * @param addressOf where a Buffer lies in memory
 */
export function createSlots(
	snapLength: number,
	addressOf: (bytes: Buffer) => bigint,
): Slots {
	const stride = Math.ceil((snapLength + tagLength) / 8) * 8;
	const count = Math.max(
		1,
		Math.min(slotLimit, Math.floor(memoryLimit / stride)),
	);
	const frames = Buffer.alloc(count * stride);
	const heads = Buffer.alloc(count * oneHead);
	const layout = layOut(count);
	for (let at = 0; at < count; at += 1) {
		const start = at * message.length;
		const iov = layout.vectors + at * vector.length;
		const head = addressOf(heads);
		const room = BigInt(at * stride + tagLength);
		heads.writeBigUInt64LE(head + BigInt(layout.name(at)), start);
		heads.writeBigUInt64LE(head + BigInt(iov), start + 16);
		heads.writeBigUInt64LE(1n, start + 24);
		heads.writeBigUInt64LE(head + BigInt(layout.control(at)), start + 32);
		heads.writeBigUInt64LE(addressOf(frames) + room, iov);
		heads.writeBigUInt64LE(BigInt(snapLength), iov + 8);
	}
	const words = new Int32Array(heads.buffer, heads.byteOffset);
	const slots: Slots = {
		count,
		heads,
		frames,
		read: (at, port, frame) => {
			const received = at * (message.length / 4) + message.receivedAt;
			frame.port = port;
			frame.bytes = frames;
			frame.start = at * stride + tagLength;
			frame.captured = words[received] as number;
			frame.length = frame.captured;
			const packetType = heads[layout.name(at) + name.typeAt];
			frame.flags = packetType === outgoing ? flag.outbound : flag.inbound;
			const length = words[at * (message.length / 4) + message.controlLengthAt];
			readControl(words, layout.control(at), length as number, frame);
			frame.captured = Math.min(frame.captured, snapLength);
		},
		reset: (used) => {
			for (let at = 0; at < used; at += 1) {
				const start = at * (message.length / 4);
				words[start + message.nameLengthAt] = name.length;
				words[start + message.controlLengthAt] = control.length;
				words[start + message.flagsAt] = 0;
			}
		},
	};
	slots.reset(count);
	return slots;
}

/** Arrays one behind the other: messages, vectors, names, control messages. */
function layOut(count: number) {
	const vectors = count * message.length;
	const names = vectors + count * vector.length;
	const controls = names + count * name.room;
	return {
		vectors,
		name: (at: number) => names + at * name.room,
		control: (at: number) => controls + at * control.length,
	};
}

/** Walks the control messages of a frame: cmsg(3). */
function readControl(
	words: Int32Array,
	start: number,
	length: number,
	frame: EngineFrame,
): void {
	frame.seconds = 0;
	frame.nanos = 0;
	let at = 0;
	while (at + control.header <= length) {
		const word = (start + at) / 4;
		const size = words[word] as number;
		const level = words[word + control.levelAt];
		const type = words[word + control.typeAt];
		const data = word + control.dataAt;
		if (level === stampMessage.level && type === stampMessage.type) {
			const low = (words[data] as number) >>> 0;
			frame.seconds = (words[data + 1] as number) * 2 ** 32 + low;
			frame.nanos = words[data + 2] as number;
		} else if (level === auxdataMessage.level && type === auxdataMessage.type) {
			readAuxdata(words, data, frame);
		}
		at += Math.max(control.header, Math.ceil(size / 8) * 8);
	}
}

function readAuxdata(
	words: Int32Array,
	data: number,
	frame: EngineFrame,
): void {
	const bits = words[data + auxdata.statusAt] as number;
	frame.length = words[data + auxdata.lengthAt] as number;
	if ((bits & status.checksumNotReady) !== 0) {
		frame.flags |= flag.checksumNotReady;
	}
	if (
		(bits & status.tagged) !== 0 &&
		frame.port.linkType === linkType.ethernet &&
		frame.captured >= macsLength
	) {
		const tag = words[data + auxdata.tagAt] as number;
		const isTyped = (bits & status.tagTyped) !== 0;
		putTagBack(frame, isTyped ? tag >>> 16 : defaultTagType, tag & 0xffff);
	}
}

/** The kernel has taken the outermost tag out of the frame: back behind the MACs with it. */
function putTagBack(
	frame: EngineFrame,
	type: number,
	controlInformation: number,
): void {
	const { bytes, start } = frame;
	bytes.copyWithin(start - tagLength, start, start + macsLength);
	frame.start = start - tagLength;
	frame.captured += tagLength;
	frame.length += tagLength;
	bytes.writeUInt16BE(type, frame.start + macsLength);
	bytes.writeUInt16BE(controlInformation, frame.start + macsLength + 2);
}
