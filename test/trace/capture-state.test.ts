import assert from "node:assert/strict";
import { test } from "node:test";
import type { HostDocument, Json } from "../../src/model/host-document.js";
import { parseEngine } from "../../src/trace/capture-state.js";
import { EventLogScript } from "./event-log.js";

function said(output: Json): HostDocument {
	const statement = { source: "vmpath record", output, gap: null };
	return { type: "capture", statements: [statement] };
}

test("parseEngine() takes what the recorder says, made safe, and nothing else", () => {
	assert.equal(parseEngine(said({ engine: "packet" })), "packet");
	assert.equal(parseEngine(said({ engine: "\u001b[2J" })), "\\x1b[2J");
	for (const output of [null, {}, [], "packet", { engine: 1 }]) {
		assert.equal(parseEngine(said(output)), null);
	}
	assert.equal(parseEngine({ type: "capture", statements: [] }), null);
});

test("a port without a counter has lost nothing as soon as a tick counts", async () => {
	const drops = async (log: EventLogScript) => {
		const { ports } = await log.play();
		return ports.map(({ name, drops }) => `${name} ${drops}`);
	};
	const capture = () =>
		new EventLogScript().capture([{ name: "vnet0" }, { name: "ens3" }]);
	assert.deepEqual(await drops(capture()), ["vnet0 null", "ens3 null"]);
	assert.deepEqual(await drops(capture().tick(0)), ["vnet0 0", "ens3 0"]);
	assert.deepEqual(await drops(capture().drops("ens3", 50, 7).tick(100)), [
		"vnet0 0",
		"ens3 7",
	]);
});
