import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { expectVerdict } from "../lab/fault-exit.js";
import type { FaultTruth } from "../lab/fault-truth.js";
import { fixture, run } from "./program.js";

const directory = join(fixture("healthy-bridged", ""), "../../faults");
const faults = existsSync(directory) ? readdirSync(directory) : [];

function logOf(fault: string): string {
	const log = join(directory, fault, "log.pcapng");
	return existsSync(log) ? log : `${log}.gz`;
}

for (const fault of faults.filter((name) => existsSync(logOf(name)))) {
	test(`verify of ${fault} raises no false alarm, and finds the place`, async () => {
		const text = readFileSync(join(directory, fault, "truth.json"), "utf8");
		const { mac, effect } = JSON.parse(text) as FaultTruth;
		for (const subject of ["dhcp", "gateway"]) {
			const { exitCode, stdout, stderr } = await run([
				...["verify", subject, mac, "--read", logOf(fault)],
				...["--format", "json"],
			]);
			const verdict = JSON.parse(stdout);
			assert.equal(exitCode, verdict.exit, stderr);
			if (effect === null) {
				// A client that asks twice is degraded, however well all else is.
				assert.notEqual(verdict.exit, 2, verdict.sentence);
				continue;
			}
			const expected = expectVerdict(effect);
			if (expected.subject !== subject) {
				continue;
			}
			assert.equal(verdict.exit, expected.exit, verdict.sentence);
			assert.equal(verdict.outcome, expected.outcome, verdict.sentence);
			if (verdict.outcome === "lost") {
				assert.equal(verdict.exchange.lastSeen, effect.lastSeen);
				assert.equal(verdict.exchange.firstMissing, effect.firstMissing);
			}
		}
	});
}
