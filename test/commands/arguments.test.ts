import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "./program.js";

const record = ["record", "-w", "/nonexistent/log.pcapng"];

test("options that cannot work are refused in one line that says what can", async () => {
	const cases: readonly (readonly [readonly string[], RegExp])[] = [
		[[...record, "--connect", "foo"], /qemu:\/\/\/system/],
		[[...record, "--buffer", "1"], /at least 64k/],
		[[...record, "--rotate-size", "1"], /at least 64k/],
		[[...record, "--snaplen", "5"], /at least 60 bytes.*DHCP needs 590/],
		[["watch", "--snaplen", "20"], /at least 60 bytes/],
		[["verify", "dhcp", "VM1", "--connect", "foo"], /qemu:\/\/\/system/],
		[["topology", "--connect", "foo://x"], /qemu:\/\/\/system/],
	];
	for (const [args, said] of cases) {
		const { exitCode, stdout, stderr } = await run(args);
		assert.equal(exitCode, 3, args.join(" "));
		assert.equal(stdout, "");
		assert.match(stderr, /^vmpath: [^\n]+\n$/);
		assert.match(stderr, said);
	}
});
