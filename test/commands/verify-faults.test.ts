import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fixture, run } from "./program.js";

/** What is true of a recorded fault by construction. */
interface FaultTruth {
	readonly mac: string;
	/** Null: all is well. */
	readonly effect: {
		readonly outcome: string;
		readonly protocol: string;
		readonly lastSeen: string;
		readonly firstMissing: string | null;
	} | null;
}

const directory = join(fixture("healthy-bridged", ""), "../../faults");
const faults = existsSync(directory) ? readdirSync(directory) : [];

function logOf(fault: string): string {
	const log = join(directory, fault, "log.pcapng");
	return existsSync(log) ? log : `${log}.gz`;
}

/** README: degraded is 1, what is proven not delivered 2. */
const exits: Readonly<Record<string, number>> = {
	degraded: 1,
	lost: 2,
	unanswered: 2,
	refused: 2,
};

/**
 * What reached the VM is not lost on the way, and who is refused the way beyond his gateway
 * reaches that: both are degraded.
 */
function exitOf({
	outcome,
	protocol,
	lastSeen,
}: NonNullable<FaultTruth["effect"]>) {
	const isAtTap = outcome === "unanswered" && lastSeen.startsWith("vnet");
	const isBeyond = outcome === "refused" && protocol === "icmp";
	return isAtTap || isBeyond ? 1 : exits[outcome];
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
			const isOfSubject = (effect.protocol === "dhcp") === (subject === "dhcp");
			if (!isOfSubject) {
				continue;
			}
			assert.equal(verdict.exit, exitOf(effect), verdict.sentence);
			if (verdict.outcome === "lost") {
				assert.equal(verdict.exchange.lastSeen, effect.lastSeen);
				assert.equal(verdict.exchange.firstMissing, effect.firstMissing);
			}
		}
	});
}
