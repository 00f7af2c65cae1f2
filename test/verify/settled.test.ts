import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { addNs } from "../../src/model/capture.js";
import type { Exchange } from "../../src/model/exchange.js";
import { makeSafe } from "../../src/model/safe-text.js";
import type { VerdictSubject } from "../../src/model/verdict.js";
import type { TracedExchange } from "../../src/verify/evidence.js";
import { describeProgress } from "../../src/verify/progress.js";
import { isSettled } from "../../src/verify/settled.js";
import { verify } from "../../src/verify/verify.js";
import {
	begin,
	dora,
	evidenceOf,
	exchangeOf,
	journeyOf,
	options,
	router,
	type Said,
	stateOf,
	vm1,
	vmIp,
} from "./build.js";

function settled(
	exchanges: readonly TracedExchange[],
	endMs: number,
	open: readonly Said[] = [],
	kind: VerdictSubject = "dhcp",
): boolean {
	const evidence = evidenceOf(exchanges);
	for (const said of open) {
		evidence.noteJourney(journeyOf(said, kind === "dhcp" ? "dhcp" : "icmp"));
	}
	const state = stateOf({ end: addNs(begin, endMs * 1e6) });
	const all = { ...options, gateway: router };
	const verdict = verify(kind, vm1, evidence, state, all);
	return isSettled(verdict, vm1, evidence, state);
}

const refused = exchangeOf(
	[
		{ message: "request", atMs: 0 },
		{ message: "nak", atMs: 1 },
	],
	{ outcome: "refused", message: "nak" },
);
const inconclusive = exchangeOf([{ message: "discover", atMs: 0 }], {
	outcome: "inconclusive",
	reason: "too little",
});
const arp = exchangeOf(
	[
		{ message: "request", atMs: 0 },
		{ message: "reply", atMs: 1 },
	],
	{ protocol: "arp" },
);

describe("isSettled()", () => {
	test("waits for nothing once there is a lease, and nothing is asked", () => {
		assert.ok(settled([dora()], 1200));
		assert.ok(!settled([dora()], 1200, [{ message: "discover", atMs: 900 }]));
	});

	test("goes on while nothing, or nothing that can be told, was seen", () => {
		assert.ok(!settled([], 60_000));
		assert.ok(!settled([inconclusive], 60_000));
	});

	test("gives a client that was refused the time to begin anew", () => {
		assert.ok(!settled([refused], 5000));
		assert.ok(settled([refused], 16_000));
	});

	test("gives a port that listens and learns the time to forward", () => {
		const causes = [
			{
				id: "stp-forward-delay",
				certainty: "proven" as const,
				evidence: [],
				fix: makeSafe(""),
			},
		];
		const said = [{ message: "discover", atMs: 0 }];
		const waiting = exchangeOf(said, { outcome: "lost", causes });
		assert.ok(!settled([waiting], 29_000));
		assert.ok(settled([waiting], 31_000));
	});

	test("waits for the ping that may follow a who-has", () => {
		assert.ok(!settled([arp], 1500, [], "gateway"));
		assert.ok(settled([arp], 3500, [], "gateway"));
		const ping: Said = { message: "echo-request", atMs: 3000 };
		assert.ok(!settled([arp], 3500, [ping], "gateway"));
	});

	test("waits for the who-has that may follow one that was lost, but not for ever", () => {
		const asked = (count: number) =>
			exchangeOf(
				Array.from({ length: count }, (_, index) => ({
					message: "request",
					atMs: index * 1000,
					from: "router" as const,
					to: "vm" as const,
					outcome: "lost" as const,
					path: ["ens3", "br0", "vnet0"],
					source: router,
					destination: vmIp,
				})),
				{ protocol: "arp", outcome: "lost" },
			);
		assert.ok(!settled([asked(2)], 2900, [], "gateway"));
		assert.ok(!settled([asked(3)], 3900, [], "gateway"));
		assert.ok(settled([asked(3)], 4600, [], "gateway"));
		assert.ok(settled([asked(4)], 4100, [], "gateway"));
	});

	test("does not wait for the end of pings that all go one way", () => {
		const open: Said = { message: "echo-request", atMs: 2000 };
		const pings = (changes: Partial<Exchange>, answers: readonly string[]) =>
			[0, 500, 1000].map((atMs) =>
				exchangeOf(
					[
						{ message: "echo-request", atMs },
						...answers.map((message) => ({ message, atMs: atMs + 1 })),
					],
					{ protocol: "icmp", ...changes },
				),
			);
		const answered = pings({}, ["echo-reply"]);
		assert.ok(!settled(answered.slice(1), 2100, [open], "gateway"));
		assert.ok(settled(answered, 2100, [open], "gateway"));
		const lost = pings({ outcome: "lost" }, []);
		assert.ok(!settled(lost.slice(1), 2100, [open], "gateway"));
		assert.ok(settled(lost, 2100, [open], "gateway"));
		const [well] = answered;
		assert.ok(well);
		const mixed = [well, ...lost.slice(1)];
		assert.ok(!settled(mixed, 2100, [open], "gateway"));
	});
});

test("describeProgress() says what was seen and what is awaited", () => {
	const say = (exchanges: readonly TracedExchange[], open: readonly Said[]) => {
		const evidence = evidenceOf(exchanges);
		for (const said of open) {
			evidence.noteJourney(journeyOf(said, "dhcp"));
		}
		return describeProgress("dhcp", vm1, evidence);
	};
	assert.equal(say([], []), "awaiting a DISCOVER or REQUEST");
	assert.equal(
		say([], [{ message: "discover", atMs: 0 }]),
		"DISCOVER seen, awaiting the OFFER",
	);
	assert.equal(say([refused], []), "REQUEST, NAK seen, awaiting a DISCOVER");
});
