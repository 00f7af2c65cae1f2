import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { topologyToJson } from "../../src/show/topology-json.js";
import { buildTopology } from "../../src/topology/build-topology.js";
import { documentsOf } from "../topology/documents.js";
import { hostileHost } from "../topology/hostile-host.js";
import {
	bondedHost,
	missionHost,
	openstackHost,
	proxmoxHost,
	unbridgedHost,
} from "../topology/hosts.js";

const url = new URL("../../../src/show/vmpath-1.schema.json", import.meta.url);
const schema = JSON.parse(readFileSync(url, "utf8"));
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
ajv.addSchema(schema);
const validate = ajv.compile<object>({ $ref: `${schema.$id}#/$defs/topology` });

const hosts = [
	missionHost,
	proxmoxHost,
	openstackHost,
	unbridgedHost,
	() => bondedHost("BACKUP"),
	hostileHost,
	() => ({}),
];

test("topologyToJson() is as the schema says, nothing missing", () => {
	for (const words of hosts) {
		const topology = buildTopology(documentsOf(words()));
		const json: Record<string, unknown> = JSON.parse(
			JSON.stringify(topologyToJson(topology)),
		);
		assert.ok(validate(json), ajv.errorsText(validate.errors));
		for (const key of Object.keys(json)) {
			const { [key]: _, ...less } = json;
			assert.ok(!validate(less), `without ${key}`);
		}
		assert.ok(!validate({ ...json, more: 1 }));
	}
});
