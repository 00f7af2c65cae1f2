import assert from "node:assert/strict";
import { test } from "node:test";
import { linkType } from "../../src/model/capture.js";
import { EngineError } from "../../src/recorder/engine.js";
import { loadKoffi } from "../../src/recorder/libc.js";
import {
	type CompileFilter,
	loadFilterCompiler,
} from "../../src/recorder/libpcap.js";
import { runBpf } from "./bpf-machine.js";

const compiler = findCompiler();
const skip = compiler === null ? "libpcap is not installed" : (false as const);

function findCompiler(): CompileFilter | null {
	try {
		return loadFilterCompiler(loadKoffi());
	} catch (error) {
		assert.ok(error instanceof EngineError);
		return null;
	}
}

test("loadFilterCompiler() compiles an expression to what tcpdump -d prints", {
	skip,
}, () => {
	assert.deepEqual(compiler?.("arp", linkType.ethernet, 2048), [
		{ code: 0x28, jt: 0, jf: 0, k: 12 },
		{ code: 0x15, jt: 0, jf: 1, k: 0x0806 },
		{ code: 0x06, jt: 0, jf: 0, k: 2048 },
		{ code: 0x06, jt: 0, jf: 0, k: 0 },
	]);
});

test("loadFilterCompiler() compiles for frames without a link header", {
	skip,
}, () => {
	const tcp = Buffer.alloc(40);
	tcp[0] = 0x45;
	tcp[9] = 6;
	for (const link of [linkType.raw, linkType.ipv4]) {
		const program = compiler?.("tcp", link, 96) ?? [];
		assert.equal(runBpf(program, tcp), 96);
	}
});

test("loadFilterCompiler() says in one line what is wrong with an expression", {
	skip,
}, () => {
	assert.throws(
		() => compiler?.("tcp prt\n22", linkType.ethernet, 2048),
		(error) =>
			error instanceof EngineError &&
			/^--filter "tcp prt\\x0a22" is not understood: libpcap says .*syntax error.*$/.test(
				error.message,
			),
	);
});

test("loadFilterCompiler() refuses an expression that libpcap would not end with", {
	skip,
}, () => {
	const long = `host 10.0.0.1${" or host 10.0.0.2".repeat(300)}`;
	assert.throws(
		() => compiler?.(long, linkType.ethernet, 2048),
		/--filter has 5113 characters, and may have 4096/,
	);
});
