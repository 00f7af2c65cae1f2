import assert from "node:assert/strict";
import { test } from "node:test";
import { Notices } from "../../src/commands/notices.js";
import { makeSafe } from "../../src/model/safe-text.js";

function createNotices() {
	const told: string[] = [];
	const names = [makeSafe("a.pcap"), makeSafe("b.pcap")];
	return { told, notices: new Notices(names, (line) => told.push(line)) };
}

test("Notices tell file, place and remark", () => {
	const { told, notices } = createNotices();
	notices.add({ source: 0, offset: 24, message: "is cut" });
	notices.add({ source: 1, offset: null, message: "has no name" });
	notices.end();
	assert.deepEqual(told, ["a.pcap: byte 24: is cut", "b.pcap: has no name"]);
});

test("Notices tell ten remarks a file, and count the others", () => {
	const { told, notices } = createNotices();
	for (let offset = 0; offset < 12; offset += 1) {
		notices.add({ source: 0, offset, message: "is wrong" });
	}
	for (let offset = 0; offset < 11; offset += 1) {
		notices.add({ source: 1, offset, message: "is wrong" });
	}
	assert.equal(told.length, 20);
	notices.end();
	assert.deepEqual(told.slice(20), [
		"a.pcap: 2 more such remarks",
		"b.pcap: 1 more such remark",
	]);
});

test("Notices tell ten of ten, and nothing more at the end", () => {
	const { told, notices } = createNotices();
	for (let offset = 0; offset < 10; offset += 1) {
		notices.add({ source: 0, offset, message: "is wrong" });
	}
	notices.end();
	assert.equal(told.length, 10);
});
