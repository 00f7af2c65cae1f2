import assert from "node:assert/strict";
import { test } from "node:test";
import { createOptions, optionValue } from "../../src/wire/dhcp-options.js";
import { collectOptions } from "../../src/wire/dhcp-overload.js";
import { ByteReader } from "../../src/wire/reader.js";
import { hex } from "./bytes.js";

const hostName = { code: 12, name: "host name" };

function collect(field: string, file = "", sname = "") {
	const options = createOptions();
	const [first, second, third] = [field, file, sname].map(
		(text) => new ByteReader(hex(text)),
	);
	assert.ok(first && second && third);
	collectOptions(options, first, second, third);
	return options;
}

test("collectOptions() joins an option that was split in three (RFC 3396)", () => {
	const options = collect("0c 01 61 35 01 02 0c 02 6263 0c 01 64 ff");
	assert.deepEqual(optionValue(options, hostName), hex("61626364"));
	assert.equal(options.problem, null);
});

test("collectOptions() skips padding, and stops at the end option", () => {
	const options = collect("00 00 0c 01 61 00 ff 0c 01 62");
	assert.deepEqual(optionValue(options, hostName), hex("61"));
});

test("collectOptions() does not follow an overload that stands in an overloaded field", () => {
	const options = collect("34 01 01 ff", "34 01 03 ff", "0c 01 61 ff");
	assert.equal(optionValue(options, hostName), null);
});

test("collectOptions() lets no option run from one field into the next", () => {
	const options = collect("34 01 03 ff", "0c 03 61", "0c 01 62 ff");
	assert.deepEqual(optionValue(options, hostName), hex("62"));
	assert.equal(
		options.problem,
		"dhcp option 12: 3 bytes wanted at offset 2, 1 left",
	);
});

test("optionValue() tells an empty option from one that is missing", () => {
	const options = collect("0c 00 ff");
	assert.deepEqual(optionValue(options, hostName), hex(""));
	assert.equal(optionValue(options, { code: 15, name: "domain name" }), null);
});
