import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { topologyToJson } from "../../src/show/topology-json.js";
import { buildTopology } from "../../src/topology/build-topology.js";
import { DecodeJsonError } from "../../src/topology/decode.js";
import { parseTopology } from "../../src/topology/parse-topology.js";
import { documentsOf } from "./documents.js";
import { hostileHost } from "./hostile-host.js";
import {
	bondedHost,
	missionHost,
	openstackHost,
	proxmoxHost,
	unbridgedHost,
} from "./hosts.js";

const hosts = {
	missionHost,
	proxmoxHost,
	openstackHost,
	unbridgedHost,
	bonded: () => bondedHost("ACTIVE"),
	hostileHost,
};

for (const [name, words] of Object.entries(hosts)) {
	test(`parseTopology() reads back what topologyToJson() wrote of ${name}`, () => {
		const topology = buildTopology(documentsOf(words()));
		const json = JSON.stringify(topologyToJson(topology));
		assert.deepEqual(parseTopology(JSON.parse(json)), topology);
	});
}

/** The mission's host as JSON, with one thing in it changed. */
function changed(change: (json: Record<string, unknown[]>) => void): unknown {
	const topology = buildTopology(documentsOf(missionHost()));
	const json = JSON.parse(JSON.stringify(topologyToJson(topology)));
	change(json);
	return json;
}

const wrong: readonly (readonly [unknown, string])[] = [
	[null, "it is not an object: null"],
	[[], "it is not an object: []"],
	[{}, "type is missing"],
	[{ type: "meta" }, 'type is not one of topology: "meta"'],
	[
		changed((json) => {
			json.more = [];
		}),
		"more is not known",
	],
	[
		changed(({ ports = [] }) => {
			ports[1] = 7;
		}),
		"ports[1] is not an object: 7",
	],
	[
		changed(({ ports }) => {
			Object.assign(ports?.[2] ?? {}, { index: -1 });
		}),
		"ports[2].index is not a whole number from 0 on: -1",
	],
	[
		changed(({ domains }) => {
			const [domain] = (domains ?? []) as { nics: object[] }[];
			Object.assign(domain?.nics[0] ?? {}, { mac: "52:54" });
		}),
		'domains[0].nics[0].mac is not a MAC address: "52:54"',
	],
	[
		changed(({ paths }) => {
			Object.assign(paths?.[0] ?? {}, { gateway: "\u001b[2J" });
		}),
		'paths[0].gateway is not an IPv4 address: "\\\\u001b[2J"',
	],
	[
		changed(({ gaps = [] }) => {
			gaps.push({ source: "a", reason: "b" });
		}),
		"gaps[0].fix is missing",
	],
];

test("parseTopology() says where an object is not a topology", () => {
	for (const [json, message] of wrong) {
		assert.throws(() => parseTopology(json), new DecodeJsonError(message));
	}
});

test("parseTopology() makes texts safe that are not", () => {
	const json = changed(({ ports }) => {
		Object.assign(ports?.[0] ?? {}, { name: "\u001b]0;x\u0007\u202e" });
	});
	assert.equal(parseTopology(json).ports[0]?.name, "\\x1b]0;x\\x07\\u202e");
});

test("parseTopology() throws nothing else, whatever it is given", () => {
	const base = changed(() => {}) as Record<string, unknown>;
	const keys = fc.constantFrom(...Object.keys(base));
	fc.assert(
		fc.property(keys, fc.jsonValue(), (key, value) => {
			try {
				parseTopology({ ...base, [key]: value });
			} catch (error) {
				assert.ok(error instanceof DecodeJsonError, String(error));
				assert.ok(!error.message.includes("\n"));
			}
		}),
	);
});
