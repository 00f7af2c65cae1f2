import assert from "node:assert/strict";
import { test } from "node:test";
import type { Cause } from "../../src/model/exchange.js";
import { drawHappening } from "../../src/tui/cause-rows.js";

function cause(id: string, certainty: Cause["certainty"]): Cause {
	return { id, certainty, evidence: [], fix: "" };
}

const text = "✗ 12 lost inwards between enp65s0f0np0.4094 and br0";
const brief = "✗ 12 lost enp65s0f0np0.4094 → br0";
const one = [cause("bridge-netfilter-forward-drop", "proven")];
const three = ["dhcp-server-silent", "dhcp-server-down", "uplink-filtered"].map(
	(id) => cause(id, "possible"),
);

function draw(causes: readonly Cause[], columns: number, most = 2): string[] {
	return drawHappening({ text, brief, causes }, columns, most);
}

test("drawHappening() is one row where there is room, in fewer words before it is two", () => {
	const named = "bridge-netfilter-forward-drop (proven)";
	assert.deepEqual(draw(one, 118), [`${text}: ${named}`]);
	assert.deepEqual(draw(one, 78), [`${brief}: ${named}`]);
	assert.deepEqual(draw(one, 70), [text, `  ${named}`]);
	assert.deepEqual(draw([], 70), [text]);
});

test("drawHappening() shows how certain a cause is, wherever it is cut", () => {
	assert.deepEqual(draw(three, 78), [
		text,
		"  dhcp-server-silent or dhcp-server-down or uplink-filtered (possible)",
	]);
	assert.deepEqual(draw(three, 58), [
		text,
		"  dhcp-server-silent or 2 more (possible)",
	]);
	assert.deepEqual(draw(three, 78, 1), [
		`${brief}: dhcp-server-silent or 2 more (possible)`,
	]);
	assert.deepEqual(draw(one, 60, 1), [
		`bridge-netfilter-forward-drop (proven): ${brief}`,
	]);
});
