import assert from "node:assert/strict";
import { test } from "node:test";
import { makeSafe } from "../../src/model/safe-text.js";
import { buildTopology } from "../../src/topology/build-topology.js";
import {
	adviseAttempt,
	adviseFindings,
	adviseNetwork,
} from "../../src/verify/advice.js";
import {
	findSubject,
	listSubjects,
	type Subject,
	UnknownVm,
} from "../../src/verify/subject.js";
import { documentsOf, link } from "../topology/documents.js";
import { missionHost, vm1Mac, vm2Mac, vm3Mac } from "../topology/hosts.js";
import {
	begin,
	dora,
	evidenceOf,
	exchangeOf,
	hostTopology,
	stateOf,
	vmIp,
} from "./build.js";

const topology = hostTopology();

function found(vm: string, isTold: boolean): Subject {
	const state = stateOf({
		topology: isTold ? topology : null,
		addresses: [
			{
				address: vmIp,
				mac: vm1Mac,
				vm: null,
				source: "dhcp",
				since: begin,
				seen: begin,
				leaseSeconds: 60,
			},
		],
	});
	const subject = findSubject(vm, evidenceOf([dora()]), state);
	assert.ok(!(subject instanceof UnknownVm), vm);
	return subject;
}

test("findSubject() knows a VM that the host tells of by all of its names", () => {
	const [domain] = topology.domains;
	for (const vm of ["VM1", `${domain?.uuid}`, vm1Mac, "vnet0", vmIp]) {
		const { name, cards } = found(vm, true);
		assert.equal(name, "VM1", vm);
		assert.deepEqual(cards, [{ mac: vm1Mac, tap: "vnet0" }]);
	}
	assert.equal(
		found(vm1Mac.toUpperCase().replaceAll(":", "-"), true).name,
		"VM1",
	);
});

test("findSubject() knows a VM by its frames where the host tells nothing", () => {
	for (const vm of [vm1Mac, "vnet0", vmIp]) {
		const { name, cards, domain } = found(vm, false);
		assert.equal(name, vm);
		assert.equal(domain, null);
		assert.deepEqual(cards, [{ mac: vm1Mac, tap: "vnet0" }]);
	}
	assert.deepEqual(found("vnet2", false).cards, [{ mac: null, tap: "vnet2" }]);
});

test("findSubject() says what there is instead, made safe", () => {
	const reason = (vm: string, isTold: boolean) => {
		const state = stateOf({ topology: isTold ? topology : null });
		const subject = findSubject(vm, evidenceOf([dora()]), state);
		return subject instanceof UnknownVm ? subject.reason : "";
	};
	assert.equal(
		reason("VM\u001b[2J", true),
		"there is no VM VM\\x1b[2J: there are VM1, VM2, VM3, VM4",
	);
	assert.equal(reason("VM9", false), "there is no VM VM9: there is vnet0");
	assert.match(reason("br0", false), /^there is no VM br0/);
});

test("listSubjects() lists the running VMs, else those that were heard", () => {
	const names = (isTold: boolean) =>
		listSubjects(
			evidenceOf([dora(), dora(1, { mac: vm2Mac })]),
			stateOf({ topology: isTold ? topology : null }),
		).map(({ name }) => name);
	assert.deepEqual(names(true), ["VM1", "VM2", "VM3"]);
	assert.deepEqual(
		names(false),
		[vm1Mac, vm2Mac].map((mac) => makeSafe(mac)),
	);
	assert.ok(!names(false).some((name) => name === vm3Mac));
});

/** The mission's host where nobody names its VMs. */
function namelessTopology() {
	const { domains: _domains, ...words } = missionHost();
	return buildTopology(documentsOf(words));
}

