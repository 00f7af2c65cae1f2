import assert from "node:assert/strict";
import { test } from "node:test";
import { parseAgentAddresses } from "../../src/topology/agent-addresses.js";
import { parseBridgeVlan } from "../../src/topology/bridge-vlan.js";
import { parseDomainXml } from "../../src/topology/domain-xml.js";
import { parseIpAddress } from "../../src/topology/ip-address.js";
import { parseBridgeLink, parseIpLink } from "../../src/topology/ip-link.js";
import { parseIpNeighbour } from "../../src/topology/ip-neighbour.js";
import { parseIpRoute } from "../../src/topology/ip-route.js";
import { areInOneNetwork, parseIpv4 } from "../../src/topology/ipv4.js";
import { parseLeases } from "../../src/topology/leases.js";
import { parseNetworkXml } from "../../src/topology/network-xml.js";
import { findOnlyWayOut } from "../../src/topology/only-way-out.js";
import { parseProxmoxConfig } from "../../src/topology/proxmox-config.js";
import { parseQemuArguments } from "../../src/topology/qemu-arguments.js";
import { parseListeners } from "../../src/topology/services.js";
import { parseXml, XmlError } from "../../src/topology/xml.js";

/** Of iproute2 6.1 on Linux 6.18, some fields left out. */
const recordedLinks = `[
{"ifindex":7,"link_index":5,"ifname":"veth9","flags":["BROADCAST","MULTICAST"],"mtu":1500,"operstate":"DOWN","link_type":"ether","address":"8e:d4:fb:20:3c:37","link_netnsid":0,"linkinfo":{"info_kind":"veth"}},
{"ifindex":2,"ifname":"br0","flags":["BROADCAST","MULTICAST","UP","LOWER_UP"],"mtu":1500,"operstate":"UP","link_type":"ether","address":"12:13:57:dc:6e:b1","linkinfo":{"info_kind":"bridge","info_data":{"forward_delay":1500,"stp_state":2,"vlan_filtering":0,"nf_call_iptables":0}}},
{"ifindex":5,"ifname":"vnet0","flags":["NO-CARRIER","BROADCAST","MULTICAST","UP"],"mtu":1500,"master":"br0","operstate":"DOWN","link_type":"ether","address":"12:13:57:dc:6e:b1","linkinfo":{"info_kind":"tun","info_data":{"type":"tap","pi":false},"info_slave_kind":"bridge","info_slave_data":{"state":"disabled","hairpin":false,"learning":true,"flood":true,"proxy_arp":true,"mcast_flood":true,"bcast_flood":true,"neigh_suppress":false,"isolated":false}}},
{"ifindex":6,"ifname":"tun0","flags":["POINTOPOINT","MULTICAST","NOARP"],"mtu":1420,"operstate":"DOWN","link_type":"none","linkinfo":{"info_kind":"tun","info_data":{"type":"tun"}}}
]`;

test("parseIpLink() reads kinds, bridge settings and port flags, in order of the index", () => {
	const links = parseIpLink(JSON.parse(recordedLinks)) ?? [];
	assert.deepEqual(
		links.map(({ name }) => name),
		["br0", "vnet0", "tun0", "veth9"],
	);
	const [bridge, tap, tun, veth] = links;
	assert.deepEqual(bridge?.bridge, {
		isStpOn: true,
		forwardDelaySeconds: 15,
		isVlanAware: false,
		callsIptables: false,
	});
	assert.deepEqual(tap?.bridgePort, {
		state: "disabled",
		isIsolated: false,
		floods: true,
		floodsMulticast: true,
		floodsBroadcast: true,
		learns: true,
		isHairpin: false,
		suppressesNeighbours: true,
	});
	assert.deepEqual([tap?.isUp, tap?.hasCarrier], [true, false]);
	assert.deepEqual(
		[tun?.tunType, tun?.linkType, tun?.mac],
		["tun", "none", null],
	);
	assert.deepEqual([veth?.link, veth?.hasCarrier], [null, null]);
});

