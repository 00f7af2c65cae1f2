import assert from "node:assert/strict";
import { test } from "node:test";
import { EngineError } from "../../src/recorder/engine.js";
import { createPacketEngine } from "../../src/recorder/packet-engine.js";

/** Runs with a property of the process changed. */
function withProcess(
	name: "platform" | "arch",
	value: string,
	use: () => void,
) {
	const before = Object.getOwnPropertyDescriptor(process, name);
	Object.defineProperty(process, name, { value, configurable: true });
	try {
		use();
	} finally {
		Object.defineProperty(process, name, before ?? {});
	}
}

function create(filter: string | null = null) {
	return createPacketEngine({
		snapLength: 2048,
		bufferBytes: 1 << 20,
		filter,
		onPortEnd: () => undefined,
		onNotice: () => undefined,
	});
}

function saying(pattern: RegExp) {
	return (error: unknown) =>
		error instanceof EngineError && pattern.test(error.message);
}

test("createPacketEngine() says what to do where it cannot capture", () => {
	withProcess("platform", "darwin", () =>
		assert.throws(create, saying(/on Linux only, and this is darwin: capture/)),
	);
	withProcess("arch", "s390x", () =>
		assert.throws(create, saying(/this is s390x: use --engine cap/)),
	);
});

test("createPacketEngine() asks for CAP_NET_RAW", {
	skip: process.getuid?.() === 0 ? "root has it" : false,
}, () => {
	assert.throws(
		create,
		saying(/needs CAP_NET_RAW: run as root .*vmpath doctor/),
	);
});
