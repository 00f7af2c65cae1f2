import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { Failure } from "../../src/commands/failure.js";
import { readGivenTopology } from "../../src/commands/given-topology.js";
import { topologyToJson } from "../../src/show/topology-json.js";
import { buildTopology } from "../../src/topology/build-topology.js";

const folder = mkdtempSync(join(tmpdir(), "vmpath-topology-"));
after(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
	const path = join(folder, name);
	writeFileSync(path, text);
	return path;
}

const topology = write(
	"host.json",
	JSON.stringify(topologyToJson(buildTopology([]))),
);
const xml = write(
	"web.xml",
	`<domain><name>web</name><devices><interface type='bridge'>
		<mac address='52:54:00:00:00:01'/><source bridge='br0'/>
	</interface></devices></domain>`,
);

async function failureOf(
	files: Parameters<typeof readGivenTopology>[0],
): Promise<string> {
	const error = await readGivenTopology(files).catch((thrown) => thrown);
	assert.ok(error instanceof Failure);
	return error.message.replaceAll(folder, "");
}

describe("readGivenTopology()", () => {
	test("reads nothing where nothing is named", async () => {
		assert.equal(await readGivenTopology({}), null);
	});

	test("joins a topology with files of domain XML", async () => {
		const found = await readGivenTopology({ topology, domainXml: [xml] });
		assert.deepEqual(
			found?.domains.map(({ name, nics }) => [`${name}`, nics[0]?.mac]),
			[["web", "52:54:00:00:00:01"]],
		);
	});

	test("takes files of domain XML alone", async () => {
		const found = await readGivenTopology({ domainXml: [xml] });
		assert.equal(found?.domains.length, 1);
	});

	test("says in one line what is wrong with a file", async () => {
		const notJson = write("not.json", "no\njson");
		const wrong = write("wrong.json", '{"type":"journey"}');
		for (const [path, what] of [
			[notJson, /^--topology \/not.json: .*vmpath topology --format json/],
			[wrong, /^--topology \/wrong.json: .*vmpath topology --format json/],
			[join(folder, "none"), /^cannot read \/none: there is no such file$/],
		] as const) {
			const message = await failureOf({ topology: path });
			assert.match(message, what);
			assert.doesNotMatch(message, /\n/);
		}
		const message = await failureOf({ domainXml: [topology] });
		assert.match(message, /host\.json/);
	});
});
