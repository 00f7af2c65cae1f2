import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { cli, createDirectory, createFile, fixture, run } from "./program.js";

const nobody = 65_534;

/** Asserts that a run ends with exit code 3 and one line that has all these words. */
async function expectFailure(
	args: readonly string[],
	words: readonly (string | RegExp)[],
): Promise<void> {
	const { exitCode, stdout, stderr } = await run(args);
	assert.equal(exitCode, 3, stderr);
	assert.equal(stdout, "");
	assert.match(stderr, /^vmpath: [^\n]+\n$/);
	assert.doesNotMatch(stderr, /\n\s+at /);
	for (const word of words) {
		if (typeof word === "string") {
			assert.ok(stderr.includes(word), `${stderr} has no ${word}`);
		} else {
			assert.match(stderr, word);
		}
	}
}

test("replay of a missing file names it", async () => {
	await expectFailure(
		["replay", "/nowhere/at-all.pcap"],
		["/nowhere/at-all.pcap", "there is no such file"],
	);
});

test("replay of several files names the one that is missing", async () => {
	const good = fixture("healthy-bridged", "br0.pcap");
	await expectFailure(["replay", good, "no.pcap"], ["no.pcap"]);
});

test("replay of an empty file says so", async (context) => {
	const path = await createFile(context, "empty.pcap", "");
	await expectFailure(["replay", path], [path, "is empty"]);
});

test("replay of empty standard input says so", async () => {
	const { exitCode, stderr } = await run(["replay", "-"]);
	assert.equal(exitCode, 3);
	assert.equal(stderr, "vmpath: standard input is empty\n");
});

test("replay of a directory says to name a file in it", async (context) => {
	const path = await createDirectory(context);
	await expectFailure(["replay", path], [path, "directory", "name a file"]);
});

test("replay of a path through a file names it", async (context) => {
	const path = await createFile(context, "a.pcap", "");
	await expectFailure(["replay", join(path, "b")], ["there is no such file"]);
});

test("replay of a file that is not readable says what to do", async (context) => {
	const directory = await createDirectory(context);
	await chmod(directory, 0o755);
	const path = join(directory, "secret.pcap");
	await writeFile(path, "", { mode: 0o600 });
	const isRoot = process.getuid?.() === 0;
	if (!isRoot) {
		await chmod(path, 0o000);
	}
	const { exitCode, stderr } = await run(
		["replay", path],
		isRoot ? { uid: nobody, gid: nobody } : {},
	);
	assert.equal(exitCode, 3);
	assert.equal(
		stderr,
		`vmpath: cannot read ${path}: permission denied: make it readable for you, or run as its owner\n`,
	);
});

test("replay of a text file says that it is no capture", async (context) => {
	const path = await createFile(context, "notes.txt", "hello, world\n");
	await expectFailure(["replay", path], [path, "is not a capture", '"hell"']);
});

test("replay of three bytes says that it is no capture", async (context) => {
	const path = await createFile(context, "short", "\u00d4\u00c3".slice(0, 1));
	await expectFailure(["replay", path], [path, "is not a capture"]);
});

test("replay of a zstd file says how to unpack it", async (context) => {
	const bytes = Buffer.from("28b52ffd0458", "hex");
	const path = await createFile(context, "br0.pcap.zst", bytes);
	await expectFailure(["replay", path], [path, "zstd -dc"]);
});

test("replay of gzip with no capture in it names the file", async (context) => {
	const path = await createFile(context, "a.gz", gzipSync("hello, world\n"));
	await expectFailure(["replay", path], [path, "is not a capture"]);
});

const br0 = fixture("healthy-bridged", "br0.pcap");
const wrongArguments: readonly (readonly [
	args: readonly string[],
	...words: (string | RegExp)[],
])[] = [
	[["replay"], "missing required argument 'capture'", "--help"],
	[["replay", "--fromat", "text", br0], "--fromat", "Did you mean --format?"],
	[["replay", "--nonsense", br0], "unknown option '--nonsense'", "--help"],
	[["rplay", br0], "unknown command 'rplay'", "--help"],
	[["replay", "--format", "xml", br0], "--format", "text, jsonl"],
	[["replay", "--format"], "--format", "missing"],
	[["replay", "--protocol", "tcp", br0], "--protocol", "arp, dhcp, icmp"],
	[["replay", "--limit", "0", br0], "--limit", "whole number"],
	[["replay", "--limit", "-1", br0], "--limit", "whole number"],
	[["replay", "--limit", "1e3", br0], "--limit", "whole number"],
	[["replay", "--limit", "many", br0], "--limit", "whole number"],
	[["replay", "--since", "noon", br0], "--since", '"noon"', "2026-11-22T"],
	[["replay", "--until", "2026-02-30", br0], "--until", '"2026-02-30"'],
	[
		["replay", "--since", "2026-11-23", "--until", "2026-11-22", br0],
		"--since is later than --until",
	],
	[["replay", "-", "-"], "standard input (-) can be read only once"],
	[["replay", "-", "vnet0=-"], "standard input (-) can be read only once"],
	[["replay", "vnet0=/nowhere", br0], "cannot read /nowhere"],
	[["replay", "--links", "/nowhere", br0], "/nowhere", "no such file"],
	[["replay", "--links", "/", br0], "directory"],
	[["replay", "--links", br0, br0], "--links", br0, "line 1", "ip -o link"],
];

for (const [args, ...words] of wrongArguments) {
	const shown = args.map((arg) => arg.replace(/.*\/fixtures\//, "")).join(" ");
	test(`vmpath ${shown} ends with one line and exit code 3`, async () => {
		await expectFailure(args, words);
	});
}

test("vmpath without a command shows how to use it, exit code 3", async () => {
	const { exitCode, stdout, stderr } = await run([]);
	assert.equal(exitCode, 3);
	assert.equal(stdout, "");
	assert.match(stderr, /^Usage: vmpath .*\n[\s\S]*\n {2}replay /);
	assert.doesNotMatch(stderr, /outputHelp/);
});

test("VMPATH_DEBUG shows where a failure came from, and what caused it", async () => {
	const { exitCode, stderr } = await run(["replay", "/nowhere"], {
		env: { VMPATH_DEBUG: "1" },
	});
	assert.equal(exitCode, 3);
	assert.match(stderr, /^vmpath: cannot read \/nowhere: [^\n]+\nFailure: /);
	assert.match(stderr, /\n {4}at .*openInput/);
	assert.match(stderr, /\nError: ENOENT/);
});

test("a full disk behind standard output is one line, exit code 3", (context) => {
	if (!existsSync("/dev/full")) {
		context.skip("there is no /dev/full here");
		return;
	}
	const full = openSync("/dev/full", "w");
	context.after(() => closeSync(full));
	const { status, stderr } = spawnSync(process.execPath, [cli, "replay", br0], {
		stdio: ["ignore", full, "pipe"],
		encoding: "utf8",
	});
	assert.equal(status, 3);
	assert.match(stderr, /^vmpath: cannot write to standard output: [^\n]+\n$/);
});

test("names of files keep their escapes out of the message", async (context) => {
	const directory = join(await createDirectory(context), "a\u001b[2J\u202eb");
	await mkdir(directory);
	await expectFailure(["replay", directory], ["a\\x1b[2J\\u202eb"]);
});
