import assert from "node:assert/strict";
import { test } from "node:test";
import type { Topology } from "../../src/model/topology.js";
import { buildTopology } from "../../src/topology/build-topology.js";
import { keepRoles } from "../../src/trace/kept-roles.js";
import { bridged, type HostPort, ipLink } from "./host.js";

/** The host whose third interface is a veth in br0 named vnet0, or is otherwise. */
function hostOf(changes: Partial<HostPort> = {}): Topology {
	const veth = { name: "vnet0", kind: "veth", master: "br0" } as const;
	const mac = "fe:54:00:00:00:01";
	const ports = bridged.map((port, at) =>
		at === 2 ? { ...veth, mac, ...changes } : port,
	);
	const source = "ip -d -j link show";
	const statements = [{ source, output: ipLink(ports), gap: null }];
	return buildTopology([{ type: "host-links", statements }]);
}

function keep(now: Topology, before: Topology): Topology {
	return keepRoles(now, new Map(before.ports.map((port) => [port.name, port])));
}

const roleOf = (topology: Topology) => topology.ports[2]?.role;

test("keepRoles() has a veth as a tap still when it was renamed, however often", () => {
	const first = hostOf();
	assert.equal(roleOf(first), "tap");
	const renamed = hostOf({ name: "web-lan" });
	assert.equal(roleOf(renamed), "unknown");
	const kept = keep(renamed, first);
	assert.equal(roleOf(kept), "tap");
	assert.equal(roleOf(keep(hostOf({ name: "web" }), kept)), "tap");
	const others = kept.ports.filter((_, at) => at !== 2);
	assert.deepEqual(
		others,
		renamed.ports.filter((_, at) => at !== 2),
	);
});

test("keepRoles() goes by what the host says where that is another interface, or says more", () => {
	const first = hostOf();
	const name = "web-lan";
	for (const [changes, role] of [
		[{ mac: "fe:54:00:00:00:99" }, "unknown"],
		[{ master: null }, "unknown"],
		[{ kind: "vxlan" }, "uplink"],
		[{ name: "eth7" }, "uplink"],
	] as const) {
		assert.equal(roleOf(keep(hostOf({ name, ...changes }), first)), role);
	}
	assert.equal(roleOf(keep(hostOf({ name }), hostOf({ name }))), "unknown");
});
