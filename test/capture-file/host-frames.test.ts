import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
	decodeHostFrame,
	encodeDocument,
	encodeTick,
} from "../../src/capture-file/host-frames.js";
import { decodeStatements } from "../../src/capture-file/host-statements.js";
import type { HostDocument } from "../../src/model/host-document.js";
import { hostBytes, partText, tickText } from "./build-host.js";

const links: HostDocument = {
	type: "host-links",
	statements: [
		{ source: "ip -j link", output: [{ ifname: "br0", mtu: 1500 }], gap: null },
		{
			source: "bridge vlan",
			output: null,
			gap: { reason: "not there", fix: "apt install iproute2" },
		},
	],
};

test("encodeDocument() writes a header line and the statements as JSON", () => {
	assert.deepEqual(encodeDocument(links, 3), [
		hostBytes(
			partText("host-links", 3, [1, 1], JSON.stringify(links.statements)),
		),
	]);
});

test("encodeTick() writes one line of JSON", () => {
	const monotonic = { seconds: 5, nanos: 7 };
	const until = { seconds: 1_700_000_000, nanos: 1 };
	for (const dropsTotal of [0, 12, null]) {
		assert.deepEqual(
			encodeTick({ until, dropsTotal, monotonic }),
			hostBytes(tickText(1_700_000_000_000_000_001n, dropsTotal)),
		);
	}
});

test("encodeDocument() cuts between characters, below 200,000 bytes a frame", () => {
	for (const shift of [0, 1, 2, 3]) {
		const output = "x".repeat(shift) + "😀é€".repeat(60_000);
		const statements = [{ source: "s", output, gap: null }];
		const frames = encodeDocument({ type: "host-domains", statements }, 9);
		assert.equal(frames.length, 3);
		const slices = frames.map((frame, index) => {
			assert.ok(frame.length < 200_000);
			const decoded = decodeHostFrame(frame);
			assert.ok(decoded.kind === "part");
			const { json, ...told } = decoded;
			const expected = { type: "host-domains", id: 9, parts: 3 };
			assert.deepEqual(told, { kind: "part", ...expected, part: index + 1 });
			const text = new TextDecoder("utf-8", { fatal: true }).decode(json);
			return text;
		});
		assert.deepEqual(JSON.parse(slices.join("")), statements);
	}
});

const bad: readonly (readonly [bytes: Buffer, problem: string])[] = [
	[Buffer.alloc(0), "is no host document"],
	[hostBytes("").subarray(0, 13), "is no host document"],
	[Buffer.alloc(60), "is no host document"],
	...[
		"",
		"{",
		"null",
		"[]",
		'"tick"',
		"{}",
		'{"type":7}',
		"\n{}",
		Buffer.from('{"type":"\xff"}', "latin1"),
	].map(
		(text) =>
			[
				hostBytes(text),
				"does not begin with a line of JSON that names a type",
			] as const,
	),
	...[
		'{"type":"tick"}',
		'{"type":"tick","untilNs":5,"dropsTotal":0,"monotonicNs":"5"}',
		'{"type":"tick","untilNs":"-5","dropsTotal":0,"monotonicNs":"5"}',
		'{"type":"tick","untilNs":"5","dropsTotal":-1,"monotonicNs":"5"}',
		'{"type":"tick","untilNs":"5","dropsTotal":1.5,"monotonicNs":"5"}',
		'{"type":"tick","untilNs":"5","dropsTotal":"0","monotonicNs":"5"}',
		'{"type":"tick","untilNs":"5","monotonicNs":"5"}',
		'{"type":"tick","untilNs":"5","dropsTotal":0,"monotonicNs":"1e9"}',
		`{"type":"tick","untilNs":"${"9".repeat(21)}","dropsTotal":0,"monotonicNs":"5"}`,
	].map(
		(text) =>
			[
				hostBytes(text),
				"is a tick without a sound untilNs, monotonicNs and dropsTotal",
			] as const,
	),
	...[
		'{"type":"host-links"}',
		'{"type":"host-links","id":1,"part":1}',
		'{"type":"host-links","id":"1","part":1,"parts":1}',
		'{"type":"host-links","id":1,"part":-1,"parts":1}',
		'{"type":"host-links","id":1,"part":1,"parts":1e300}',
		'{"type":"host-links","id":1,"part":1,"parts":null}',
	].map(
		(text) =>
			[
				hostBytes(text),
				"is of host-links without a sound id, part and parts",
			] as const,
	),
	[
		hostBytes('{"type":"host-links","id":1,"part":1,"parts":1000000000}'),
		"claims 1000000000 parts of host-links (at most 4096 are believed)",
	],
	[
		hostBytes(partText("host-links", 1, [0, 2], "")),
		"is part 0 of 2 of host-links",
	],
	[
		hostBytes(partText("host-links", 1, [3, 2], "")),
		"is part 3 of 2 of host-links",
	],
];