test("parseIpLink() leaves out what has neither name nor index, and refuses what is no list", () => {
	assert.deepEqual(parseIpLink([{}, 1, null, { ifname: "a" }]), []);
	for (const output of [null, "text", 1, {}]) {
		assert.equal(parseIpLink(output), null);
		assert.equal(parseIpRoute(output), null);
		assert.equal(parseIpAddress(output), null);
		assert.equal(parseIpNeighbour(output), null);
		assert.equal(parseBridgeVlan(output), null);
		assert.equal(parseBridgeLink(output), null);
	}
});

test("parseBridgeLink() reads the flags of ports by name", () => {
	const output = [
		{ ifname: "a1", master: "br0", state: "forwarding", isolated: true },
	];
	const port = parseBridgeLink(output)?.get("a1" as never);
	assert.deepEqual(
		[port?.state, port?.isIsolated, port?.floods],
		["forwarding", true, null],
	);
});

test("parseIpRoute() finds the default routes, the one that is taken first", () => {
	const output = [
		{ dst: "default", gateway: "10.0.0.1", dev: "wlan0", metric: 600 },
		{ dst: "10.0.0.0/24", dev: "br0" },
		{ dst: "default", dev: "br0", gateway: "10.0.0.254", metric: 100 },
		{ dst: "default", dev: "wg0", table: "51820" },
		{ type: "unreachable", dst: "default", dev: "lo", metric: 4278198272 },
		{ dst: "default", gateway: "fe80::1", dev: "br0" },
		{
			dst: "default",
			metric: 700,
			nexthops: [
				{ dev: "ppp0", weight: 1 },
				{ dev: "a", gateway: "10.1.0.1" },
			],
		},
	];
	assert.deepEqual(parseIpRoute(output), [
		{ gateway: "10.0.0.254", interface: "br0", metric: 100 },
		{ gateway: "10.0.0.1", interface: "wlan0", metric: 600 },
		{ gateway: null, interface: "ppp0", metric: 700 },
		{ gateway: "10.1.0.1", interface: "a", metric: 700 },
	]);
});

test("findOnlyWayOut() trusts a default route that nothing leads beside", () => {
	const main = { priority: 32766, src: "all", table: "main" };
	const routes = [
		{ dst: "default", gateway: "10.0.0.1", dev: "br0", protocol: "dhcp" },
		{ dst: "10.0.0.0/24", dev: "br0", protocol: "kernel", scope: "link" },
		{ dst: "172.17.0.0/16", dev: "docker0", protocol: "kernel" },
	];
	assert.equal(findOnlyWayOut(routes, [main]), "br0");
	assert.equal(findOnlyWayOut(routes, []), null);
	const rule = { priority: 100, src: "192.168.122.0", srclen: 24, table: "50" };
	assert.equal(findOnlyWayOut(routes, [rule, main]), null);
	const marked = { priority: 100, src: "all", fwmark: "0x1", table: "main" };
	assert.equal(findOnlyWayOut(routes, [marked, main]), null);
	for (const other of [
		{ dst: "203.0.113.0/24", gateway: "172.17.0.2", dev: "docker0" },
		{ dst: "default", dev: "tun0", metric: 50 },
		{ type: "blackhole", dst: "10.9.0.0/16" },
		{ dst: "10.8.0.0/16", nexthops: [{ dev: "ppp0" }] },
	]) {
		assert.equal(findOnlyWayOut([...routes, other], [main]), null);
	}
});

