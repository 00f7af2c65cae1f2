import assert from "node:assert/strict";
import { after, test } from "node:test";
import { addNs, epoch } from "../../src/model/capture.js";
import type { EnginePort } from "../../src/recorder/engine.js";
import {
	errno,
	type Koffi,
	type Libc,
	loadKoffi,
	loadLibc,
} from "../../src/recorder/libc.js";
import { PacketCapture } from "../../src/recorder/packet-capture.js";
import { PacketPoll } from "../../src/recorder/packet-poll.js";
import { PacketReader } from "../../src/recorder/packet-reader.js";
import { PacketSockets } from "../../src/recorder/packet-socket.js";

const koffi = loadKoffi();
const libc = loadLibc(koffi);
const library = koffi.load(null);
const socketpair = library.func("int socketpair(int, int, int, void *)");
const send = library.func("int64_t send(int, void *, size_t, int)");

const vnet0: EnginePort = {
	...{ name: "vnet0", index: 2 },
	...{ isPromiscuous: false, linkType: 1 },
};

/** How one call of recvmmsg(2) goes: so many messages at most, or an error. */
type Receiving = { readonly count: number } | { readonly errno: number };

/** A capture at datagram sockets of AF_UNIX, which need no privilege. */
function capture(receivings: Receiving[]) {
	const fds = Buffer.alloc(8);
	const nonBlocking = 0o4000;
	assert.equal(socketpair(1, 2 | nonBlocking, 0, fds), 0);
	const [sender, receiver] = [fds.readInt32LE(0), fds.readInt32LE(4)];
	let failure: number | null = null;
	const fakeLibc: Libc = {
		...libc,
		socket: () => receiver,
		bind: () => 0,
		setsockopt: () => 0,
		getsockopt: () => 0,
		getsockname: (_fd, address) => {
			address?.writeInt32LE(vnet0.index, 4);
			return 0;
		},
		recvmmsg: (fd, messages, count, flags, timeout) => {
			const next = receivings.shift() ?? { count };
			failure = "errno" in next ? next.errno : null;
			return "errno" in next
				? -1
				: libc.recvmmsg(fd, messages, next.count, flags, timeout);
		},
	};
	const fakeKoffi: Koffi = { ...koffi, errno: () => failure ?? koffi.errno() };
	const engine = new PacketCapture(
		{
			...{ snapLength: 64, bufferBytes: 0, filter: null },
			onPortEnd: ({ reason }) => assert.fail(reason),
			onNotice: (message) => assert.fail(message),
		},
		{
			sockets: new PacketSockets(fakeKoffi, fakeLibc),
			programOf: () => [],
			probe: -1,
			poll: new PacketPoll(koffi, libc),
			reader: new PacketReader(fakeKoffi, fakeLibc, 64),
			descriptorLimit: 1 << 20,
		},
	);
	after(async () => {
		await engine.stop();
		libc.close(sender);
	});
	const pass = (text: string) => {
		const bytes = Buffer.from(text);
		send(sender, bytes, bytes.length, 0);
	};
	return { engine, pass };
}

/** What one call of `drain` hands on, and whether that is said to be all. */
function drain({ engine }: ReturnType<typeof capture>) {
	const taken: string[] = [];
	const until = addNs(epoch, 1e18);
	const isWhole = engine.drain(until, ({ bytes, start, captured }) => {
		taken.push(bytes.toString("latin1", start, start + captured));
		return true;
	});
	return { taken, isWhole };
}

test("drain() hands on all that waits though an error cuts a batch short", async () => {
	const cut = [{ count: 2 }, { errno: errno.netDown }, { count: 1 }];
	const captured = capture(cut);
	assert.equal(await captured.engine.open(vnet0), null);
	const passed = ["one", "two", "three", "four", "five"];
	passed.forEach(captured.pass);
	assert.deepEqual(drain(captured), { taken: passed, isWhole: true });
	assert.deepEqual(drain(captured).taken, []);
});

test("drain() goes on after a signal", async () => {
	const captured = capture([{ count: 1 }, { errno: errno.interrupted }]);
	assert.equal(await captured.engine.open(vnet0), null);
	["one", "two"].forEach(captured.pass);
	assert.deepEqual(drain(captured).taken, ["one", "two"]);
});
