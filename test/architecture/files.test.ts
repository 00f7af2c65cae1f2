import assert from "node:assert/strict";
import { basename } from "node:path";
import { test } from "node:test";
import { listFiles, readSources } from "./sources.js";

const lineLimit = 250;
const sources = readSources();

test("files are called in kebab-case, and for what is in them", () => {
	const wrong = listFiles().filter(
		(path) =>
			!/^[a-z0-9]+(-[a-z0-9]+)*(\.d\.ts|\.tsx?|\.schema\.json)$/.test(
				basename(path),
			) || /^(index|utils?|helpers?|misc)\./.test(basename(path)),
	);
	assert.deepEqual(wrong, []);
	assert.ok(sources.length > 50);
});

test(`no source has ${lineLimit} lines or more`, () => {
	const long = sources
		.map(({ path, text }) => `${path}: ${text.split("\n").length - 1}`)
		.filter((line) => Number(line.split(": ")[1]) >= lineLimit);
	assert.deepEqual(long, []);
});

test("nothing is typed any, and nothing is exported by default", () => {
	const wrong = sources
		.filter(({ code }) =>
			/[:<,|&(]\s*any\b(?!\s*\()|\bas any\b|\bany\[\]|@ts-ignore|@ts-expect-error/.test(
				code,
			),
		)
		.map(({ path }) => path);
	assert.deepEqual(wrong, []);
	const defaults = sources
		.filter(
			({ path, code }) =>
				!path.endsWith(".d.ts") && /^export default\b/m.test(code),
		)
		.map(({ path }) => path);
	assert.deepEqual(defaults, []);
});