test("parseIpNeighbour() reads who is known, and when that was confirmed", () => {
	const output = [
		{ dst: "10.0.0.9", dev: "br0", state: ["INCOMPLETE"] },
		{ dst: "fe80::1", dev: "br0", lladdr: "52:54:00:11:22:33", state: [] },
		{
			dst: "10.0.0.254",
			dev: "br0",
			lladdr: "52:54:00:11:22:33",
			state: ["PERMANENT"],
		},
	];
	assert.deepEqual(parseIpNeighbour(output), [
		{
			address: "10.0.0.254",
			mac: "52:54:00:11:22:33",
			interface: "br0",
			ageSeconds: null,
		},
	]);
});

test("parseIpAddress() reads addresses of both families", () => {
	const output = [
		{
			ifname: "br0",
			addr_info: [
				{ family: "inet", local: "10.0.0.2", prefixlen: 24, dynamic: true },
				{ family: "inet6", local: "fe80::1", prefixlen: 64 },
				{ family: "mpls", local: "1", prefixlen: 20 },
			],
		},
	];
	assert.deepEqual(
		[...(parseIpAddress(output) ?? [])],
		[
			[
				"br0",
				[
					{
						address: "10.0.0.2",
						prefixLength: 24,
						family: "inet",
						isDynamic: true,
					},
					{
						address: "fe80::1",
						prefixLength: 64,
						family: "inet6",
						isDynamic: false,
					},
				],
			],
		],
	);
});

test("parseBridgeVlan() reads VLANs and ranges of them", () => {
	const output = [
		{
			ifname: "vnet0",
			vlans: [
				{ vlan: 1, flags: ["PVID", "Egress Untagged"] },
				{ vlan: 2, vlanEnd: 4094 },
			],
		},
	];
	assert.deepEqual(
		[...(parseBridgeVlan(output)?.values() ?? [])],
		[
			[
				{ id: 1, lastId: 1, isPvid: true, isUntagged: true },
				{ id: 2, lastId: 4094, isPvid: false, isUntagged: false },
			],
		],
	);
});

test("parseDomainXml() reads names with entities, and every kind of interface", () => {
	const domain = parseDomainXml(`<?xml version="1.0"?>
<!-- made by hand -->
<domain type='kvm' id='7' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>a &amp; b &lt;&#x41;&gt;</name><uuid>u</uuid>
  <devices>
    <interface type='bridge'><mac address='52:54:00:CD:76:3A'/><source bridge='br0'/><virtualport type='openvswitch'/><target dev='tap-vm2'/><model type='virtio'/><link state='down'/><filterref filter='clean-traffic'/></interface>
    <interface type='odd'/>
  </devices>
  <qemu:commandline><qemu:arg value='-x'/></qemu:commandline>
</domain>`);
	assert.deepEqual(domain, {
		name: "a & b <A>",
		uuid: "u",
		hasId: true,
		nics: [
			{
				mac: "52:54:00:cd:76:3a",
				tap: "tap-vm2",
				kind: "bridge",
				network: "br0",
				bridge: "br0",
				model: "virtio",
				link: "down",
				filter: "clean-traffic",
			},
			{
				mac: null,
				tap: null,
				kind: "other",
				network: null,
				bridge: null,
				model: null,
				link: null,
				filter: null,
			},
		],
	});
});

test("parseDomainXml() makes names safe: escapes, direction, Unicode kept", () => {
	const { name } = parseDomainXml(
		"<domain><name>\u202eweb\\ 名前 \u009b2J</name></domain>",
	);
	assert.equal(name, "\\u202eweb\\\\ 名前 \\x9b2J");
});

const wrongXml: readonly (readonly [xml: string, message: RegExp])[] = [
	["", /document must contain a root element/],
	["<domain>", /unclosed tag: domain/],
	["<domain/>", /it has no <domain> with a <name>/],
	["<a></b>", /unexpected close tag/],
	["<domain><name>&x;</name></domain>", /undefined entity/],
	[
		'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><domain><name>&b;</name></domain>',
		/it has a document type/,
	],
	[
		'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><domain/>',
		/it has a document type/,
	],
	[`${"<a>".repeat(100)}${"</a>".repeat(100)}`, /nest deeper than 64/],
	["<domain a='1' a='2'/>", /duplicate attribute/],
	[" ".repeat(4_000_001), /more than 4000000 characters/],
];

