import assert from "node:assert/strict";
import { test } from "node:test";
import {
	parseOpenFiles,
	readDescriptorLimit,
} from "../../src/recorder/descriptor-limit.js";

test("parseOpenFiles() gives the soft limit", () => {
	const limits = `Limit                     Soft Limit           Hard Limit           Units
Max processes             96000                96000                processes
Max open files            1024                 524288               files
`;
	assert.equal(parseOpenFiles(limits), 1024);
	assert.equal(
		parseOpenFiles("Max open files   unlimited unlimited files"),
		Number.POSITIVE_INFINITY,
	);
	assert.equal(parseOpenFiles(""), Number.POSITIVE_INFINITY);
});

test("readDescriptorLimit() leaves some for others", () => {
	assert.ok(readDescriptorLimit() >= 1);
});