test("listSubjects() takes each tap of a bridge for a VM where nobody names them", () => {
	const state = stateOf({ topology: namelessTopology() });
	assert.deepEqual(
		listSubjects(evidenceOf([dora()]), state).map(({ name, cards }) => [
			name,
			cards,
		]),
		[
			["vnet0", [{ mac: vm1Mac, tap: "vnet0" }]],
			["vnet1", [{ mac: null, tap: "vnet1" }]],
			["vnet2", [{ mac: null, tap: "vnet2" }]],
		],
	);
});

test("findSubject() finds a tap that is in no bridge, and advice says so", () => {
	const words = missionHost();
	const unplugged = link("vnet7", { linkinfo: { info_kind: "veth" } });
	const { domains: _domains, ...nameless } = words;
	const topology = buildTopology(
		documentsOf({ ...nameless, links: [...(words.links ?? []), unplugged] }),
	);
	const state = stateOf({ topology });
	const subject = findSubject("vnet7", evidenceOf([]), state);
	assert.ok(!(subject instanceof UnknownVm));
	assert.deepEqual(subject.cards, [{ mac: null, tap: "vnet7" }]);
	assert.deepEqual(adviseFindings(subject, state), [
		"vnet7 is in no bridge: `ip link set vnet7 master BRIDGE` plugs it in",
	]);
});

test("findSubject() finds who asked for a lease in a capture without directions", () => {
	const asked = exchangeOf(
		[{ message: "discover", atMs: 0, from: "lan", path: ["vnet0"] }],
		{ outcome: "inconclusive" },
	);
	const journeys = asked.journeys.map((one) => ({ ...one, mac: null }));
	const evidence = evidenceOf([{ ...asked, journeys }]);
	for (const vm of ["vnet0", vm1Mac]) {
		const subject = findSubject(vm, evidence, stateOf());
		assert.ok(!(subject instanceof UnknownVm), vm);
		const [card] = subject.cards;
		assert.ok(card);
		assert.equal(card.mac, vm1Mac);
		assert.equal(evidence.exchangesOf(card, () => true).length, 1);
	}
	assert.equal(listSubjects(evidence, stateOf()).length, 1);
});

test("adviseNetwork() says that an address is outside the bridge's networks", () => {
	const advise = (address: string) => {
		const state = stateOf({
			topology,
			addresses: [
				{
					address,
					mac: vm1Mac,
					vm: null,
					source: "arp",
					since: begin,
					seen: begin,
					leaseSeconds: null,
				},
			],
		});
		const subject = findSubject("VM1", evidenceOf([]), state);
		assert.ok(!(subject instanceof UnknownVm));
		return adviseNetwork(subject, state);
	};
	assert.deepEqual(advise("192.168.100.99"), []);
	assert.deepEqual(advise("10.0.0.5"), [
		"VM1 uses 10.0.0.5, which is outside the networks of br0 (192.168.100.2/24): its address or its netmask may be wrong",
	]);
});

test("adviseAttempt() does not let a guest ask that has asked enough", () => {
	const subject = found("VM1", true);
	assert.deepEqual(adviseAttempt(subject, 3, stateOf()), [
		"`vmpath watch VM1` shows how far each of its frames gets, and why no more can be said",
	]);
	assert.match(adviseAttempt(subject, 1, stateOf())[0] ?? "", /ask again/);
	const narrow = stateOf({ ports: [] });
	assert.match(adviseAttempt(subject, 3, narrow)[0] ?? "", /capture its tap/);
});

test("adviseAttempt() does not ask for an uplink where there is none", () => {
	const { ports } = stateOf();
	const isNone = ({ role }: { readonly role: string }) => role !== "uplink";
	const cutOff = stateOf({
		topology: { ...topology, ports: topology.ports.filter(isNone) },
		ports: ports.filter(isNone),
	});
	const advice = adviseAttempt(found("VM1", true), 3, cutOff);
	assert.match(advice.join("\n"), /^`vmpath watch VM1` shows/);
	const uncaptured = stateOf({ topology, ports: ports.filter(isNone) });
	const wider = adviseAttempt(found("VM1", true), 3, uncaptured);
	assert.match(wider.join("\n"), /^capture its tap/);
});
