import assert from "node:assert/strict";
import { test } from "node:test";
import { buildTopology } from "../../src/topology/build-topology.js";
import {
	type CaptureSelection,
	chooseCapturePorts,
} from "../../src/topology/capture-plan.js";
import {
	bridge,
	card,
	documentsOf,
	type HostWords,
	link,
	loopback,
	tap,
} from "./documents.js";
import {
	bondedHost,
	missionHost,
	openstackHost,
	proxmoxHost,
	unbridgedHost,
	vm1Mac,
} from "./hosts.js";

function choose(words: HostWords, selection: Partial<CaptureSelection> = {}) {
	const topology = buildTopology(documentsOf(words));
	const empty = { vms: [], bridges: [], interfaces: [] };
	const { ports, problems } = chooseCapturePorts(topology, {
		...empty,
		...selection,
	});
	return { names: ports.map(({ name }) => String(name)), ports, problems };
}

test("chooseCapturePorts() takes all that VMs are plugged into, when nothing is asked for", () => {
	const { ports, problems } = choose(missionHost());
	assert.deepEqual(problems, []);
	assert.deepEqual(ports, [
		{ name: "ens3", index: 2, isPromiscuous: false, linkType: 1 },
		{ name: "br0", index: 3, isPromiscuous: true, linkType: 1 },
		{ name: "virbr0", index: 4, isPromiscuous: true, linkType: 1 },
		{ name: "vnet0", index: 5, isPromiscuous: false, linkType: 1 },
		{ name: "vnet1", index: 6, isPromiscuous: false, linkType: 1 },
		{ name: "vnet2", index: 7, isPromiscuous: false, linkType: 1 },
	]);
});

test("chooseCapturePorts() takes what lies beneath uplinks and at the end of cables", () => {
	assert.deepEqual(choose(bondedHost("ACTIVE")).names, [
		"eno1",
		"eno2",
		"bond0",
		"bond0.100",
		"br0",
		"vnet0",
	]);
	assert.deepEqual(choose(proxmoxHost()).names, [
		"eno1",
		"vmbr0",
		"tap100i0",
		"fwbr100i0",
		"fwpr100p0",
		"fwln100i0",
	]);
	assert.deepEqual(choose(openstackHost()).names, [
		"ovs-system",
		"qbr1f2e3d4c-5b",
		"tap1f2e3d4c-5b",
		"qvb1f2e3d4c-5b",
		"qvo1f2e3d4c-5b",
		"tap9a8b7c6d-5e",
	]);
	assert.deepEqual(choose(unbridgedHost()).names, ["ens3", "macvtap0"]);
});

test("chooseCapturePorts() takes the way out behind NAT, a tunnel as raw IP", () => {
	const words = missionHost();
	const links = (words.links ?? []).filter(
		({ ifname, master }) => master !== "br0" && ifname !== "br0",
	);
	const wireguard = link("wg0", {
		link_type: "none",
		linkinfo: { info_kind: "wireguard" },
	});
	const { ports } = choose({
		...words,
		links: [...links, wireguard],
		route: [null, "wg0"],
	});
	assert.deepEqual(
		ports.map(({ name, linkType }) => `${name} ${linkType}`),
		["virbr0 1", "vnet2 1", "wg0 101"],
	);
});

test("chooseCapturePorts() takes the taps and paths of a VM, however it is named", () => {
	const path = ["ens3", "br0", "vnet0"];
	for (const vm of [
		"VM1",
		"uuid-VM1",
		"UUID-vm1",
		vm1Mac,
		"52-54-00-CD-76-3A",
		"vnet0",
		"192.168.100.57",
	]) {
		const { names, problems } = choose(missionHost(), { vms: [vm] });
		assert.deepEqual([names, problems], [path, []], vm);
	}
	assert.deepEqual(choose(missionHost(), { vms: ["192.168.122.148"] }).names, [
		"ens3",
		"br0",
		"virbr0",
		"vnet2",
	]);
});

test("chooseCapturePorts() takes a tap of which no VM is known", () => {
	const { domains: _, ...words } = missionHost();
	assert.deepEqual(choose(words, { vms: ["vnet2"] }).names, [
		"ens3",
		"br0",
		"virbr0",
		"vnet2",
	]);
});

