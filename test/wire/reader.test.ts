import assert from "node:assert/strict";
import { test } from "node:test";
import { ByteReader, DecodeError } from "../../src/wire/reader.js";
import { hex } from "./bytes.js";

test("ByteReader takes big-endian fields one after the other", () => {
	const reader = new ByteReader(
		hex("01 0203 040506 fffefdfc 525400000001 0a000001 aabb"),
	);
	assert.equal(reader.u8("a"), 0x01);
	assert.equal(reader.u16("b"), 0x0203);
	assert.equal(reader.u24("c"), 0x040506);
	assert.equal(reader.u32("d"), 0xfffefdfc);
	assert.equal(reader.mac("e"), "52:54:00:00:00:01");
	assert.equal(reader.ipv4("f"), "10.0.0.1");
	assert.deepEqual(reader.take(2, "g"), hex("aabb"));
	assert.equal(reader.remaining, 0);
	assert.equal(reader.position, 22);
});

test("ByteReader names the field that does not fit, and where", () => {
	const reader = new ByteReader(hex("0102"));
	reader.skip(1, "code");
	assert.throws(
		() => reader.u16("identifier"),
		new DecodeError("identifier: 2 bytes wanted at offset 1, 1 left"),
	);
	assert.equal(reader.position, 1);
	assert.equal(reader.u8("rest"), 2);
	assert.throws(
		() => reader.u8("more"),
		new DecodeError("more: 1 byte wanted at offset 2, 0 left"),
	);
});

test("ByteReader says how much was captured of a snapped frame", () => {
	const reader = new ByteReader(hex("0102"), 98);
	assert.throws(
		() => reader.u32("xid"),
		new DecodeError(
			"xid: 4 bytes wanted at offset 0, 2 left (captured 2 of 98 bytes)",
		),
	);
});

test("ByteReader blames the limit, not the capture, for what lies beyond the limit", () => {
	const reader = new ByteReader(hex("01020304"), 98);
	assert.equal(reader.isCut, true);
	reader.limit(3);
	assert.equal(reader.isCut, false);
	assert.throws(
		() => reader.u32("xid"),
		new DecodeError("xid: 4 bytes wanted at offset 0, 3 left"),
	);
});

test("ByteReader.limit() never gives more than there is", () => {
	const reader = new ByteReader(hex("01020304"));
	reader.limit(3);
	reader.limit(100);
	assert.equal(reader.end, 3);
	assert.equal(reader.isCut, true);
});

test("ByteReader.peek() leaves the byte unread, and is null beyond the limit", () => {
	const reader = new ByteReader(hex("010203"));
	reader.limit(2);
	assert.equal(reader.peek(1), 2);
	assert.equal(reader.peek(2), null);
	assert.equal(reader.position, 0);
});

test("ByteReader.window() reads a part of the same frame at its own offsets", () => {
	const reader = new ByteReader(hex("0102030405"));
	const window = reader.window(2, 2);
	assert.equal(window.u8("a"), 3);
	assert.throws(
		() => window.u16("b"),
		new DecodeError("b: 2 bytes wanted at offset 3, 1 left"),
	);
	assert.equal(reader.position, 0);
});

test("ByteReader believes the bytes when the file states a shorter length", () => {
	const reader = new ByteReader(hex("010203"), 1);
	assert.equal(reader.wireLength, 3);
	assert.equal(reader.isCut, false);
});
