import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Cause, Exchange } from "../../src/model/exchange.js";
import { makeSafe } from "../../src/model/safe-text.js";
import type { Verdict } from "../../src/model/verdict.js";
import type { VerifyOptions } from "../../src/verify/assessment.js";
import type { LogState, TracedExchange } from "../../src/verify/evidence.js";
import { verifyDhcp } from "../../src/verify/judge-dhcp.js";
import type { Subject } from "../../src/verify/subject.js";
import { vm2Mac } from "../topology/hosts.js";
import {
	dora,
	evidenceOf,
	exchangeOf,
	hostTopology,
	options,
	router,
	type Said,
	stateOf,
	vm1,
	vmIp,
} from "./build.js";

interface Setting {
	readonly subject?: Subject;
	readonly state?: Partial<LogState>;
	readonly options?: Partial<VerifyOptions>;
}

function judge(
	exchanges: readonly TracedExchange[],
	setting: Setting = {},
): Verdict {
	return verifyDhcp(
		setting.subject ?? vm1,
		evidenceOf(exchanges),
		stateOf(setting.state),
		{ ...options, ...setting.options },
	);
}

function told({ exit, outcome, sentence }: Verdict) {
	return [exit, outcome, sentence];
}

const discovers: readonly Said[] = [0, 4000, 9000].map((atMs) => ({
	message: "discover",
	atMs,
}));

function unanswered(said = discovers): TracedExchange {
	return exchangeOf(said, { outcome: "unanswered", message: "discover" });
}

const lostOffer = () =>
	exchangeOf(
		[
			{ message: "discover", atMs: 0 },
			{ message: "offer", atMs: 1, outcome: "lost" },
		],
		{ outcome: "lost", message: "offer" },
	);

const nak = (atMs = 0) =>
	exchangeOf(
		[
			{ message: "request", atMs },
			{
				message: "nak",
				atMs: atMs + 1,
				summary: `DHCP NAK from ${router} "wrong network"`,
			},
		],
		{ outcome: "refused", message: "nak" },
	);

describe("verifyDhcp() of a lease", () => {
	test("tells who got what, from whom and how fast", () => {
		assert.deepEqual(told(judge([dora()])), [
			0,
			"delivered",
			`VM1 got ${vmIp} from ${router} in 31 ms`,
		]);
	});

	test("counts INIT-REBOOT, renewal, rebinding and rapid commit", () => {
		const kinds: readonly (readonly [Partial<Said>, string])[] = [
			[{}, `VM1 got ${vmIp} again from ${router} in 2 ms`],
			[
				{ source: vmIp, destination: router },
				`VM1 renewed ${vmIp} with ${router} in 2 ms`,
			],
			[{ source: vmIp }, `VM1 rebound ${vmIp} with ${router} in 2 ms`],
			[
				{ message: "discover" },
				`VM1 got ${vmIp} by rapid commit from ${router} in 2 ms`,
			],
		];
		for (const [how, sentence] of kinds) {
			const attempt = exchangeOf([
				{ message: "request", atMs: 0, ...how },
				{ message: "ack", atMs: 2 },
			]);
			assert.deepEqual(told(judge([attempt])), [0, "delivered", sentence]);
		}
	});

	test("says that the server checked the address first, which is no trouble", () => {
		const checked = "the server checked the address for 3.0 s first";
		const said: readonly Said[] = [
			{ message: "discover", atMs: 0 },
			{ message: "discover", atMs: 2000 },
			{ message: "offer", atMs: 3040 },
			{ message: "request", atMs: 3070 },
			{ message: "ack", atMs: 3079.98 },
		];
		const attempt = () => exchangeOf(said, { reason: checked });
		const verdict = judge([attempt()]);
		assert.deepEqual(told(verdict), [
			0,
			"delivered",
			`VM1 got ${vmIp} from ${router} in 3.1 s (${checked})`,
		]);
		assert.equal(verdict.reason, null);
		const expected = judge([attempt()], { options: { servers: [router] } });
		assert.equal(expected.outcome, "delivered");
		assert.equal(
			judge([nak(-20_000), attempt()]).sentence,
			`VM1 got ${vmIp} from ${router} in 3.1 s (${checked}), but 20 s earlier it was refused (NAK) by ${router}`,
		);
	});

	test("does not count INFORM, RELEASE and what a relay of the host asks", () => {
		const others = [
			exchangeOf([
				{ message: "inform", atMs: 0 },
				{ message: "ack", atMs: 1 },
			]),
			exchangeOf([{ message: "release", atMs: 5 }], { message: "release" }),
			exchangeOf([{ message: "discover", atMs: 9, from: "host" }], {
				outcome: "inconclusive",
			}),
		];
		assert.match(judge(others).sentence, /^No DHCP of VM1 was seen/);
		assert.equal(judge([dora(), ...others]).outcome, "delivered");
	});

	test("lets the latest attempt decide, whatever the order it was told in", () => {
		assert.equal(judge([dora(), nak(5000)]).outcome, "refused");
		assert.equal(judge([nak(5000), dora()]).outcome, "refused");
		assert.equal(judge([nak(), dora(5000)]).outcome, "degraded");
	});

	test("is degraded by an earlier NAK, loss, DECLINE or silence, which it tells", () => {
		const declined = exchangeOf([{ message: "decline", atMs: 0 }], {
			outcome: "refused",
			message: "decline",
		});
		const earlier: readonly (readonly [TracedExchange, string])[] = [
			[nak(), `20 s earlier it was refused (NAK) by ${router}`],
			[lostOffer(), "20 s earlier the OFFER was lost between br0 and vnet0"],
			[declined, "20 s earlier the guest declined the address"],
			[
				unanswered(),
				"20 s earlier DISCOVER was not answered, sent three times",
			],
		];
		for (const [before, why] of earlier) {
			const verdict = judge([before, dora(20_000)]);
			assert.deepEqual(told(verdict), [
				1,
				"degraded",
				`VM1 got ${vmIp} from ${router} in 31 ms, but ${why}`,
			]);
			assert.equal(verdict.reason, why);
		}
	});

	test("is not degraded by what could not be told earlier", () => {
		const before = exchangeOf([{ message: "discover", atMs: 0 }], {
			outcome: "inconclusive",
			reason: "the capture began late",
		});
		assert.equal(judge([before, dora(9000)]).outcome, "delivered");
	});

	test("is degraded when a likely cause says that something is wrong", () => {
		const causes = (certainty: Cause["certainty"]): Cause[] => [
			{
				id: "rogue-dhcp-server",
				certainty,
				evidence: [makeSafe("two")],
				fix: makeSafe("stop it"),
			},
		];
		const outcomes = (["proven", "likely", "possible"] as const).map(
			(certainty) => judge([dora(0, { causes: causes(certainty) })]).outcome,
		);
		assert.deepEqual(outcomes, ["degraded", "degraded", "delivered"]);
	});
});

