import assert from "node:assert/strict";
import { test } from "node:test";
import { makeSafe } from "../../src/model/safe-text.js";
import { drawRow } from "../../src/tui/draw-list.js";
import { exchange } from "../show/exchanges.js";
import { exchangeRow } from "./worlds.js";

const look = {
	paint: (_tone: string, text: string) => text,
	hasUnicode: true,
};
const inVain = exchange({
	protocol: "arp",
	outcome: "inconclusive",
	lease: null,
	summary: makeSafe("ARP who-has 192.168.100.99 tell 192.168.100.1"),
	reason: makeSafe("asked 3 times and not answered within 774 ms"),
});

function draw(columns: number): string {
	return drawRow(exchangeRow(inVain), false, columns, false, look).trimEnd();
}

test("drawRow() says why an exchange cannot be told, as far as there is room", () => {
	const asked = "ARP who-has 192.168.100.99 tell 192.168.100.1";
	const why = "asked 3 times and not answered within 774 ms";
	assert.match(draw(160), new RegExp(`^ \\? .*${asked} +cannot tell  ${why}$`));
	assert.match(draw(120), new RegExp(`^ \\? .*${asked} +${why}$`));
	assert.match(draw(80), new RegExp(`^ \\? .*${asked} +cannot tell$`));
});
