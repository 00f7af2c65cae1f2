import assert from "node:assert/strict";
import { test } from "node:test";
import {
	assemble,
	bpf,
	decodeProgram,
	encodeProgram,
} from "../../src/recorder/bpf.js";

test("assemble() turns labels into distances", () => {
	const program = assemble([
		{ code: bpf.ldAbsHalf, k: 12 },
		{ code: bpf.jeq, k: 0x0806, yes: "keep", no: "drop" },
		{ label: "drop" },
		{ code: bpf.ret, k: 0 },
		{ label: "keep" },
		{ code: bpf.ret, k: 96 },
	]);
	// `tcpdump -d` of "arp", its two returns exchanged.
	assert.deepEqual(program, [
		{ code: 0x28, jt: 0, jf: 0, k: 12 },
		{ code: 0x15, jt: 1, jf: 0, k: 0x0806 },
		{ code: 0x06, jt: 0, jf: 0, k: 0 },
		{ code: 0x06, jt: 0, jf: 0, k: 96 },
	]);
});

test("assemble() refuses a jump to nowhere, back, or too far", () => {
	const jump = { code: bpf.jeq, k: 1, yes: "there" };
	const one = { code: bpf.ret, k: 0 };
	const far = Array.from({ length: 256 }, () => one);
	for (const lines of [
		[jump, one],
		[{ label: "there" }, jump],
		[jump, ...far, { label: "there" }, one],
	]) {
		assert.throws(() => assemble(lines), /label there cannot be jumped to/);
	}
	assert.doesNotThrow(() =>
		assemble([jump, ...far.slice(1), { label: "there" }, one]),
	);
});

test("encodeProgram() lays a program out as struct sock_filter", () => {
	const program = [{ code: 0x15, jt: 1, jf: 2, k: 0xfffff008 }];
	const bytes = encodeProgram(program);
	assert.equal(bytes.toString("hex"), "1500010208f0ffff");
	assert.deepEqual(decodeProgram(bytes), program);
});
