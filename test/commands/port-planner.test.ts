import assert from "node:assert/strict";
import { test } from "node:test";
import { PortPlanner } from "../../src/commands/port-planner.js";
import type { HostDocument, Json } from "../../src/model/host-document.js";

const everything = { vms: [], bridges: [], interfaces: [] };

interface Link {
	readonly index: number;
	readonly name: string;
	readonly master?: string;
	readonly kind?: string;
	readonly mac?: string;
}

/** The document of links, as `ip -j -d link show` prints them. */
function linksOf(...links: readonly Link[]): HostDocument {
	const output = links.map(
		({ index, name, master, kind, mac }): Json => ({
			ifindex: index,
			ifname: name,
			flags: ["BROADCAST", "MULTICAST", "UP", "LOWER_UP"],
			mtu: 1500,
			operstate: "UP",
			link_type: "ether",
			address: mac ?? `02:00:00:00:00:0${index}`,
			...(master === undefined ? {} : { master }),
			...(kind === undefined ? {} : { linkinfo: { info_kind: kind } }),
		}),
	);
	const source = "ip -j -d link show";
	return { type: "host-links", statements: [{ source, output, gap: null }] };
}

const br0 = { index: 5, name: "br0", kind: "bridge" };
const ens3 = { index: 2, name: "ens3", master: "br0" };
const vnet0 = { index: 7, name: "vnet0", master: "br0", kind: "tun" };

function namesOf(planner: PortPlanner): string[] {
	return planner
		.plan()
		.ports.map(({ name }) => name)
		.sort();
}

test("PortPlanner.plan() goes on with what has left its bridge, until it is gone", () => {
	const planner = new PortPlanner(everything);
	planner.add(linksOf(br0, ens3, vnet0));
	assert.deepEqual(namesOf(planner), ["br0", "ens3", "vnet0"]);
	const { master, ...loose } = vnet0;
	assert.equal(master, "br0");
	planner.add(linksOf(br0, ens3, loose));
	assert.deepEqual(namesOf(planner), ["br0", "ens3", "vnet0"]);
	planner.add(linksOf(br0, ens3, { ...loose, name: "web" }));
	assert.deepEqual(namesOf(planner), ["br0", "ens3", "web"]);
	planner.add(linksOf(br0, ens3));
	assert.deepEqual(namesOf(planner), ["br0", "ens3"]);
});

test("PortPlanner.add() tells what may change the ports from what does not", () => {
	const planner = new PortPlanner(everything);
	const neighbours: HostDocument = { type: "host-neighbours", statements: [] };
	assert.equal(planner.add(linksOf(br0)), true);
	assert.equal(planner.add({ type: "host-firewall", statements: [] }), false);
	assert.equal(planner.add(neighbours), false);
	const ofOne = new PortPlanner({ ...everything, vms: ["192.168.100.57"] });
	assert.equal(ofOne.add(neighbours), true);
});

const unlisted: HostDocument = {
	type: "host-links",
	statements: [
		{
			source: "ip -j -d link show",
			output: null,
			gap: { reason: "no answer within 5 s", fix: "mend\u001b it" },
		},
	],
};

test("PortPlanner.plan() keeps what it has while interfaces cannot be listed", () => {
	const planner = new PortPlanner(everything);
	planner.add(linksOf(br0, ens3, vnet0));
	assert.deepEqual(namesOf(planner), ["br0", "ens3", "vnet0"]);
	assert.equal(planner.add(unlisted), false);
	assert.deepEqual(namesOf(planner), ["br0", "ens3", "vnet0"]);
});

test("PortPlanner.plan() says that interfaces cannot be listed, not that there are none", () => {
	const planner = new PortPlanner({ ...everything, interfaces: ["ens3"] });
	planner.add(unlisted);
	assert.deepEqual(planner.plan().problems, [
		"the interfaces of this host cannot be listed: ip -j -d link show: no answer within 5 s (mend\\x1b it)",
	]);
	planner.add(linksOf(ens3));
	assert.deepEqual(planner.plan().problems, []);
});
