import assert from "node:assert/strict";
import { after, test } from "node:test";
import { loadKoffi, loadLibc } from "../../src/recorder/libc.js";
import { PacketPoll } from "../../src/recorder/packet-poll.js";

const koffi = loadKoffi();
const libc = loadLibc(koffi);
const library = koffi.load(null);
const eventfd = library.func("int eventfd(uint32_t, int)");
const write = library.func("int64_t write(int, void *, size_t)");
const read = library.func("int64_t read(int, void *, size_t)");

const fds = [makeFd(), makeFd()] as const;
const poll = new PacketPoll(koffi, libc);
after(() => {
	poll.close();
	fds.forEach(libc.close);
});

function makeFd(): number {
	return eventfd(0, 0) as number;
}

function fill(fd: number): void {
	const one = Buffer.alloc(8);
	one[0] = 1;
	write(fd, one, 8);
}

function empty(fd: number): void {
	read(fd, Buffer.alloc(8), 8);
}

const longMs = 60_000;

test("ready() tells which descriptors can be read", () => {
	fds.forEach((fd) => {
		poll.add(fd);
	});
	assert.deepEqual(poll.ready(), []);
	fill(fds[1]);
	assert.deepEqual(poll.ready(), [fds[1]]);
	fill(fds[0]);
	assert.deepEqual([...poll.ready()].sort(), [...fds].sort());
	fds.forEach(empty);
	assert.deepEqual(poll.ready(), []);
});

test("wait() ends when a descriptor can be read, and again until it is", async () => {
	const waiting = poll.wait(longMs);
	fill(fds[0]);
	await waiting;
	await poll.wait(longMs);
	empty(fds[0]);
});

test("wait() ends when a descriptor that can be read is added", async () => {
	poll.delete(fds[0]);
	fill(fds[0]);
	const waiting = poll.wait(longMs);
	poll.add(fds[0]);
	await waiting;
	empty(fds[0]);
});

test("wait() ends after its time", async () => {
	await poll.wait(1);
});

test("wait() ends when another begins, at wake(), and at close()", async () => {
	const first = poll.wait(longMs);
	const second = poll.wait(longMs);
	await first;
	poll.wake();
	await second;
	const third = poll.wait(longMs);
	poll.close();
	await third;
	await poll.wait(longMs);
});