describe("verifyDhcp() of what went wrong", () => {
	test("tells where an OFFER was lost", () => {
		assert.deepEqual(told(judge([lostOffer()])), [
			2,
			"lost",
			"The OFFER for VM1 entered at ens3 and never reached vnet0: it was last seen at br0",
		]);
	});

	test("tells where a DISCOVER was lost, and why", () => {
		const cause = (id: string, certainty: Cause["certainty"]): Cause => ({
			id,
			certainty,
			evidence: [makeSafe("sysctl x: 1")],
			fix: makeSafe("x"),
		});
		const because = (causes: readonly Cause[]) =>
			judge([
				exchangeOf([{ message: "discover", atMs: 0, outcome: "lost" }], {
					outcome: "lost",
					causes,
				}),
			]).sentence;
		const start = "VM1's DISCOVER entered at vnet0 and never reached ens3: ";
		assert.equal(
			because([cause("port-isolated", "possible"), cause("b", "proven")]),
			`${start}b (proven): sysctl x: 1`,
		);
		assert.equal(
			because([cause("a", "possible"), cause("b", "possible")]),
			`${start}possibly a or b`,
		);
	});

	test("tells what the server said when it refused", () => {
		assert.deepEqual(told(judge([nak()])), [
			2,
			"refused",
			`${router} refused VM1's REQUEST by a NAK: "wrong network"`,
		]);
	});

	test("is degraded when the OFFER reached the tap and the guest is silent", () => {
		const silent = exchangeOf(
			[
				{ message: "discover", atMs: 0 },
				{ message: "offer", atMs: 1 },
			],
			{ outcome: "degraded", reason: "the VM did not go on" },
		);
		assert.deepEqual(told(judge([silent])), [
			1,
			"degraded",
			`The OFFER of ${router} reached vnet0 and VM1 did not go on`,
		]);
	});

	test("is unanswered only when the question left by an uplink", () => {
		assert.deepEqual(told(judge([unanswered()])), [
			2,
			"unanswered",
			"VM1's DISCOVER left by ens3 three times in 9 s and no OFFER came back: the trouble is beyond ens3",
		]);
		const short = discovers.map((one) => ({ ...one, path: ["vnet0", "br0"] }));
		const verdict = judge([unanswered(short)]);
		assert.equal(verdict.exit, 3);
		assert.match(
			verdict.reason ?? "",
			/got as far as br0, and whether it left this host is not known/,
		);
		assert.ok(verdict.advice.length > 0);
	});

	test("counts what was asked in other transactions, where each has one DISCOVER", () => {
		const anew = (atMs: number, changes: Partial<Exchange> = {}) =>
			exchangeOf([{ message: "discover", atMs }], {
				outcome: "inconclusive",
				message: "discover",
				...changes,
			});
		const reason =
			"there was no answer to 3 DISCOVERs in 6.0 s, each in a transaction of its own";
		const last = anew(26_000, { outcome: "unanswered", reason });
		const verdict = judge([dora(), anew(20_000), anew(23_000), last]);
		assert.deepEqual(told(verdict), [
			2,
			"unanswered",
			"VM1's DISCOVER left by ens3 three times in 6 s and no OFFER came back: the trouble is beyond ens3",
		]);
		assert.equal(verdict.reason, reason);
		const later = judge([anew(0), anew(3000), last, dora(40_000)]);
		assert.deepEqual(told(later), [
			1,
			"degraded",
			`VM1 got ${vmIp} from ${router} in 31 ms, but 14 s earlier ${reason}`,
		]);
	});

	test("is unanswered when the question reached this host's own network", () => {
		const inside = discovers.map((one) => ({
			...one,
			path: ["vnet2", "virbr0"],
		}));
		const sentence =
			"VM1's DISCOVER reached virbr0 three times in 9 s and no OFFER came back: this host's own DHCP server did not answer";
		for (const topology of [null, hostTopology()]) {
			const verdict = judge([unanswered(inside)], { state: { topology } });
			assert.deepEqual(told(verdict), [2, "unanswered", sentence]);
		}
	});

	test("is inconclusive for the exchange's reason, and tells an earlier lease", () => {
		const open = exchangeOf([{ message: "request", atMs: 14_000 }], {
			outcome: "inconclusive",
			reason: "the capture ended 3 ms after the REQUEST",
		});
		const verdict = judge([dora(), open]);
		assert.deepEqual(told(verdict), [
			3,
			"inconclusive",
			`Whether DHCP reaches VM1 cannot be told: the capture ended 3 ms after the REQUEST; it had got ${vmIp} 14 s before`,
		]);
	});

	test("lets the worst of several cards decide, and only those that asked", () => {
		const other = exchangeOf(
			[{ message: "discover", atMs: 50, outcome: "lost" }],
			{ outcome: "lost", mac: vm2Mac },
		);
		const cards = [
			...vm1.cards,
			{ mac: vm2Mac, tap: makeSafe("vnet1") },
			{ mac: "52:54:00:00:00:09", tap: null },
		];
		const subject = { ...vm1, cards };
		assert.equal(judge([dora(), other], { subject }).outcome, "lost");
		assert.equal(judge([dora()], { subject }).outcome, "delivered");
	});

	test("knows a guest by its tap when it uses another MAC address", () => {
		const spoofed = dora(0, { mac: "02:00:00:00:00:01" });
		assert.equal(judge([spoofed]).mac, "02:00:00:00:00:01");
		const elsewhere = exchangeOf(
			[{ message: "offer", atMs: 0, from: "vm", path: ["vnet0", "br0"] }],
			{ mac: vm2Mac },
		);
		assert.equal(judge([elsewhere]).exchange, null, "it only answered");
	});
});

