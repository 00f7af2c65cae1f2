import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { execa } from "execa";
import { discover, pcap, pcapng } from "./hostile-captures.js";
import { createDirectory, createFile, type Run, run } from "./program.js";

/** Each would move a cursor, write a clipboard, hide or reorder text, or end a line. */
const attacks: readonly (readonly [what: string, text: string | Buffer])[] = [
	["clear the screen", "a\u001b[2J\u001b[1;1Hb"],
	["write the clipboard (OSC 52)", "\u001b]52;c;cm0gLXJmIC8=\u0007"],
	["set the title, C1", "\u009d0;title\u009c"],
	["reorder (bidirectional override)", "vm\u202e1\u2066x\u2069"],
	["hide (zero width, byte order mark)", "a\u200bb\u200dc\u2060d\ufeffe"],
	["overwrite the line", "lost\rdelivered\b\b"],
	["end the line", "a\nb\u2028c\u2029d\u0085e"],
	["end the string", "a\u0000b\u007f"],
	["tags", "a\u{e0041}\u{e0042}"],
	["no UTF-8", Buffer.from([0x61, 0x9b, 0x33, 0x31, 0x6d, 0xff, 0xed, 0xa0])],
];

/** Whatever has no picture of its own; a line feed ends a line. */
const unsafe = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/u;

function expectSafe({ exitCode, stdout, stderr }: Run, code = 0): void {
	assert.equal(exitCode, code, stderr);
	for (const [name, text] of Object.entries({ stdout, stderr })) {
		const found = unsafe.exec(text);
		assert.equal(found, null, `${name}: ${JSON.stringify(found?.[0])}`);
	}
	for (const line of stderr.split("\n").slice(0, -1)) {
		assert.match(line, /^vmpath: /);
	}
}

/** Replays in every format and asserts that all of it is safe; gives the JSON lines. */
async function replayEverywhere(path: string): Promise<string> {
	expectSafe(await run(["replay", "--frames", path]));
	expectSafe(await run(["replay", "--format", "mermaid", path]));
	const json = await run(["replay", "--frames", "--format", "jsonl", path]);
	expectSafe(json);
	for (const line of json.stdout.split("\n").slice(0, -1)) {
		JSON.stringify(JSON.parse(line), (_key, value) => {
			assert.ok(typeof value !== "string" || !unsafe.test(value), value);
			return value;
		});
	}
	return json.stdout;
}

for (const [what, text] of attacks) {
	const bytes = Buffer.from(text as string);

	test(`a DHCP host name cannot ${what}`, async (context) => {
		const content = pcap([discover(bytes)]);
		const path = await createFile(context, "vnet0.pcap", content);
		const json = await replayEverywhere(path);
		assert.match(json, /"message":"discover"/);
	});

	test(`names and comments of a pcapng cannot ${what}`, async (context) => {
		const content = pcapng(bytes, [discover(Buffer.from("vm1"))]);
		const path = await createFile(context, "ports.pcapng", content);
		const json = await replayEverywhere(path);
		assert.match(json, /"message":"discover"/);
	});
}

test("the hostile captures are what tshark takes them for", async (context) => {
	const text = Buffer.from("a\u001b[2Jb");
	const classic = await createFile(context, "a.pcap", pcap([discover(text)]));
	const modern = await createFile(
		context,
		"a.pcapng",
		pcapng(text, [discover(text)]),
	);
	for (const path of [classic, modern]) {
		const args = ["-r", path, "-T", "fields", "-e", "dhcp.option.dhcp"];
		const found = await execa("tshark", args, { reject: false });
		if (found.exitCode === undefined) {
			context.skip("tshark is not installed");
			return;
		}
		assert.equal(found.stdout, "1", found.stderr);
	}
});

test("the name of a file cannot write to the terminal", async (context) => {
	const directory = join(
		await createDirectory(context),
		"d\u001b]52;c;QQ==\u0007\u202e\n",
	);
	await mkdir(directory);
	const good = join(directory, "vnet0.pcap");
	await writeFile(good, pcap([discover(Buffer.from("vm1"))]));
	await replayEverywhere(good);

	const cut = join(directory, "cut.pcap");
	const bytes = pcap([discover(Buffer.from("vm1"))]);
	await writeFile(cut, bytes.subarray(0, bytes.length - 10));
	const told = await run(["replay", cut]);
	expectSafe(told);
	assert.notEqual(told.stderr, "");

	for (const wrong of [directory, join(directory, "missing")]) {
		expectSafe(await run(["replay", wrong]), 3);
		expectSafe(await run(["replay", "--links", wrong, good]), 3);
	}
	const text = join(directory, "a.txt");
	await writeFile(text, "\u001b[2J\u0007 is no capture");
	expectSafe(await run(["replay", text]), 3);
	expectSafe(await run(["replay", "--links", text, good]), 3);
});

test("an argument cannot write to the terminal", async () => {
	const hostile = "\u001b]0;x\u0007\r\u202e\n";
	for (const args of [
		[`--${hostile}`],
		[hostile],
		["replay", `--${hostile}`],
		["replay", "--format", hostile, "a"],
		["replay", "--limit", hostile, "a"],
		["replay", "--protocol", hostile, "a"],
		["replay", "--since", hostile, "a"],
		["replay", "--links", hostile, "a"],
		["replay", `vnet0=${hostile}`],
	]) {
		const result = await run(args);
		expectSafe(result, 3);
		assert.match(result.stderr, /^vmpath: [^\n]+\n$/);
		const debugged = await run(args, { env: { VMPATH_DEBUG: "1" } });
		assert.equal(unsafe.exec(debugged.stderr), null);
	}
});
