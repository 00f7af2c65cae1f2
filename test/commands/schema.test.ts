import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { fixture, parseLines, replayJson } from "./program.js";

const url = new URL("../../../src/show/vmpath-1.schema.json", import.meta.url);
const schema = JSON.parse(readFileSync(url, "utf8"));
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
const validate = ajv.compile(schema);
/** One by one, a wrong object says what is wrong with it. */
const validators = new Map(
	["meta", "frame", "journey", "exchange", "summary"].map((type) => [
		type,
		ajv.compile({ $ref: `${schema.$id}#/$defs/${type}` }),
	]),
);

const scenarios = readdirSync(dirname(fixture("healthy-bridged", "")));

/** The recordings of a scenario, as arguments. */
function recordingsOf(scenario: string): (readonly string[])[] {
	const directory = fixture(scenario, "");
	const ports = readdirSync(directory).filter((name) =>
		/^(?!any).*\.pcap$/.test(name),
	);
	const links = fixture(scenario, "links.txt");
	const sll = fixture(scenario, "any-sll.pcap");
	return [
		ports.map((name) => fixture(scenario, name)),
		[fixture(scenario, "ports.pcapng")],
		[fixture(scenario, "any-sll2.pcap"), "--links", links],
		[fixture(scenario, "any-sll2.pcap")],
		...(existsSync(sll) ? [[sll]] : []),
	];
}

function check(objects: readonly Record<string, unknown>[]): void {
	for (const object of objects) {
		const validator = validators.get(String(object.type));
		assert.ok(validator, `no such type: ${object.type}`);
		assert.ok(
			validator(object),
			`${ajv.errorsText(validator.errors)} in ${JSON.stringify(object)}`,
		);
		assert.ok(validate(object));
	}
	assert.equal(objects[0]?.type, "meta");
	assert.equal(objects.at(-1)?.type, "summary");
	assert.equal(objects.filter(({ type }) => type === "summary").length, 1);
}

for (const scenario of scenarios) {
	test(`replay --format jsonl of ${scenario} is as the schema says`, async () => {
		const recordings = recordingsOf(scenario);
		assert.ok(recordings.length >= 4);
		for (const recording of recordings) {
			const plain = await replayJson(...recording);
			check(plain);
			assert.ok(plain.some(({ type }) => type === "journey"));
			const withFrames = await replayJson("--frames", ...recording);
			check(withFrames);
			const frames = withFrames.filter(({ type }) => type === "frame");
			const summary = withFrames.at(-1) as { frames: { read: number } };
			assert.equal(
				frames.length,
				summary.frames.read,
				"the lab records nothing else",
			);
			assert.deepEqual(
				withFrames.filter(({ type }) => type === "journey"),
				plain.filter(({ type }) => type === "journey"),
			);
		}
	});
}

test("the schema refuses what has too much, too little or something else", async () => {
	const objects = await replayJson(
		"--frames",
		fixture("healthy-bridged", "ports.pcapng"),
	);
	for (const type of validators.keys()) {
		const object = objects.find((candidate) => candidate.type === type);
		assert.ok(object, `the recording has no ${type}`);
		assert.ok(!validate({ ...object, more: 1 }), type);
		for (const key of Object.keys(object)) {
			const { [key]: _, ...less } = object;
			assert.ok(!validate(less), `${type} without ${key}`);
			assert.ok(!validate({ ...object, [key]: [[]] }), `${type}, ${key}`);
		}
	}
});

test("the schema describes every property", () => {
	const missing: string[] = [];
	const visit = (node: unknown, path: string): void => {
		if (typeof node !== "object" || node === null) {
			return;
		}
		const { properties, ...rest } = node as { properties?: object };
		for (const [name, value] of Object.entries(properties ?? {})) {
			if (!("const" in value || "description" in value || "$ref" in value)) {
				missing.push(`${path}.${name}`);
			}
			visit(value, `${path}.${name}`);
		}
		for (const [name, value] of Object.entries(rest)) {
			visit(value, `${path}.${name}`);
		}
	};
	visit(schema, "");
	assert.deepEqual(missing, []);
});

test("meta comes again, complete, when an interface came up", async () => {
	const objects = await replayJson(
		"--frames",
		fixture("healthy-bridged", "any-sll2.pcap"),
	);
	const known = new Set<unknown>();
	for (const object of objects) {
		if (object.type === "meta") {
			const interfaces = object.interfaces as { name: string }[];
			for (const { name } of interfaces) {
				known.add(name);
			}
		}
		if (object.type === "frame") {
			assert.ok(known.has(object.interface), String(object.interface));
		}
	}
	assert.ok(known.size > 1);
});

test("parseLines() of the tests notices a line without its end", () => {
	assert.throws(() => parseLines('{"type":"meta"}'));
});
