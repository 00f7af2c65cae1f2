import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDuration, parseSize } from "../../src/commands/parse-units.js";

test("parseDuration() takes what people write, in milliseconds", () => {
	const written = ["30s", "5m", "1.5h", "250ms", "10", "1d", " 2 s "];
	assert.deepEqual(
		written.map(parseDuration),
		[30_000, 300_000, 5_400_000, 250, 10_000, 86_400_000, 2000],
	);
});

test("parseDuration() takes nothing that is no time to wait", () => {
	for (const text of ["", "0", "0s", "-1s", "1w", "s", "1 2s", "1e3", "25d"]) {
		assert.equal(parseDuration(text), null, text);
	}
});

test("parseSize() takes what people write, in bytes", () => {
	const written = ["512", "64k", "100M", "1G", "1.5GiB", "2 MB", "10b"];
	assert.deepEqual(written.map(parseSize), [
		512,
		65_536,
		104_857_600,
		2 ** 30,
		1.5 * 2 ** 30,
		2 * 2 ** 20,
		10,
	]);
});

test("parseSize() takes nothing that is no size", () => {
	for (const text of [
		"",
		"0",
		"-1",
		"1T",
		"M",
		"0x10",
		"1e9",
		"99999999999G",
	]) {
		assert.equal(parseSize(text), null, text);
	}
});