describe("verifyDhcp() when nothing was seen", () => {
	test("tells the addresses that are known, with their ages, and what to do", () => {
		const state = stateOf({ topology: hostTopology(), toldAt: null });
		const [mac = ""] = vm1.cards.map((card) => card.mac ?? "");
		const topology = hostTopology();
		const verdict = judge([], {
			state: {
				topology: {
					...topology,
					addresses: [
						{ address: vmIp, mac, source: "lease", ageSeconds: 1470 },
					],
				},
				toldAt: state.end && { ...state.end, seconds: state.end.seconds - 30 },
			},
		});
		assert.deepEqual(told(verdict), [
			3,
			"inconclusive",
			`No DHCP of VM1 was seen: it has ${vmIp} (lease of this host's DHCP server, 25 min ago)`,
		]);
		assert.equal(verdict.addresses[0]?.ageSeconds, 1500);
		assert.match(verdict.advice.join("\n"), /dhclient -r; dhclient/);
	});

	test("tells how to start a VM that is off, or to plug in its card", () => {
		const domain = hostTopology().domains.find(({ isRunning }) => isRunning);
		assert.ok(domain);
		const advise = (changes: Partial<typeof domain>) =>
			judge([], { subject: { ...vm1, domain: { ...domain, ...changes } } })
				.advice;
		assert.deepEqual(
			advise({ isRunning: false, state: makeSafe("shut off") }),
			[`it is shut off: \`virsh start ${domain.name}\``],
		);
		const nics = domain.nics.map((nic) => ({ ...nic, link: makeSafe("down") }));
		assert.match(
			advise({ nics }).join(),
			/virsh domif-setlink .* 52:54:00:\S+ up/,
		);
		const [, replug] = advise({ name: makeSafe("a b; reboot") });
		assert.match(
			replug ?? "",
			/virsh domif-setlink 'a b; reboot' \S+ down; sleep 2; virsh domif-setlink 'a b; reboot' \S+ up/,
		);
	});
});
