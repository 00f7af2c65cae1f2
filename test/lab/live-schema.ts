import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { JsonObject } from "./live-objects.js";

const schemaUrl = new URL(
	"../../../src/show/vmpath-1.schema.json",
	import.meta.url,
);

/** Each line is as the published schema says; meta comes first, the summary last. */
export async function checkSchema(
	objects: readonly JsonObject[],
): Promise<void> {
	const schema = JSON.parse(await readFile(schemaUrl, "utf8"));
	const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
	ajv.addSchema(schema);
	for (const object of objects) {
		// Of its own kind, else it is told of all kinds why it is none of them.
		const validate = ajv.getSchema(`${schema.$id}#/$defs/${object.type}`);
		const isSound = validate?.(object) ?? false;
		const [why] = validate?.errors ?? [];
		assert.ok(isSound, `${JSON.stringify(why)} in ${JSON.stringify(object)}`);
	}
	assert.equal(objects[0]?.type, "meta");
	assert.equal(objects.at(-1)?.type, "summary");
}
