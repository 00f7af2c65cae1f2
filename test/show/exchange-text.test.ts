import assert from "node:assert/strict";
import { test } from "node:test";
import type { Exchange } from "../../src/model/exchange.js";
import { makeSafe } from "../../src/model/safe-text.js";
import { exchangeToText, isWorthARow } from "../../src/show/exchange-text.js";
import { paintNothing } from "../../src/show/style.js";
import { exchange } from "./exchanges.js";

function read(changes: Partial<Exchange>): string {
	const text = exchangeToText(exchange(changes), paintNothing);
	return `${text.mark} ${text.path.join(" ")}`;
}

test("exchangeToText() says in how long a lease was got", () => {
	assert.equal(read({}), "◆ delivered in 33.7 ms");
	assert.equal(read({ outcome: "degraded" }), "◇ degraded in 33.7 ms");
});

test("exchangeToText() says where a message was lost", () => {
	const lost = {
		outcome: "lost",
		message: "offer",
		lastSeen: makeSafe("br0"),
		firstMissing: makeSafe("vnet0"),
		lease: null,
	} as const;
	assert.equal(read(lost), "✗ offer lost between br0 and vnet0");
});

test("exchangeToText() says beyond which port the trouble is", () => {
	const unanswered = {
		outcome: "unanswered",
		message: "discover",
		lastSeen: makeSafe("ens3"),
		lease: null,
	} as const;
	assert.equal(
		read(unanswered),
		"○ discover unanswered: the trouble is beyond ens3",
	);
});

test("exchangeToText() says for whom nobody answered", () => {
	const unanswered = {
		protocol: "arp",
		outcome: "unanswered",
		message: "request",
		lastSeen: makeSafe("ens3"),
		summary: makeSafe("ARP who-has 192.168.77.250 tell 192.168.77.86"),
		lease: null,
	} as const;
	assert.equal(read(unanswered), "○ nobody answered for 192.168.77.250");
});

test("isWorthARow() is for what cannot be told although its frames arrived", () => {
	const echo = { protocol: "icmp", lease: null } as const;
	const doubted = { ...echo, outcome: "inconclusive" } as const;
	const message = { message: "echo-request", journey: 1 };
	const arrived = [{ ...message, outcome: "delivered" as const }];
	const unsure = [{ ...message, outcome: "inconclusive" as const }];
	assert.ok(isWorthARow(exchange({ ...doubted, messages: arrived })));
	assert.ok(!isWorthARow(exchange({ ...doubted, messages: unsure })));
	assert.ok(!isWorthARow(exchange({ ...echo, messages: arrived })));
});

test("exchangeToText() says who refused, and what", () => {
	const refused = { outcome: "refused", message: "nak", lease: null } as const;
	assert.equal(read(refused), "⊘ refused by nak from 192.168.100.1");
});

test("exchangeToText() leaves the reason to the remark", () => {
	const reason = "the capture ended 12 ms after the OFFER";
	const changes = { outcome: "inconclusive", reason, lease: null } as const;
	const text = exchangeToText(exchange(changes), paintNothing);
	assert.equal(`${text.mark} ${text.path.join("")}`, "? cannot tell");
	assert.equal(text.remark, reason);
});

test("isWorthARow() is for what journeys do not say", () => {
	assert.equal(isWorthARow(exchange({})), true);
	const echo = { protocol: "icmp", lease: null } as const;
	assert.equal(isWorthARow(exchange(echo)), false);
	assert.equal(isWorthARow(exchange({ ...echo, outcome: "lost" })), false);
	assert.equal(isWorthARow(exchange({ ...echo, outcome: "unanswered" })), true);
});
