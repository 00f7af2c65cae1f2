import assert from "node:assert/strict";
import { test } from "node:test";
import { findImports, type Import, readSources } from "./sources.js";

/** Who may import whom, besides itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
	model: [],
	wire: ["model"],
	topology: ["model"],
	"capture-file": ["model"],
	trace: ["model", "wire", "topology", "capture-file"],
	diagnosis: ["model", "wire", "topology", "trace"],
	verify: ["model", "topology", "trace"],
	show: ["model", "trace", "diagnosis", "verify"],
	tui: ["model", "topology", "trace", "diagnosis", "verify", "show"],
	terminal: ["model", "show", "tui"],
	host: ["model"],
	recorder: ["model", "capture-file"],
	commands: [
		"model",
		"wire",
		"topology",
		"capture-file",
		"trace",
		"diagnosis",
		"verify",
		"show",
		"tui",
		"terminal",
		"host",
		"recorder",
	],
	cli: ["model", "commands", "recorder"],
	"cli.ts": ["model", "commands", "cli"],
};

/** Rooms that are functions of what they are given, and the modules they may have. */
const pure: Readonly<Record<string, readonly string[]>> = {
	model: [],
	wire: [],
	topology: ["saxes"],
	trace: [],
	diagnosis: [],
	verify: [],
	tui: ["ink", "react"],
	"capture-file": ["node:zlib", "node:stream", "node:events", "pcap-parser"],
};

/** Time is a parameter, chance and the process are nowhere. */
const impure =
	/\bDate\.now\b|\bperformance\b|\bset(?:Timeout|Interval|Immediate)\b|\bnew Date\(\s*\)|\bDate\(\)|\bMath\.random\b|\bprocess\b|\bconsole\b|\bfetch\(/;

const sources = readSources();
const imports = sources.flatMap(findImports);

function describe({ from, module }: Import): string {
	return `${from.path} imports ${module}`;
}

test("findImports() finds imports, dynamic ones too", () => {
	assert.ok(sources.length > 50);
	assert.ok(imports.length > 150);
	const dynamic = imports.map(describe);
	assert.ok(dynamic.includes("cli/replay.ts imports commands/replay.js"));
	assert.ok(dynamic.includes("wire/dhcp.ts imports model/dhcp.js"));
});

test("every room of the house is there, and none that nobody knows", () => {
	const rooms = new Set(sources.map(({ room }) => room));
	assert.deepEqual([...rooms].sort(), Object.keys(mayImport).sort());
});

test("imports run one way: model, wire and files, trace, show, commands, cli", () => {
	const wrong = imports.filter(
		({ from, room }) =>
			room !== null &&
			room !== from.room &&
			!mayImport[from.room]?.includes(room),
	);
	assert.deepEqual(wrong.map(describe), []);
});

test("every import of a source names one that exists", () => {
	const paths = new Set(
		sources.map(({ path }) => path.replace(/(\.d)?\.tsx?$/, ".js")),
	);
	const lost = imports.filter(
		({ room, module }) => room !== null && !paths.has(module),
	);
	assert.deepEqual(lost.map(describe), []);
});

test("pure rooms have no file, child process, terminal or other outside", () => {
	const wrong = imports.filter(({ from, module, room }) => {
		const allowed = pure[from.room];
		return room === null && allowed && !allowed.includes(module);
	});
	assert.deepEqual(wrong.map(describe), []);
	const outside = imports.filter(
		({ from, room }) => room === null && pure[from.room],
	);
	assert.ok(outside.length > 0, "capture-file inflates: that is found");
});

test("pure rooms have no clock, timer, chance or process", () => {
	for (const line of ["new Date()", "Date.now()", "setTimeout(f, 1)"]) {
		assert.match(line, impure);
	}
	assert.doesNotMatch("new Date(seconds * 1000)", impure);
	const wrong = sources
		.filter(({ room, code }) => pure[room] && impure.test(code))
		.map(({ path, code }) => `${path}: ${impure.exec(code)?.[0]}`);
	assert.deepEqual(wrong, []);
});
