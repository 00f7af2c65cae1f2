import assert from "node:assert/strict";
import { once } from "node:events";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import {
	createDirectory,
	createFile,
	fixture,
	parseLines,
	replayJson,
	run,
	startProgram,
} from "./program.js";

const scenario = "healthy-bridged";
const pcapng = fixture(scenario, "ports.pcapng");
const deadlineMs = 30_000;

type Objects = readonly Record<string, unknown>[];

/** What does not depend on how the files are called. */
function withoutNames(objects: Objects): Objects {
	return objects
		.filter(({ type }) => type !== "meta")
		.map(({ file: _, ...rest }) => rest);
}

function journeysOf(objects: Objects): Objects {
	return objects.filter(({ type }) => type === "journey");
}

/** Path and outcome of journeys, which do not depend on the files they were read from. */
function pathsOf(objects: Objects): string[] {
	return journeysOf(objects)
		.map(({ summary, hops, outcome }) =>
			JSON.stringify([
				summary,
				(hops as Record<string, unknown>[]).map((hop) => [
					hop.interface,
					hop.tsNs,
				]),
				outcome,
			]),
		)
		.sort();
}

test("replay - of a growing capture tells journeys before it ends", async () => {
	const { child, bytes, cut } = await growCapture();
	child.stdin?.end(bytes.subarray(cut));
	const { exitCode, stdout } = await child;
	assert.equal(exitCode, 0);
	const path = fixture(scenario, "any-sll2.pcap");
	assert.deepEqual(
		withoutNames(parseLines(String(stdout))),
		withoutNames(await replayJson(path)),
	);
});

test("replay - judges what it has, and says so, when it is interrupted", async () => {
	const { child } = await growCapture();
	child.kill("SIGINT");
	const { exitCode, stdout } = await child;
	assert.equal(exitCode, 0);
	const summary = parseLines(String(stdout)).at(-1);
	assert.equal(summary?.type, "summary");
	assert.equal(summary?.reason, "interrupted");
});

/** Writes three quarters of a capture to the program, and waits until it tells. */
async function growCapture() {
	const bytes = await readFile(fixture(scenario, "any-sll2.pcap"));
	const child = startProgram(["replay", "--format", "jsonl", "-"], {
		stdin: "pipe",
	});
	const { stdin, stdout } = child;
	assert.ok(stdin && stdout);
	// Far enough for the first journeys to have settled, in the middle of a record.
	const cut = Math.floor(bytes.length * 0.75);
	stdin.write(bytes.subarray(0, cut));
	let early = "";
	const signal = AbortSignal.timeout(deadlineMs);
	while (!early.includes('"type":"journey"')) {
		const [chunk] = await once(stdout, "data", { signal });
		early += chunk;
	}
	return { child, bytes, cut };
}

test("replay - equals replay of the file, but for the name", async () => {
	const { exitCode, stdout } = await run(
		["replay", "--frames", "--format", "jsonl", "-"],
		{ stdin: "pipe", input: await readFile(pcapng) },
	);
	assert.equal(exitCode, 0);
	const objects = parseLines(stdout);
	assert.deepEqual(
		withoutNames(objects),
		withoutNames(await replayJson("--frames", pcapng)),
	);
	const { sources } = objects[0] as { sources: { file: string }[] };
	assert.deepEqual(
		sources.map(({ file }) => file),
		["standard input"],
	);
});

/** Asserts that the program ends although its standard input does not. */
async function expectEndWhileOpen(
	args: readonly string[],
	bytes: Uint8Array,
	code: number,
): Promise<void> {
	const child = startProgram(args, { stdin: "pipe", timeout: deadlineMs });
	child.stdin?.on("error", () => {
		// It stops reading, which is the point.
	});
	child.stdin?.write(bytes);
	const { exitCode, timedOut } = await child;
	assert.ok(!timedOut);
	assert.equal(exitCode, code);
}

