import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { paintColors, paintNothing } from "../../src/show/style.js";
import { showTopologyTree } from "../../src/show/topology-tree.js";
import { buildTopology } from "../../src/topology/build-topology.js";
import { documentsOf, type HostWords } from "../topology/documents.js";
import { hostileHost, hostileNames } from "../topology/hostile-host.js";
import {
	bondedHost,
	missionHost,
	openstackHost,
	proxmoxHost,
	unbridgedHost,
} from "../topology/hosts.js";

function show(words: HostWords, columns: number | null = null): string {
	const topology = buildTopology(documentsOf(words));
	return showTopologyTree(topology, { columns, paint: paintNothing });
}

test("showTopologyTree() shows the mission's host at a glance", () => {
	assert.equal(
		show(missionHost()),
		`kvm1: Linux 6.1.0-18-amd64, no VM itself

br0 → ens3 → gateway 192.168.100.1
│ 192.168.100.2/24, 00:25:90:5c:2e:10
├─ ● VM1  running   vnet0  52:54:00:cd:76:3a  192.168.100.57 (ARP table, 35 s old)
├─ ● VM2  running   vnet1  52:54:00:1f:0b:92
└─ ○ VM4  shut off  –      52:54:00:44:44:44

virbr0 → NAT → br0 → ens3 (gateway 192.168.122.1)
│ 192.168.122.1/24, 52:54:00:f3:6a:05, network default (nat), DHCP server here
└─ ● VM3  running   vnet2  52:54:00:8e:41:d7  192.168.122.148 (lease)
`,
	);
});

test("showTopologyTree() puts what does not fit on further lines, and cuts no name", () => {
	const text = show(missionHost(), 60);
	for (const line of text.split("\n")) {
		assert.ok(stringWidth(line) <= 60, line);
	}
	assert.ok(!text.includes("…"));
	assert.match(
		text,
		/├─ ● VM1 {2}running {3}vnet0 {2}52:54:00:cd:76:3a\n│ {4}192\.168\.100\.57 \(ARP table, 35 s old\)\n/,
	);
});

test("showTopologyTree() shows what lies between a VM and its bridge, and why a path ends", () => {
	assert.match(
		show(proxmoxHost()),
		/\nvmbr0 → eno1 → gateway 10\.0\.0\.1\n│ .*\n├─ ● web {2}running {2}tap100i0 → fwbr100i0 → fwln100i0 → fwpr100p0 {2}bc:24:11:2e:f0:01\n└─ ○ db {3}stopped {2}– .*bc:24:11:2e:f0:02\n/,
	);
	assert.match(
		show(bondedHost("ACTIVE")),
		/\nbr0 → bond0\.100 → bond0 → eno1 or eno2 → gateway 10\.0\.100\.1\n/,
	);
	assert.match(
		show(openstackHost()),
		/\n {5}qvo1f2e3d4c-5b is a port of Open vSwitch/,
	);
	assert.match(
		show(unbridgedHost()),
		/\nin no bridge\n├─ ● direct {3}running {2}macvtap0 → ens3 {2}52:54:00:00:00:01\n│ {4}macvtap: .*\n├─ ● given {4}running {2}no tap .*\n│ {4}the card itself is given to the VM/,
	);
});

test("showTopologyTree() ends with problems, notes and gaps, and what mends them", () => {
	const words = missionHost();
	const links = (words.links ?? []).map((raw) =>
		raw.ifname === "vnet0"
			? { ...raw, master: null, linkinfo: { info_kind: "tun" } }
			: raw.ifname === "br0"
				? { ...raw, address: "d6:01:02:03:04:05" }
				: raw,
	);
	const documents = [
		...documentsOf({ ...words, links }),
		{
			type: "host-firewall" as const,
			statements: [
				{
					source: "nft -j list ruleset",
					output: null,
					gap: { reason: "nft is not installed", fix: "apt install nftables" },
				},
			],
		},
	];
	const text = showTopologyTree(buildTopology(documents), {
		columns: null,
		paint: paintNothing,
	});
	assert.equal(
		text.slice(text.indexOf("1 problem")),
		`1 problem
✗ vnet0 of VM1 is in no bridge; the VM is set to use br0 (tap-not-in-bridge)
  see: ip -d link show dev vnet0
  fix: ip link set vnet0 master br0

worth knowing
• br0 has the MAC address d6:01:02:03:04:05, its uplink ens3 00:25:90:5c:2e:10: a LAN that knows the card alone may not answer the host (bridge-mac-differs)
  see: ip -br link show
  fix: ip link set br0 address 00:25:90:5c:2e:10

could not be read
? nft -j list ruleset: nft is not installed
  fix: apt install nftables
`,
	);
	assert.match(text, /\nin no bridge\n└─ ● VM1 {2}running {3}vnet0 /);
});

test("showTopologyTree() shows taps of which no VM is known", () => {
	const { domains: _, ...words } = missionHost();
	assert.match(show(words), /├─ \? no known VM {4}vnet0\n/);
	assert.match(show(words), /\nno VM is known here\n/);
});

test("showTopologyTree() is safe and fits the terminal, whatever names hold", () => {
	for (const columns of [null, 120, 80, 40]) {
		const text = show(hostileHost(), columns);
		assert.doesNotMatch(text, /[^\P{C}\n]/u);
		assert.match(text, /仮想マシン/);
		for (const line of text.split("\n")) {
			assert.ok(columns === null || stringWidth(line) <= columns, line);
		}
	}
	const rows = show(hostileHost()).match(/^[├└]─ ●/gm);
	assert.equal(rows?.length, hostileNames.length);
});

test("showTopologyTree() paints, and says the same without colours", () => {
	const topology = buildTopology(documentsOf(missionHost()));
	const painted = showTopologyTree(topology, {
		columns: 100,
		paint: paintColors,
	});
	assert.notEqual(painted, stripVTControlCharacters(painted));
	assert.equal(stripVTControlCharacters(painted), show(missionHost(), 100));
});
