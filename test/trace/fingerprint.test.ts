import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { linkType } from "../../src/model/capture.js";
import { fingerprint, routedFingerprint } from "../../src/trace/fingerprint.js";
import { decodeFrame } from "../../src/wire/frame.js";
import { buildFrame, type Fields } from "./notation-frames.js";

function digest(label: string, fields: Fields): number {
	const bytes = buildFrame(label, fields);
	return fingerprint(
		decodeFrame(bytes, bytes.length, linkType.ethernet),
		bytes,
	);
}

function routedDigest(label: string, fields: Fields): number | null {
	const bytes = buildFrame(label, fields);
	return routedFingerprint(
		decodeFrame(bytes, bytes.length, linkType.ethernet),
		bytes,
	);
}

describe("fingerprint() is the same whatever changes on the way (rule 1)", () => {
	for (const fields of [
		{ ttl: "63" },
		{ vlan: "10" },
		{ pad: "18" },
		{ via: "lan" },
	]) {
		test(JSON.stringify(fields), () => {
			for (const label of ["echo", "who-has", "discover"]) {
				assert.equal(digest(label, { ...fields }), digest(label, {}));
			}
		});
	}
});

describe("fingerprint() tells frames apart", () => {
	const pairs: readonly (readonly [string, Fields])[] = [
		["echo", { seq: "2" }],
		["echo", { id: "8" }],
		["echo", { ipid: "78" }],
		["echo", { from: "vm2" }],
		["echo", { to: "lan" }],
		["echo", { data: "6162636465666769" }],
		["echo", { fragment: "8192", ipid: "79" }],
		["who-has", { to: "lan" }],
		["who-has", { from: "vm2" }],
		["discover", { secs: "3" }],
		["discover", { xid: "3903f327" }],
		["discover", { ipid: "78" }],
	];
	for (const [label, fields] of pairs) {
		test(`${label} ${JSON.stringify(fields)}`, () => {
			assert.notEqual(digest(label, fields), digest(label, {}));
		});
	}
});

describe("routedFingerprint()", () => {
	test("is the same behind masquerade", () => {
		const before = { from: "vm3", to: "world" };
		const after = { from: "host", to: "world", ttl: "63", id: "21234" };
		assert.equal(routedDigest("echo", before), routedDigest("echo", after));
	});

	test("is the same when the quoted packet is translated back", () => {
		assert.equal(
			routedDigest("expired", { from: "gw", to: "host", quotes: "host" }),
			routedDigest("expired", { from: "gw", to: "vm3", quotes: "vm3" }),
		);
	});

	test("tells packets apart by sequence, IP identification and payload", () => {
		for (const fields of [{ seq: "2" }, { ipid: "78" }, { data: "7a" }]) {
			assert.notEqual(routedDigest("echo", fields), routedDigest("echo", {}));
		}
	});

	test("is null for what is not ICMP", () => {
		assert.equal(routedDigest("who-has", {}), null);
		assert.equal(routedDigest("discover", {}), null);
	});
});