test("replay --limit ends while standard input is still open", async () => {
	const args = ["replay", "--limit", "1", "-"];
	await expectEndWhileOpen(args, await readFile(pcapng), 0);
});

test("replay of no capture ends while standard input is still open", async () => {
	await expectEndWhileOpen(["replay", "-"], Buffer.from("no capture"), 3);
});

test("a wrong name ends it although standard input was named too", async () => {
	const args = ["replay", "-", "/nowhere.pcap"];
	await expectEndWhileOpen(args, Buffer.alloc(0), 3);
});

test("replay reads gzip as it reads the file", async (context) => {
	const bytes = gzipSync(await readFile(pcapng));
	const path = await createFile(context, "ports.pcapng.gz", bytes);
	assert.deepEqual(
		withoutNames(await replayJson("--frames", path)),
		withoutNames(await replayJson("--frames", pcapng)),
	);
});

test("replay says that gzip was cut, and shows what could be read", async (context) => {
	const bytes = gzipSync(await readFile(pcapng));
	const path = await createFile(
		context,
		"cut.pcapng.gz",
		bytes.subarray(0, bytes.length - 200),
	);
	const { exitCode, stdout, stderr } = await run(["replay", path]);
	assert.equal(exitCode, 0);
	assert.match(stderr, /^vmpath: [^\n]*cut\.pcapng\.gz: [^\n]*gzip/);
	assert.match(stdout, /\n\d+ journeys?: /);
});

test("several files are read as one log: same paths as in one pcapng", async () => {
	const names = ["vnet0.pcap", "vnet1.pcap", "br0.pcap", "ens3.pcap"];
	const files = names.map((name) => fixture(scenario, name));
	assert.deepEqual(
		pathsOf(await replayJson(...files)),
		pathsOf(await replayJson(pcapng)),
	);
	assert.deepEqual(
		pathsOf(await replayJson(...files.toReversed())),
		pathsOf(await replayJson(pcapng)),
	);
});

test("NAME=FILE names the interface of a file that does not", async (context) => {
	const directory = await createDirectory(context);
	const args: string[] = [];
	for (const [index, name] of ["vnet0", "vnet1", "br0", "ens3"].entries()) {
		const copy = join(directory, `a capture number ${index}.pcap`);
		await copyFile(fixture(scenario, `${name}.pcap`), copy);
		args.push(`${name}=${copy}`);
	}
	assert.deepEqual(
		pathsOf(await replayJson(...args)),
		pathsOf(await replayJson(pcapng)),
	);
});

test("a file whose own name has an equals sign is read as it is called", async (context) => {
	const directory = await createDirectory(context);
	await copyFile(fixture(scenario, "br0.pcap"), join(directory, "a=b.pcap"));
	const { exitCode, stdout } = await run(
		["replay", "--format", "jsonl", "a=b.pcap"],
		{ cwd: directory },
	);
	assert.equal(exitCode, 0);
	const [meta] = parseLines(stdout);
	assert.deepEqual(meta?.sources, [{ file: "a=b.pcap", comments: [] }]);
});

test("--links names the interfaces of an SLL2 capture", async () => {
	const any = fixture(scenario, "any-sll2.pcap");
	const interfacesOf = (objects: Objects) =>
		new Set(
			journeysOf(objects).flatMap(({ hops }) =>
				(hops as { interface: string }[]).map((hop) => hop.interface),
			),
		);
	const links = fixture(scenario, "links.txt");
	const named = interfacesOf(await replayJson(any, "--links", links));
	const numbered = interfacesOf(await replayJson(any));
	// Indexes 2, 6 and 5 by truth.json, which the lab wrote from `ip link`.
	for (const name of ["vnet0", "br0", "ens3"]) {
		assert.ok(named.has(name), name);
	}
	for (const name of ["if2", "if6", "if5"]) {
		assert.ok(numbered.has(name), name);
	}
});
