import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { EnginePort } from "../../src/recorder/engine.js";
import { errno, loadKoffi, loadLibc } from "../../src/recorder/libc.js";
import { PacketReader } from "../../src/recorder/packet-reader.js";

const koffi = loadKoffi();
const libc = loadLibc(koffi);
const library = koffi.load(null);
const socketpair = library.func("int socketpair(int, int, int, void *)");
const send = library.func("int64_t send(int, void *, size_t, int)");

const port: EnginePort = {
	...{ name: "vnet0", index: 2 },
	...{ isPromiscuous: false, linkType: 1 },
};
const [sender, receiver] = makePair();
after(() => {
	libc.close(sender);
	libc.close(receiver);
});

/** Datagram sockets of AF_UNIX: they need no privilege, and have no time stamps. */
function makePair(): readonly [number, number] {
	const fds = Buffer.alloc(8);
	const nonBlocking = 0o4000;
	assert.equal(socketpair(1, 2 | nonBlocking, 0, fds), 0);
	return [fds.readInt32LE(0), fds.readInt32LE(4)];
}

function sendText(text: string): void {
	const bytes = Buffer.from(text);
	send(sender, bytes, bytes.length, 0);
}

function takeInto(taken: string[], limit: number) {
	return ({
		bytes,
		start,
		captured,
	}: {
		readonly bytes: Buffer;
		readonly start: number;
		readonly captured: number;
	}) => {
		taken.push(bytes.toString("latin1", start, start + captured));
		return taken.length < limit;
	};
}

test("handOn() goes on where it was ended early", () => {
	const reader = new PacketReader(koffi, libc, 64);
	["one", "two", "three"].forEach(sendText);
	assert.equal(reader.receive(receiver, port), 0);
	const taken: string[] = [];
	assert.equal(reader.handOn(takeInto(taken, 1)), false);
	assert.equal(reader.hasRest, true);
	assert.equal(reader.handOn(takeInto(taken, 3)), false);
	assert.equal(reader.hasRest, false);
	assert.deepEqual(taken, ["one", "two", "three"]);
	assert.equal(reader.handOn(takeInto(taken, 9)), true);
});

test("receive() cuts frames, reuses its slots, and tells when nothing waits", () => {
	const reader = new PacketReader(koffi, libc, 8);
	for (let round = 0; round < 3; round += 1) {
		const texts = [`${round}`, "longer than eight"];
		texts.forEach(sendText);
		assert.equal(reader.receive(receiver, port), 0);
		const taken: string[] = [];
		assert.equal(reader.handOn(takeInto(taken, 9)), true);
		assert.deepEqual(taken, [`${round}`, "longer t"]);
	}
	assert.equal(reader.receive(receiver, port), errno.again);
	assert.equal(reader.hasRest, false);
	assert.equal(reader.receive(-1, port), 9);
});