test("chooseCapturePorts() takes the bridge of a VM that is off: its tap will come", () => {
	const { names, problems } = choose(missionHost(), { vms: ["VM4"] });
	assert.deepEqual([names, problems], [["ens3", "br0"], []]);
});

test("chooseCapturePorts() takes a bridge with its ports, or an interface alone", () => {
	assert.deepEqual(choose(missionHost(), { bridges: ["virbr0"] }).names, [
		"virbr0",
		"vnet2",
	]);
	assert.deepEqual(choose(missionHost(), { interfaces: ["ens3"] }).names, [
		"ens3",
	]);
});

const problems: readonly (readonly [Partial<CaptureSelection>, string])[] = [
	[{ bridges: ["br7"] }, "there is no bridge br7: there are br0, virbr0"],
	[
		{ interfaces: ["ens9"] },
		"there is no interface ens9: there are ens3, br0, virbr0, vnet0, vnet1, vnet2",
	],
	[
		{ interfaces: ["lo"] },
		"lo carries neither Ethernet nor IP of a VM (link type loopback): there are ens3, br0, virbr0, vnet0, vnet1, vnet2",
	],
	[
		{ vms: ["web\u001b[2J"] },
		"there is no VM web\\x1b[2J: there are VM1, VM2, VM3, VM4",
	],
];

test("chooseCapturePorts() says what there is when a name is wrong", () => {
	for (const [selection, problem] of problems) {
		const chosen = choose(missionHost(), selection);
		assert.deepEqual([chosen.problems, chosen.names], [[problem], []]);
	}
});

test("chooseCapturePorts() says why nothing of a VM can be captured", () => {
	const { problems: told } = choose(unbridgedHost(), { vms: ["given"] });
	assert.match(
		told[0] ?? "",
		/^nothing of VM given can be captured here: the card itself is given/,
	);
	assert.deepEqual(choose({}, { vms: ["x"] }).problems, [
		"there is no VM x: nobody names the VMs of this host (`vmpath topology` says why), and there is no tap",
	]);
	const { domains: _domains, ...nameless } = missionHost();
	assert.match(
		choose(nameless, { vms: ["x"] }).problems[0] ?? "",
		/, name it by its tap: vnet0, vnet1, vnet2$/,
	);
	assert.deepEqual(choose({}, { bridges: ["br0"] }).problems, [
		"there is no bridge br0, nor any other one",
	]);
});

test("chooseCapturePorts() waits at bridges for VMs to come, where there is no tap", () => {
	const links = [loopback(), card("ens3", "br0"), bridge("br0"), bridge("br1")];
	assert.deepEqual(choose({ links }).names, ["ens3", "br0"]);
	const meant = missionHost();
	const off = {
		...meant,
		links: (meant.links ?? []).filter(
			({ ifname }) => !/^vnet/.test(`${ifname}`),
		),
		domains: (meant.domains ?? []).slice(3),
	};
	assert.deepEqual(choose(off).names, ["ens3", "br0", "virbr0"]);
});

test("chooseCapturePorts() says so where there is nothing to capture", () => {
	const { names, problems: told } = choose({
		links: [loopback(), link("eth0")],
	});
	assert.deepEqual(names, []);
	assert.match(told[0] ?? "", /^no VM is plugged into a bridge here/);
});

test("chooseCapturePorts() ends where cables lead in a circle", () => {
	const cable = (name: string, peer: string, master: string) =>
		card(name, master, {
			link: peer,
			linkinfo: { info_kind: "veth", info_slave_kind: "bridge" },
		});
	const links = [
		loopback(),
		bridge("br0"),
		bridge("br1"),
		cable("a0", "a1", "br0"),
		cable("a1", "a0", "br1"),
		cable("b0", "b1", "br0"),
		cable("b1", "b0", "br1"),
		tap("vnet0", vm1Mac, "br0"),
	];
	assert.deepEqual(choose({ links }).names, [
		"br0",
		"br1",
		"a0",
		"a1",
		"b0",
		"b1",
		"vnet0",
	]);
});
