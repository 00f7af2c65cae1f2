import assert from "node:assert/strict";
import { test } from "node:test";
import type { Topology, TopologyPort } from "../../src/model/topology.js";
import { listTopologyChanges } from "../../src/show/topology-changes.js";
import { buildTopology } from "../../src/topology/build-topology.js";
import { documentsOf } from "../topology/documents.js";
import { missionHost } from "../topology/hosts.js";

const before = buildTopology(documentsOf(missionHost()));

/** The host with one of its ports changed, or without it. */
function withPort(
	name: string,
	change: Partial<TopologyPort> | null,
): Topology {
	return {
		...before,
		ports: before.ports.flatMap((port) => {
			if (port.name !== name) {
				return [port];
			}
			return change === null ? [] : [{ ...port, ...change }];
		}),
	};
}

const changesTo = (after: Topology) => listTopologyChanges(before, after);

test("listTopologyChanges() tells of what happens to a VM's ports", () => {
	assert.deepEqual(changesTo(before), []);
	assert.deepEqual(changesTo(withPort("vnet0", null)), ["vnet0 is gone"]);
	assert.deepEqual(listTopologyChanges(withPort("vnet0", null), before), [
		"vnet0 came up in br0",
	]);
	const loose = withPort("vnet0", { master: null });
	assert.deepEqual(changesTo(loose), ["vnet0 left br0"]);
	assert.deepEqual(listTopologyChanges(loose, before), ["vnet0 joined br0"]);
	const [renamed] = before.ports.filter(({ name }) => name === "lo");
	assert.ok(renamed);
	assert.deepEqual(changesTo(withPort("vnet0", { name: renamed.name })), [
		"vnet0 is now called lo",
	]);
});

test("listTopologyChanges() tells of links that go down and up", () => {
	const down = withPort("ens3", { isUp: false });
	assert.deepEqual(changesTo(down), ["ens3 is down"]);
	assert.deepEqual(listTopologyChanges(down, before), ["ens3 is up"]);
	assert.deepEqual(changesTo(withPort("ens3", { hasCarrier: false })), [
		"ens3 has no carrier",
	]);
});

test("listTopologyChanges() does not talk of interfaces that are no VM's", () => {
	assert.deepEqual(changesTo(withPort("lo", null)), []);
	assert.deepEqual(changesTo(withPort("lo", { isUp: false })), []);
});

test("listTopologyChanges() tells of VMs that start and stop", () => {
	const [first] = before.domains;
	assert.ok(first);
	const paused = { ...first, state: first.uuid ?? first.name };
	const domains = [paused, ...before.domains.slice(1)];
	assert.deepEqual(changesTo({ ...before, domains }), [
		`${first.name}: ${paused.state}`,
	]);
});
