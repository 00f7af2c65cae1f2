import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { expectVerdict } from "./fault-exit.js";
import { verifyFault } from "./fault-live.js";
import type { Effect } from "./fault-scenario.js";
import { faultScenarios, findFaults } from "./fault-scenarios.js";
import type { FaultTruth } from "./fault-truth.js";
import { type JsonVerdict, readVerdict } from "./live-verify.js";
import { findObstacle } from "./requirements.js";

const obstacle = await findObstacle();
const fixtures = new URL("../../../fixtures/faults/", import.meta.url);

// Most of a scenario is waiting, and each has a lab of its own.
const side = { concurrency: 6, skip: obstacle ?? false };

/** Healthy variations that are odd in what the VM and its gateway say to each other. */
const oddAtGateway = [
	"healthy-neigh-suppress",
	"healthy-proxy-arp",
	"healthy-docker",
];

describe("vmpath verify, live", side, () => {
	test("tells an uplink that has been in no bridge for long", async () => {
		const [scenario] = findFaults("uplink-not-in-bridge");
		assert.ok(scenario);
		const isThereBefore = true;
		const { live, replayed } = await verifyFault(
			scenario,
			"dhcp",
			isThereBefore,
		);
		const { exit, outcome, exchange, causes } = await readVerdict(live);
		assert.equal(replayed.stdout.toString(), live.stdout.toString());
		assert.deepEqual([exit, outcome], [2, "unanswered"]);
		assert.equal(exchange?.lastSeen, "br0");
		assert.deepEqual(
			causes.map(({ id }) => id),
			["uplink-not-in-bridge"],
		);
	});

	for (const scenario of faultScenarios) {
		const { name, cause } = scenario;
		test(`tells ${name} as its recording does, and as its own log`, async () => {
			const { effect } = await readTruth(name);
			const healthy = oddAtGateway.includes(name) ? "gateway" : "dhcp";
			const subject = effect ? expectVerdict(effect).subject : healthy;
			const { played, live, replayed } = await verifyFault(scenario, subject);
			assert.deepEqual(played.effect, effect);
			const verdict = await readVerdict(live);
			assert.equal(replayed.stdout.toString(), live.stdout.toString());
			assert.equal(replayed.exitCode, live.exitCode);
			if (effect === null) {
				assertHealthy(verdict);
			} else {
				assertEffect(verdict, effect);
				assertCause(verdict, cause);
			}
		});
	}
});

async function readTruth(name: string): Promise<FaultTruth> {
	const url = new URL(`${name}/truth.json`, fixtures);
	return JSON.parse(await readFile(url, "utf8"));
}

/** A client that asks twice is degraded, however well all else is. */
function assertHealthy({ exit, causes, sentence }: JsonVerdict): void {
	assert.ok(exit === 0 || exit === 1, sentence);
	assert.deepEqual(causes, []);
}

function assertEffect(verdict: JsonVerdict, effect: Effect): void {
	const { outcome, exit } = expectVerdict(effect);
	assert.equal(verdict.outcome, outcome, verdict.sentence);
	assert.equal(verdict.exit, exit, verdict.sentence);
	if (outcome === "lost") {
		assert.equal(verdict.exchange?.lastSeen, effect.lastSeen);
		assert.equal(verdict.exchange?.firstMissing, effect.firstMissing);
	}
}

/** It is named, and nothing else is proven. */
function assertCause({ causes }: JsonVerdict, cause: string | null): void {
	const named = causes.map(({ id, certainty }) => `${id} ${certainty}`);
	assert.ok(
		causes.some(({ id }) => id === cause),
		`${cause} is not among ${named}`,
	);
	assert.ok(
		causes.every(({ id, certainty }) => certainty !== "proven" || id === cause),
		`${named}, and it was ${cause}`,
	);
}
