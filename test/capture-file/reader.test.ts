import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { NotACaptureError } from "../../src/capture-file/sink.js";
import { captures } from "./captures.js";
import { Collector, cut, openCapture, readCapture } from "./collect.js";

const strangers: readonly (readonly [
	first: Buffer | string,
	message: string,
])[] = [
	["", "is empty"],
	["abc", "is not a capture: it has 3 bytes"],
	["some text", 'is not a capture: pcap and pcapng do not begin with "some"'],
	[
		Buffer.from("1b5b324a00", "hex"),
		'is not a capture: pcap and pcapng do not begin with "\\x1b[2J"',
	],
	[
		Buffer.from("28b52ffd04", "hex"),
		"is zstd-compressed (use `zstd -dc FILE | vmpath replay -`), not a pcap or pcapng",
	],
	[
		Buffer.from("fd377a585a00", "hex"),
		"is xz-compressed (use `xz -dc FILE | vmpath replay -`), not a pcap or pcapng",
	],
	[
		"BZh91AY",
		"is bzip2-compressed (use `bzip2 -dc FILE | vmpath replay -`), not a pcap or pcapng",
	],
	["PK\x03\x04....", "is a zip archive, not a pcap or pcapng"],
	[
		"snoop\0\0\0",
		"is a snoop capture (convert it with `editcap -F pcapng`), not a pcap or pcapng",
	],
	[
		"XCP\0",
		"is a NetXRay capture (convert it with `editcap -F pcapng`), not a pcap or pcapng",
	],
];

for (const [first, message] of strangers) {
	test(`createCaptureReader() says of a file: it ${message}`, () => {
		const bytes = Buffer.from(first as string, "latin1");
		for (const chunkLength of [bytes.length || 1, 1]) {
			assert.throws(
				() => readCapture(bytes, { chunkLength }),
				new NotACaptureError(message),
			);
		}
	});
}

test("createCaptureReader() leaves gzip to its caller", () => {
	const [bytes = Buffer.alloc(0)] = Object.values(captures);
	assert.throws(() => readCapture(gzipSync(bytes)), NotACaptureError);
});

test("createCaptureReader() has counts and a span before the first byte", () => {
	const reader = openCapture(new Collector());
	assert.deepEqual(reader.counts, { read: 0, untimed: 0 });
	assert.deepEqual(reader.span, { first: null, latest: null, disorderNs: 0 });
	for (const chunk of cut(Buffer.from("d4c3b2", "hex"), 1)) {
		reader.write(chunk);
	}
	assert.deepEqual(reader.counts, { read: 0, untimed: 0 });
});
