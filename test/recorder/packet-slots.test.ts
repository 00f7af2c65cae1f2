import assert from "node:assert/strict";
import { test } from "node:test";
import { linkType } from "../../src/model/capture.js";
import type { EngineFrame, EnginePort } from "../../src/recorder/engine.js";
import { createSlots, type Slots } from "../../src/recorder/packet-slots.js";

const port: EnginePort = {
	name: "vnet0",
	index: 2,
	isPromiscuous: false,
	linkType: linkType.ethernet,
};
const headsAddress = 0x1_0000n;
const framesAddress = 0x1000_0000n;
const snapLength = 64;

function makeSlots(snap = snapLength): Slots {
	const addresses = [headsAddress, framesAddress];
	const seen = new Map<Buffer, bigint>();
	return createSlots(snap, (bytes) => {
		if (!seen.has(bytes)) {
			// Heads are asked for first.
			seen.set(bytes, addresses[seen.size] as bigint);
		}
		return seen.get(bytes) as bigint;
	});
}

/** What recvmmsg and a packet socket leave in a slot: recvmmsg(2), packet(7), cmsg(3). */
function deliver(
	{ heads, frames }: Slots,
	slot: number,
	frame: Buffer,
	auxdata: readonly [status: number, length: number, tag: number],
	packetType = 0,
): void {
	const head = slot * 64;
	const follow = (at: number) =>
		Number(heads.readBigUInt64LE(at) - headsAddress);
	const vector = follow(head + 16);
	const room = Number(heads.readBigUInt64LE(vector) - framesAddress);
	frame.copy(frames, room);
	heads.writeUInt32LE(frame.length, head + 56);
	heads[follow(head) + 10] = packetType;
	const control = follow(head + 32);
	heads.writeBigUInt64LE(72n, head + 40);
	heads.writeBigUInt64LE(32n, control);
	heads.writeInt32LE(1, control + 8);
	heads.writeInt32LE(35, control + 12);
	heads.writeBigInt64LE(5_000_000_000n, control + 16);
	heads.writeBigInt64LE(123_456_789n, control + 24);
	heads.writeBigUInt64LE(36n, control + 32);
	heads.writeInt32LE(263, control + 40);
	heads.writeInt32LE(8, control + 44);
	const [status, length, tag] = auxdata;
	heads.writeUInt32LE(status, control + 48);
	heads.writeUInt32LE(length, control + 52);
	heads.writeUInt32LE(tag, control + 64);
}

function readSlot(slots: Slots, slot: number, of = port) {
	const frame: EngineFrame = {
		...{ port: of, seconds: 0, nanos: 0, bytes: Buffer.alloc(0) },
		...{ start: 0, captured: 0, length: 0, flags: 0 },
	};
	slots.read(slot, of, frame);
	const { bytes, start, captured, port: _, ...rest } = frame;
	const hex = bytes.toString("hex", start, start + captured);
	return { ...rest, captured, hex };
}

const plain = Buffer.from(
	`${"aa".repeat(6)}${"bb".repeat(6)}080001020304`,
	"hex",
);
const seconds = 5_000_000_000;
const nanos = 123_456_789;

test("read() tells time, direction and lengths of a frame", () => {
	const slots = makeSlots();
	deliver(slots, 3, plain, [1, 1514, 0], 4);
	assert.deepEqual(readSlot(slots, 3), {
		...{ seconds, nanos, captured: 18, length: 1514, flags: 2 },
		hex: plain.toString("hex"),
	});
	deliver(slots, 3, plain, [1, 18, 0], 3);
	assert.equal(readSlot(slots, 3).flags, 1);
});

test("read() tells a checksum that is not filled in yet", () => {
	const slots = makeSlots();
	deliver(slots, 0, plain, [1 | 8, 18, 0], 4);
	assert.equal(readSlot(slots, 0).flags, 2 | (1 << 9));
});

test("read() puts a VLAN tag back behind the MAC addresses", () => {
	const slots = makeSlots();
	const tagged = (tag: string) =>
		`${"aa".repeat(6)}${"bb".repeat(6)}${tag}080001020304`;
	deliver(slots, 1, plain, [1 | 16 | 64, 18, 0x88a8_2064]);
	assert.deepEqual(readSlot(slots, 1), {
		...{ seconds, nanos, captured: 22, length: 22, flags: 1 },
		hex: tagged("88a82064"),
	});
	// Kernels before 3.14 do not tell the type.
	deliver(slots, 1, plain, [1 | 16, 18, 0x0064]);
	assert.equal(readSlot(slots, 1).hex, tagged("81000064"));
});

test("read() keeps a tagged frame within the snap length", () => {
	const slots = makeSlots();
	const long = Buffer.concat([
		plain,
		Buffer.alloc(snapLength - plain.length, 7),
	]);
	deliver(slots, 0, long, [1 | 16 | 64, 1000, 0x8100_0064]);
	const { captured, length } = readSlot(slots, 0);
	assert.deepEqual([captured, length], [snapLength, 1004]);
});

test("read() adds no tag to a packet without a link header", () => {
	const slots = makeSlots();
	const tunnel = { ...port, linkType: linkType.raw };
	deliver(slots, 0, plain, [1 | 16 | 64, 18, 0x8100_0064]);
	assert.equal(readSlot(slots, 0, tunnel).captured, 18);
});

test("reset() restores what a call has overwritten", () => {
	const slots = makeSlots();
	const before = Buffer.from(slots.heads);
	deliver(slots, 0, plain, [1, 18, 0]);
	slots.heads.writeUInt32LE(0, 8);
	slots.heads.writeUInt32LE(0x20, 48);
	slots.reset(1);
	assert.deepEqual(slots.heads.subarray(0, 56), before.subarray(0, 56));
});

test("createSlots() bounds its memory for whatever snap length", () => {
	for (const snap of [64, 2048, 65_535, 262_144]) {
		const slots = makeSlots(snap);
		assert.ok(slots.count >= 16, `${slots.count} slots of ${snap}`);
		assert.ok(slots.frames.length <= 8 * 1024 * 1024);
	}
});
