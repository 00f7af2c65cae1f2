import assert from "node:assert/strict";
import { test } from "node:test";
import { makeSafe } from "../../src/model/safe-text.js";
import {
	findSubject,
	listSubjects,
	type Subject,
	UnknownVm,
} from "../../src/verify/subject.js";
import { vm1Mac, vm2Mac, vm3Mac } from "../topology/hosts.js";
import {
	begin,
	dora,
	evidenceOf,
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
