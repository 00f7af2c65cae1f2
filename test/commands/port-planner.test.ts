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
	planner.settle();
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

test("PortPlanner.plan() forgets what was chosen before the host had said all", () => {
	const planner = new PortPlanner(everything);
	const loose = { index: 7, name: "vnet0", kind: "tun" };
	const vnet1 = { ...vnet0, index: 8, name: "vnet1" };
	planner.add(linksOf(br0, ens3, vnet0));
	assert.deepEqual(namesOf(planner), ["br0", "ens3", "vnet0"]);
	planner.add(linksOf(br0, ens3, loose, vnet1));
	assert.deepEqual(namesOf(planner), ["br0", "ens3", "vnet1"]);
	planner.settle();
	planner.add(linksOf(br0, ens3, vnet0, vnet1));
	assert.deepEqual(namesOf(planner), ["br0", "ens3", "vnet0", "vnet1"]);
	planner.add(linksOf(br0, ens3, loose, vnet1));
	assert.deepEqual(namesOf(planner), ["br0", "ens3", "vnet0", "vnet1"]);
});

test("PortPlanner.plan() gives each port the name that the kernel has, not a safe one", () => {
	const name = "v\\n\u001b[1mé";
	const planner = new PortPlanner({ ...everything, interfaces: [name] });
	planner.add(linksOf({ index: 9, name }));
	assert.deepEqual(planner.plan().problems, []);
	assert.deepEqual(namesOf(planner), [name]);
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

/** The document of forwarding tables, as `bridge -j fdb show` prints them. */
function fdbOf(mac: string, ifname: string): HostDocument {
	const output = [
		{ mac: "33:33:00:00:00:01", ifname, flags: ["self"], state: "permanent" },
		{ mac, ifname, flags: [], master: "br0", state: "" },
	];
	const source = "bridge -j fdb show";
	return { type: "host-fdb", statements: [{ source, output, gap: null }] };
}

const ofMac = (mac: string) => new PortPlanner({ ...everything, vms: [mac] });
const tap1 = { ...vnet0, index: 8, name: "vnet1", mac: "fe:54:00:cd:76:3a" };

test("PortPlanner.plan() finds the tap that libvirt made of a MAC address", () => {
	const planner = ofMac("52:54:00:CD:76:3A");
	planner.add(linksOf(br0, ens3, vnet0, tap1));
	assert.deepEqual(planner.plan().problems, []);
	assert.ok(namesOf(planner).includes("vnet1"));
	assert.ok(!namesOf(planner).includes("vnet0"));
});

test("PortPlanner.plan() finds the tap behind which a bridge has learned a MAC address", () => {
	const planner = ofMac("bc:24:11:00:00:07");
	assert.equal(planner.add(linksOf(br0, ens3, vnet0, tap1)), true);
	assert.equal(planner.plan().problems.length, 1);
	assert.equal(planner.add(fdbOf("bc:24:11:00:00:07", "vnet0")), true);
	assert.deepEqual(planner.plan().problems, []);
	assert.ok(namesOf(planner).includes("vnet0"));
	assert.ok(!namesOf(planner).includes("vnet1"));
});

test("PortPlanner.plan() says where a MAC address is that is at no tap, or what there is", () => {
	const planner = ofMac("bc:24:11:00:00:07");
	planner.add(linksOf(br0, ens3, tap1));
	assert.deepEqual(planner.plan(), {
		ports: [],
		problems: [
			"no VM, tap or bridge here knows bc:24:11:00:00:07: there is vnet1 (fe:54:00:cd:76:3a)",
		],
	});
	planner.add(fdbOf("bc:24:11:00:00:07", "ens3"));
	assert.deepEqual(planner.plan().problems, [
		"bc:24:11:00:00:07 is at no tap of this host: br0 reaches it by ens3",
	]);
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