for (const [bytes, problem] of bad) {
	const shown = JSON.stringify(bytes.toString("latin1", 14, 90));
	test(`decodeHostFrame() says of ${bytes.length} bytes, ${shown}: it ${problem}`, () => {
		assert.deepEqual(decodeHostFrame(bytes), { kind: "bad", problem });
	});
}

test("decodeHostFrame() passes on types it does not know, safe to show", () => {
	for (const type of ["host-quantum", "", "toString", "__proto__"]) {
		const text = partText(type, 1, [1, 1], "[]");
		assert.deepEqual(decodeHostFrame(hostBytes(text)), {
			kind: "unknown",
			type,
		});
	}
	assert.deepEqual(decodeHostFrame(hostBytes('{"type":"a\\u001b[2J"}')), {
		kind: "unknown",
		type: "a\\x1b[2J",
	});
});

test("decodeHostFrame() throws at no bytes", () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
			decodeHostFrame(Buffer.from(bytes));
			decodeHostFrame(hostBytes(bytes));
		}),
	);
	fc.assert(
		fc.property(fc.json(), (text) => {
			decodeHostFrame(hostBytes(text));
			decodeStatements(Buffer.from(text));
		}),
	);
});

const wrongStatements = [
	"1",
	"[1]",
	"[null]",
	"[[]]",
	"[{}]",
	'[{"source":1,"output":1,"gap":null}]',
	'[{"source":"s","gap":null}]',
	'[{"source":"s","output":1}]',
	'[{"source":"s","output":1,"gap":"none"}]',
	'[{"source":"s","output":1,"gap":{}}]',
	'[{"source":"s","output":1,"gap":{"reason":"r"}}]',
	'[{"source":"s","output":1,"gap":{"reason":null,"fix":null}}]',
	'[{"source":"s","output":1,"gap":{"reason":"r","fix":4}}]',
];

test("decodeStatements() takes only what has all fields", () => {
	const [first, ...rest] = wrongStatements;
	assert.equal(
		decodeStatements(Buffer.from(first ?? "")),
		"is not a JSON array",
	);
	for (const text of rest) {
		assert.equal(
			decodeStatements(Buffer.from(text)),
			"has a statement 1 without a source, an output or a gap",
			text,
		);
	}
	const json = '[{"more":1,"gap":null,"output":[{}],"source":"s"}]';
	assert.deepEqual(decodeStatements(Buffer.from(json)), [
		{ source: "s", output: [{}], gap: null },
	]);
});

test("decodeStatements() refuses millions of values before it parses them", () => {
	const json = Buffer.from(`[${"{},".repeat(1_000_000)}{}]`);
	assert.equal(decodeStatements(json), "has more than 1000000 values");
});

test("encodeDocument() says of what no reader would take that it is too long", () => {
	const statements = [
		{ source: "nft", output: "\\".repeat(33 * 1024 * 1024), gap: null },
	];
	const [frame, ...more] = encodeDocument(
		{ type: "host-firewall", statements },
		1,
	);
	assert.deepEqual(more, []);
	const decoded = decodeHostFrame(frame ?? Buffer.alloc(0));
	assert.ok(decoded.kind === "part");
	assert.deepEqual(decodeStatements(decoded.json), [
		{
			source: "nft",
			output: null,
			gap: { reason: "its output is too long for the log", fix: null },
		},
	]);
});
