import assert from "node:assert/strict";
import { test } from "node:test";
import { makeSafe } from "../../src/model/safe-text.js";
import { paintNothing } from "../../src/show/style.js";
import { listRemarks } from "../../src/show/topology-remarks.js";

const remarks = {
	findings: [],
	gaps: [
		{
			source: makeSafe("virsh list --all"),
			reason: makeSafe("libvirtd is not running"),
			fix: makeSafe("systemctl start libvirtd (or virtqemud and virtnetworkd)"),
		},
		{
			source: makeSafe("ss -l"),
			reason: makeSafe("it did not answer"),
			fix: null,
		},
	],
};

test("listRemarks() says of a log's gaps that they are mended on the captured host", () => {
	const layout = { columns: null, paint: paintNothing };
	assert.deepEqual(listRemarks(remarks, layout), [
		[
			"could not be read",
			"? virsh list --all: libvirtd is not running",
			"  fix: on the captured host: systemctl start libvirtd (or virtqemud and virtnetworkd)",
			"? ss -l: it did not answer",
		],
	]);
});

test("listRemarks() gives the mere command where that host is this one", () => {
	const layout = { columns: 44, paint: paintNothing };
	assert.deepEqual(listRemarks(remarks, layout, "here"), [
		[
			"could not be read",
			"? virsh list --all: libvirtd is not running",
			"  fix: systemctl start libvirtd (or",
			"       virtqemud and virtnetworkd)",
			"? ss -l: it did not answer",
		],
	]);
});
