import assert from "node:assert/strict";
import { test } from "node:test";
import {
	endOfOptions,
	enhancedPacket,
	interfaceBlock,
	join,
	option,
	raw,
	section,
	statistics,
	uint,
} from "./build.js";
import { readCapture } from "./collect.js";

const frame = Buffer.from("0123456789abcd", "hex");

test("PcapngReader sums up what statistics say was dropped", () => {
	const { drops, complaints } = readCapture(
		join(
			section(),
			interfaceBlock({ name: "vnet0" }),
			interfaceBlock({ name: "br0" }),
			enhancedPacket(frame, {}, option(4, uint(2, 8))), // epb_dropcount
			statistics(1, option(4, uint(99, 8)), option(5, uint(7, 8))), // ifrecv, ifdrop
			statistics(0, option(5, uint(1, 8)), option(7, uint(4, 8))), // ifdrop, osdrop
			statistics(0, option(5, uint(3, 8))),
			statistics(1, option(5, uint(-1, 8)), option(7, uint(8, 8))), // not known
		)(true),
	);
	assert.deepEqual(drops, [
		{ interface: 0, dropped: 2 },
		{ interface: 1, dropped: 7 },
		{ interface: 0, dropped: 5 },
		{ interface: 0, dropped: 5 },
		{ interface: 1, dropped: 8 },
	]);
	assert.deepEqual(complaints, []);
});

test("PcapngReader makes comments safe to show", () => {
	const { comments } = readCapture(
		join(section(option(1, raw("bell \x07\0rest")), endOfOptions))(false),
	);
	assert.deepEqual(comments, [{ source: 0, comment: "bell \\x07" }]);
});