test("parseDomainXml() refuses what is no domain, entities of its own and documents too large", () => {
	for (const [xml, message] of wrongXml) {
		assert.throws(
			() => parseDomainXml(xml),
			(error) =>
				error instanceof XmlError &&
				message.test(error.message) &&
				!error.message.includes("\n"),
			xml.slice(0, 60),
		);
	}
});

test("parseXml() takes names that objects have of their own", () => {
	const document = parseXml("<__proto__ constructor='x'/>");
	assert.equal(document.children[0]?.name, "__proto__");
	assert.equal(document.children[0]?.attributes.constructor, "x");
});

test("parseNetworkXml() reads forward mode, bridge, address and DHCP", () => {
	const read = (inside: string) =>
		parseNetworkXml(`<network><name>n</name>${inside}</network>`, true);
	assert.deepEqual(
		read(
			"<forward/><bridge name='virbr1'/><ip family='ipv6' address='fd00::1'/><ip address='10.9.0.1' prefix='24'><dhcp/></ip>",
		),
		{
			network: {
				name: "n",
				isActive: true,
				bridge: "virbr1",
				forward: "nat",
				address: "10.9.0.1",
				hasDhcp: true,
			},
			leaseSeconds: null,
		},
	);
	assert.equal(read("<bridge name='virbr2'/>").network.forward, "isolated");
	assert.equal(read("<forward mode='bridge'/>").network.forward, "bridge");
});

test("parseNetworkXml() reads for how long leases are granted, where all are alike", () => {
	const read = (dhcp: string) =>
		parseNetworkXml(
			`<network><name>n</name><ip address='10.9.0.1'><dhcp>${dhcp}</dhcp></ip></network>`,
			true,
		).leaseSeconds;
	const range = (lease: string) =>
		`<range start='10.9.0.2' end='10.9.0.9'>${lease}</range>`;
	assert.equal(read(range("")), 3600);
	assert.equal(read(range("<lease expiry='12' unit='hours'/>")), 43_200);
	assert.equal(read(range("<lease expiry='90'/>")), 5400);
	assert.equal(read(range("<lease expiry='90' unit='seconds'/>")), 90);
	assert.equal(read(range("<lease expiry='0'/>")), null);
	assert.equal(read(range("<lease expiry='x'/>")), null);
	assert.equal(read(range("") + range("<lease expiry='90'/>")), null);
	assert.equal(read(""), null);
});

test("parseLeases() reads virsh's table, with its head or without", () => {
	const table = ` Expiry Time           MAC address         Protocol   IP address           Hostname   Client ID or DUID
------------------------------------------------------------------------------------------------------------
 2026-11-22 17:34:05   52:54:00:8e:41:d7   ipv4       192.168.122.148/24   VM3        01:52:54:00:8e:41:d7
 2026-11-22 17:34:05   52:54:00:8e:41:d7   ipv6       fd00::2/64   VM3        -
`;
	const read = (readAt: number | null, leaseSeconds: number | null) =>
		parseLeases(table, { readAt, leaseSeconds });
	// 12 minutes after it was granted for an hour, of which 48 are left.
	const readAt = Date.parse("2026-11-22T16:46:05Z") / 1000;
	assert.deepEqual(read(readAt, 3600), [
		{
			address: "192.168.122.148",
			mac: "52:54:00:8e:41:d7",
			source: "lease",
			ageSeconds: 720,
		},
	]);
	const ages = [read(null, 3600), read(readAt, null), read(readAt, 60)].map(
		([lease]) => lease?.ageSeconds,
	);
	assert.deepEqual(ages, [null, null, null]);
});

