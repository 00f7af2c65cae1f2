import assert from "node:assert/strict";
import { test } from "node:test";
import { addNs } from "../../src/model/capture.js";
import { makeSafe } from "../../src/model/safe-text.js";
import type { Verdict, VerdictSubject } from "../../src/model/verdict.js";
import { buildTopology } from "../../src/topology/build-topology.js";
import type {
	Evidence,
	LogState,
	TracedExchange,
} from "../../src/verify/evidence.js";
import { isSettled } from "../../src/verify/settled.js";
import type { Subject } from "../../src/verify/subject.js";
import { verify } from "../../src/verify/verify.js";
import { documentsOf } from "../topology/documents.js";
import { missionHost, vm1Mac, vm2Mac } from "../topology/hosts.js";
import { begin, dora, evidenceOf, options, stateOf, vm1 } from "./build.js";

const down = { flags: ["BROADCAST", "MULTICAST"], operstate: "DOWN" };
const free = {
	master: null,
	linkinfo: { info_kind: "tun", info_data: { type: "tap" } },
};

/** What the host says when one of its links is otherwise, 10 s before the log ends. */
function hostWith(name: string, change: object, domains = true): LogState {
	const host = missionHost();
	const links = (host.links ?? []).map((raw) =>
		raw.ifname === name ? { ...raw, ...change } : raw,
	);
	const words = { ...host, links, ...(domains ? {} : { domains: [] }) };
	return stateOf({
		topology: buildTopology(documentsOf(words)),
		toldAt: begin,
		end: addNs(begin, 10e9),
	});
}

interface Setting {
	readonly kind?: VerdictSubject;
	readonly subject?: Subject;
	readonly exchanges?: readonly TracedExchange[];
}

/** What was seen, and that the host said so when the test begins. */
function evidenceFor(
	{ topology, toldAt }: LogState,
	exchanges: readonly TracedExchange[],
): Evidence {
	const evidence = evidenceOf(exchanges);
	if (topology !== null && toldAt !== null) {
		evidence.findings.note(topology, toldAt);
	}
	return evidence;
}

function judge(state: LogState, setting: Setting = {}): Verdict {
	const { kind = "dhcp", subject = vm1, exchanges = [] } = setting;
	const evidence = evidenceFor(state, exchanges);
	return verify(kind, subject, evidence, state, options);
}

test("verify() says that nothing gets to a VM whose tap is down, though nothing was seen", () => {
	for (const kind of ["dhcp", "gateway"] as const) {
		const verdict = judge(hostWith("vnet0", down), { kind });
		const { exit, outcome, sentence, causes, exchange, reason } = verdict;
		assert.deepEqual(
			[exit, outcome, exchange, reason],
			[2, "lost", null, null],
		);
		assert.equal(
			sentence,
			"Nothing gets to VM1 or from it: vnet0 of VM1 is down; `ip link set vnet0 up` mends it",
		);
		assert.deepEqual(causes, [
			{
				id: "tap-down",
				certainty: "proven",
				evidence: ["vnet0 of VM1 is down (ip -d link show dev vnet0)"],
				fix: "ip link set vnet0 up",
			},
		]);
	}
});

test("verify() says so of a tap that no domain tells of", () => {
	const tap = makeSafe("vnet0");
	const card = { mac: vm1Mac, tap };
	const subject: Subject = { name: tap, domain: null, cards: [card] };
	const { exit, sentence } = judge(hostWith("vnet0", down, false), { subject });
	assert.equal(exit, 2);
	assert.equal(
		sentence,
		"Nothing gets to vnet0 or from it: vnet0, a tap of br0, is down; `ip link set vnet0 up` mends it",
	);
});

test("verify() says so of a tap that is in no bridge, and of a bridge that is down", () => {
	const found = [hostWith("vnet0", free), hostWith("br0", down)].map((state) =>
		judge(state),
	);
	assert.deepEqual(
		found.map(({ exit, causes }) => [exit, causes[0]?.id, causes[0]?.fix]),
		[
			[2, "tap-not-in-bridge", "ip link set vnet0 master br0"],
			[2, "bridge-down", "ip link set br0 up"],
		],
	);
});

test("verify() cannot tell while the tap of another VM is down, or all is well", () => {
	for (const state of [
		hostWith("vnet1", down),
		hostWith("vnet1", down, false),
		hostWith("vnet0", {}),
	]) {
		assert.equal(judge(state).exit, 3);
	}
});

test("verify() cannot tell of a VM of which one tap of two is down", () => {
	const other = { mac: vm2Mac, tap: makeSafe("vnet1") };
	const subject: Subject = { ...vm1, cards: [...vm1.cards, other] };
	assert.equal(judge(hostWith("vnet0", down), { subject }).exit, 3);
	assert.equal(judge(hostWith("br0", down), { subject }).exit, 2);
});

test("verify() cannot tell by what has stood for a moment, or was said at an unknown time", () => {
	const state = hostWith("vnet0", down);
	const end = addNs(begin, 4e9);
	assert.equal(judge({ ...state, end }).exit, 3);
	assert.equal(judge({ ...state, toldAt: null }).exit, 3);
});

test("verify() counts from when it was said first, however often the host says more", () => {
	const state = hostWith("vnet0", down);
	const well = hostWith("vnet0", {}).topology;
	const evidence = evidenceFor(state, []);
	assert.ok(state.topology && well);
	const exit = () => verify("dhcp", vm1, evidence, state, options).exit;
	evidence.findings.note(state.topology, addNs(begin, 9e9));
	assert.equal(exit(), 2);
	evidence.findings.note(well, addNs(begin, 9e9));
	evidence.findings.note(state.topology, addNs(begin, 9.1e9));
	assert.equal(exit(), 3);
});

test("verify() tells what was seen first, whatever the host says since", () => {
	const state = hostWith("vnet0", down);
	assert.equal(judge(state, { exchanges: [dora()] }).exit, 0);
});

test("isSettled() awaits no more when the host says that nothing gets to the VM", () => {
	for (const [state, isOver] of [
		[hostWith("vnet0", down), true],
		[hostWith("vnet0", {}), false],
	] as const) {
		const evidence = evidenceFor(state, []);
		assert.equal(isSettled(judge(state), vm1, evidence, state), isOver);
	}
});
