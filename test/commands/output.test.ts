import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fixture, parseLines, run, startProgram } from "./program.js";

const pcapng = fixture("healthy-bridged", "ports.pcapng");

test("a pipe gets no escape bytes, whatever the surroundings say", async () => {
	for (const env of [{}, { FORCE_COLOR: "1" }, { NO_COLOR: "1" }]) {
		for (const format of ["text", "jsonl"]) {
			const args = ["replay", "--frames", "--format", format, pcapng];
			const { exitCode, stdout, stderr } = await run(args, { env });
			assert.equal(exitCode, 0);
			assert.equal(stderr, "");
			assert.ok(!stdout.includes("\u001b"));
		}
	}
});

test("a pipe gets one row a journey, and nothing is cut", async () => {
	const { stdout } = await run(["replay", pcapng]);
	const { stdout: json } = await run(["replay", "--format", "jsonl", pcapng]);
	const journeys = parseLines(json).filter(({ type }) => type === "journey");
	const rows = stdout.split("\n").filter((line) => /^[●✗?] /.test(line));
	assert.equal(rows.length, journeys.length);
	for (const [index, { summary, reason }] of journeys.entries()) {
		assert.ok(rows[index]?.includes(String(summary)));
		assert.ok(rows[index]?.includes(String(reason ?? "")));
	}
	assert.doesNotMatch(stdout, /…/);
});

test("a reader that leaves early ends the program quietly, exit code 0", async () => {
	for (const format of ["text", "jsonl"]) {
		const child = startProgram(["replay", "--format", format, pcapng]);
		child.stdout?.destroy();
		const { exitCode, stderr } = await child;
		assert.equal(exitCode, 0);
		assert.equal(stderr, "");
	}
});

test("a reader of messages that leaves early changes no exit code", async () => {
	const child = startProgram(["replay", "/nowhere"]);
	child.stderr?.destroy();
	const { exitCode } = await child;
	assert.equal(exitCode, 3);
});

test("vmpath --help and vmpath replay --help go to standard output, exit code 0", async () => {
	const general = await run(["--help"]);
	assert.equal(general.exitCode, 0);
	assert.equal(general.stderr, "");
	assert.match(general.stdout, /^Usage: vmpath [\s\S]* replay /);
	const command = await run(["replay", "--help"]);
	assert.equal(command.exitCode, 0);
	assert.equal(command.stderr, "");
	for (const option of [
		"--format",
		"--frames",
		"--links",
		"--vm",
		"--protocol",
		"--interface",
		"--since",
		"--until",
		"--limit",
	]) {
		assert.ok(command.stdout.includes(option), option);
	}
});

test("vmpath --version is that of package.json", async () => {
	const url = new URL("../../../package.json", import.meta.url);
	const { version } = JSON.parse(await readFile(url, "utf8"));
	const { exitCode, stdout } = await run(["--version"]);
	assert.equal(exitCode, 0);
	assert.equal(stdout, `${version}\n`);
});