test("parseAgentAddresses() reads virsh's table, whatever the guest calls its cards", () => {
	const table = ` lo         00:00:00:00:00:00    ipv4         127.0.0.1/8
 a b 1.2.3.4/8 52:54:00:8e:41:d7    ipv4         192.168.122.148/24
 eth0       52:54:00:8e:41:d7    ipv6         fe80::1/64
 eth0       52:54:00:8e:41:d7    ipv4         999.1.1.1/24
 eth0       N/A    N/A         N/A
`;
	assert.deepEqual(
		parseAgentAddresses(table).map(({ address, mac, source, ageSeconds }) =>
			[address, mac, source, ageSeconds].join(" "),
		),
		[
			"127.0.0.1 00:00:00:00:00:00 agent 0",
			"192.168.122.148 52:54:00:8e:41:d7 agent 0",
		],
	);
});

test("parseProxmoxConfig() reads NICs with and without a bridge, not those of snapshots", () => {
	const text = `name: web
net0: virtio=BC:24:11:2E:F0:01,bridge=vmbr0,firewall=1,tag=20
net1: model=e1000,macaddr=BC:24:11:2E:F0:02,bridge=vmbr1
[before]
net2: virtio=BC:24:11:2E:F0:03,bridge=vmbr0`;
	const domain = parseProxmoxConfig(text, "100", true);
	assert.deepEqual(
		domain?.nics.map(({ mac, tap, bridge, model }) => [
			mac,
			tap,
			bridge,
			model,
		]),
		[
			["bc:24:11:2e:f0:01", "tap100i0", "vmbr0", "virtio"],
			["bc:24:11:2e:f0:02", "tap100i1", "vmbr1", "e1000"],
		],
	);
	assert.equal(parseProxmoxConfig("", "7", false)?.name, "VM 7");
});

test("parseQemuArguments() reads Proxmox's and plain command lines", () => {
	const words =
		"-name web -netdev type=tap,id=net0,ifname=tap100i0,script=/x -device virtio-net-pci,mac=BC:24:11:2E:F0:01,netdev=net0,id=net0 -nic user,model=e1000,mac=52:54:00:12:34:56";
	const domain = parseQemuArguments(words.split(" "), 5);
	assert.deepEqual(
		domain?.nics.map(({ mac, tap, kind, model }) => [mac, tap, kind, model]),
		[
			["bc:24:11:2e:f0:01", "tap100i0", "ethernet", "virtio-net-pci"],
			["52:54:00:12:34:56", null, "user", "e1000"],
		],
	);
	assert.equal(parseQemuArguments(["-m", "1G"], 5), null);
	assert.equal(parseQemuArguments(["-name"], 5), null);
});

test("parseListeners() reads who waits at port 67, and where", () => {
	const text = `UNCONN 0 0 0.0.0.0%virbr0:67 0.0.0.0:* users:(("dnsmasq",pid=811,fd=4))
UNCONN 0      0            0.0.0.0:67        0.0.0.0:*
UNCONN 0      0          127.0.0.1:53        0.0.0.0:*
`;
	assert.deepEqual(parseListeners(text), [
		{ interface: "virbr0", program: "dnsmasq" },
		{ interface: null, program: null },
	]);
	assert.equal(parseListeners([]), null);
});

test("parseIpv4() takes dotted decimal alone; areInOneNetwork() compares prefixes", () => {
	for (const text of [
		"",
		"1.2.3",
		"1.2.3.256",
		"01.2.3.4",
		"1.2.3.4 ",
		"::1",
	]) {
		assert.equal(parseIpv4(text), null, text);
	}
	assert.equal(parseIpv4("255.0.10.1"), "255.0.10.1");
	assert.ok(areInOneNetwork("192.168.1.1", "192.168.1.200", 24));
	assert.ok(!areInOneNetwork("192.168.1.1", "192.168.2.1", 24));
	assert.ok(areInOneNetwork("1.2.3.4", "200.2.3.4", 0));
});
