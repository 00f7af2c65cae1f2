import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DhcpMessage } from "../../src/model/dhcp.js";
import type { Frame } from "../../src/model/frame.js";
import type { Port } from "../../src/model/port.js";
import type { Verdict } from "../../src/model/verdict.js";
import type { TracedExchange } from "../../src/verify/evidence.js";
import { verifyDhcp } from "../../src/verify/judge-dhcp.js";
import { dora, evidenceOf, options, router, stateOf, vm1 } from "./build.js";

const other = "192.168.100.7";

/** An OFFER as far as it counts here. */
function offer(
	{ exchange }: TracedExchange,
	server: string,
	source = "00:0d:b9:4a:1c:20",
): Frame {
	const dhcp = {
		operation: 2,
		transactionId: exchange.xid,
		clientMac: exchange.mac,
		yourIp: "192.168.100.209",
		serverIdentifier: server,
	} as unknown as DhcpMessage;
	return {
		dhcp,
		ethernet: { source, destination: null },
		ipv4: null,
		udp: { destinationPort: 68 },
	} as unknown as Frame;
}

function judge(
	attempt: TracedExchange,
	answers: readonly Frame[],
	servers: readonly string[],
): Verdict {
	const evidence = evidenceOf([attempt]);
	const [port = null] = stateOf().ports as readonly Port[];
	for (const frame of answers) {
		evidence.noteFrame(frame, port);
	}
	return verifyDhcp(vm1, evidence, stateOf(), { ...options, servers });
}

const two = {
	outcome: "degraded",
	reason: "2 servers answered: a, b",
} as const;

describe("verifyDhcp() with servers that are expected", () => {
	test("is delivered when only those answered", () => {
		const attempt = dora();
		const verdict = judge(attempt, [offer(attempt, router)], [router]);
		assert.equal(verdict.outcome, "delivered");
	});

	test("is degraded when another one answered, and says where that is", () => {
		const attempt = dora();
		const answers = [offer(attempt, router), offer(attempt, other)];
		const verdict = judge(attempt, answers, [router]);
		assert.equal(verdict.outcome, "degraded");
		assert.match(
			verdict.sentence,
			/, but 192\.168\.100\.7 answered, which is not expected$/,
		);
		const [cause] = verdict.causes;
		assert.equal(cause?.id, "rogue-dhcp-server");
		assert.equal(cause?.certainty, "proven");
		assert.match(cause?.evidence[0] ?? "", /entered at ens3, from the LAN$/);
	});

	test("is delivered when two answered and both are expected", () => {
		const attempt = dora(0, two);
		const answers = [offer(attempt, router), offer(attempt, other)];
		const verdict = judge(attempt, answers, [router, other]);
		assert.equal(verdict.outcome, "delivered");
		assert.deepEqual(verdict.causes, []);
		assert.equal(judge(attempt, answers, []).outcome, "degraded");
	});

	test("stays degraded by what else went wrong", () => {
		const attempt = dora(0, { ...two, reason: "the client asked twice" });
		const [first] = attempt.journeys;
		assert.ok(first);
		const again = {
			...attempt,
			journeys: [{ ...first, id: 9999 }, ...attempt.journeys],
			exchange: {
				...attempt.exchange,
				messages: [
					{ message: "discover", journey: 9999, outcome: "delivered" as const },
					...attempt.exchange.messages,
				],
			},
		};
		const answers = [offer(attempt, router), offer(attempt, other)];
		const verdict = judge(again, answers, [router, other]);
		assert.equal(verdict.outcome, "degraded");
		assert.equal(verdict.reason, "the client asked twice");
	});
});
