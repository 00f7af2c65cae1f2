import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
	type HostDocument,
	hostDocumentTypes,
	type Json,
} from "../../src/model/host-document.js";
import { buildTopology } from "../../src/topology/build-topology.js";
import { addDomainFiles } from "../../src/topology/domain-files.js";
import {
	bridge,
	bridgedNic,
	card,
	documentsOf,
	domainXml,
	link,
	loopback,
	portOf,
	tap,
} from "./documents.js";
import {
	bondedHost,
	missionHost,
	openstackHost,
	proxmoxHost,
	unbridgedHost,
	vm1Mac,
	vm2Mac,
	vm3Mac,
} from "./hosts.js";

function build(words: Parameters<typeof documentsOf>[0]) {
	return buildTopology(documentsOf(words));
}

function rolesOf(words: Parameters<typeof documentsOf>[0]) {
	return build(words).ports.map(({ name, role }) => `${name} ${role}`);
}

function pathsOf(words: Parameters<typeof documentsOf>[0]) {
	return build(words).paths.map(
		({ domain, ports, routedAfter, gateway, traceable }) =>
			`${domain}: ${ports.join(" → ")}${routedAfter ? ` (routed after ${routedAfter})` : ""}, gateway ${gateway}, ${traceable}`,
	);
}

test("buildTopology() reads the mission's host, and finds nothing wrong with it", () => {
	const topology = build(missionHost());
	assert.deepEqual(topology.host, {
		name: "kvm1",
		kernel: "6.1.0-18-amd64",
		virtualization: "none",
	});
	assert.deepEqual(
		topology.ports.map(
			({ index, name, role, kind, master }) =>
				`${index} ${name} ${role} ${kind} ${master}`,
		),
		[
			"1 lo unknown null null",
			"2 ens3 uplink null br0",
			"3 br0 bridge bridge null",
			"4 virbr0 bridge bridge null",
			"5 vnet0 tap tun br0",
			"6 vnet1 tap tun br0",
			"7 vnet2 tap tun virbr0",
		],
	);
	assert.deepEqual(topology.findings, []);
	assert.deepEqual(topology.gaps, []);
	assert.deepEqual(topology.wayOut, ["br0"]);
	assert.deepEqual(topology.gateways, [
		{
			address: "192.168.100.1",
			interface: "br0",
			mac: "00:0d:b9:4a:1c:20",
			source: "default route",
		},
		{
			address: "192.168.122.1",
			interface: "virbr0",
			mac: "52:54:00:f3:6a:05",
			source: "libvirt network default",
		},
	]);
	assert.deepEqual(topology.dhcpServers, [
		{
			interface: "virbr0",
			address: "192.168.122.1",
			source: "libvirt network default",
		},
	]);
	assert.deepEqual(topology.addresses, [
		{
			address: "192.168.122.148",
			mac: vm3Mac,
			source: "lease",
			ageSeconds: null,
		},
		{
			address: "192.168.100.1",
			mac: "00:0d:b9:4a:1c:20",
			source: "arp-table",
			ageSeconds: 2,
		},
		{
			address: "192.168.100.57",
			mac: vm1Mac,
			source: "arp-table",
			ageSeconds: 35,
		},
	]);
	assert.deepEqual(
		topology.domains.map(
			({ name, state, isRunning, nics }) =>
				`${name} ${state} ${isRunning} ${nics.map(({ tap: of, mac, network }) => `${of} ${mac} ${network}`)}`,
		),
		[
			`VM1 running true vnet0 ${vm1Mac} br0`,
			`VM2 running true vnet1 ${vm2Mac} br0`,
			`VM3 running true vnet2 ${vm3Mac} default`,
			"VM4 shut off false null 52:54:00:44:44:44 br0",
		],
	);
});

test("buildTopology() finds the paths of the mission's host, NAT behind virbr0", () => {
	assert.deepEqual(pathsOf(missionHost()), [
		"VM1: vnet0 → br0 → ens3, gateway 192.168.100.1, fully",
		"VM2: vnet1 → br0 → ens3, gateway 192.168.100.1, fully",
		"VM3: vnet2 → virbr0 → br0 → ens3 (routed after virbr0), gateway 192.168.122.1, fully",
	]);
});

test("buildTopology() follows Proxmox's firewall bridges and cables", () => {
	assert.deepEqual(pathsOf(proxmoxHost()), [
		"web: tap100i0 → fwbr100i0 → fwln100i0 → fwpr100p0 → vmbr0 → eno1, gateway 10.0.0.1, fully",
	]);
	const { domains, findings } = build(proxmoxHost());
	assert.deepEqual(
		domains.map(({ name, state, source }) => `${name} ${state} ${source}`),
		["web running proxmox", "db stopped proxmox"],
	);
	assert.deepEqual(
		domains[1]?.nics.map(({ kind, link: of, model, mac }) => [
			kind,
			of,
			model,
			mac,
		]),
		[
			["bridge", "down", "virtio", "bc:24:11:2e:f0:02"],
			["user", null, "e1000", "bc:24:11:2e:f0:03"],
		],
	);
	assert.deepEqual(findings, []);
	assert.deepEqual(rolesOf(proxmoxHost()).slice(-2), [
		"fwpr100p0 unknown",
		"fwln100i0 unknown",
	]);
});

test("buildTopology() follows OpenStack's cables up to Open vSwitch, and says why no further", () => {
	assert.deepEqual(pathsOf(openstackHost()), [
		"instance-00000001: tap1f2e3d4c-5b → qbr1f2e3d4c-5b → qvb1f2e3d4c-5b → qvo1f2e3d4c-5b, gateway null, partly",
		"instance-00000002: tap9a8b7c6d-5e, gateway null, partly",
	]);
	const { paths, findings } = build(openstackHost());
	assert.match(paths[0]?.reason ?? "", /^qvo1f2e3d4c-5b .*Open vSwitch/);
	assert.match(paths[1]?.reason ?? "", /^tap9a8b7c6d-5e .*Open vSwitch/);
	assert.deepEqual(findings, []);
});

test("buildTopology() follows a VLAN device and a bond, to the card only if one is active", () => {
	assert.deepEqual(pathsOf(bondedHost("BACKUP")), [
		"VM1: vnet0 → br0 → bond0.100 → bond0 → eno1, gateway 10.0.100.1, fully",
	]);
	assert.deepEqual(pathsOf(bondedHost("ACTIVE")), [
		"VM1: vnet0 → br0 → bond0.100 → bond0, gateway 10.0.100.1, fully",
	]);
	assert.deepEqual(rolesOf(bondedHost("ACTIVE")), [
		"lo unknown",
		"eno1 uplink",
		"eno2 uplink",
		"bond0 uplink",
		"bond0.100 uplink",
		"br0 bridge",
		"vnet0 tap",
	]);
	assert.equal(build(bondedHost("ACTIVE")).ports[4]?.vlanId, 100);
});

test("buildTopology() says why VMs without a tap cannot be traced", () => {
	assert.deepEqual(pathsOf(unbridgedHost()), [
		"direct: macvtap0 → ens3, gateway null, partly",
		"given: , gateway null, not",
		"session: , gateway null, not",
		"dpdk: , gateway null, not",
	]);
	const { paths, domains, findings } = build(unbridgedHost());
	for (const [index, words] of [
		/macvtap/,
		/PCI passthrough/,
		/passt or SLIRP/,
		/vhost-user/,
	].entries()) {
		assert.match(paths[index]?.reason ?? "", words);
	}
	assert.equal(domains[1]?.nics[0]?.network, "0000:03:10.1");
	assert.deepEqual(findings, []);
});

test("buildTopology() follows NAT out of a tunnel that carries the default route", () => {
	const words = missionHost();
	const wireguard = link("wg0", {
		link_type: "none",
		address: null,
		linkinfo: { info_kind: "wireguard" },
	});
	const host = {
		...words,
		links: [...(words.links ?? []), wireguard],
		route: [null, "wg0"] as const,
	};
	assert.equal(
		pathsOf(host)[2],
		"VM3: vnet2 → virbr0 → wg0 (routed after virbr0), gateway 192.168.122.1, fully",
	);
	assert.ok(rolesOf(host).includes("wg0 uplink"));
});

test("buildTopology() takes veths into other namespaces for taps and cards by their names", () => {
	const end = (name: string) =>
		link(name, {
			link_index: 2,
			link_netnsid: 0,
			master: "br0",
			linkinfo: portOf({ info_kind: "veth" }),
		});
	const links = [
		loopback(),
		end("vnet0"),
		end("ens3"),
		end("vethab12"),
		bridge("br0"),
	];
	assert.deepEqual(rolesOf({ links }).slice(1), [
		"vnet0 tap",
		"ens3 uplink",
		"vethab12 unknown",
		"br0 bridge",
	]);
});

test("buildTopology() takes libvirt's virbr0-nic and idle cards for neither tap nor uplink", () => {
	const links = [
		loopback(),
		link("ens9"),
		bridge("virbr0"),
		tap("virbr0-nic", "52:54:00:00:00:00", "virbr0"),
	];
	assert.deepEqual(rolesOf({ links }).slice(1), [
		"ens9 unknown",
		"virbr0 bridge",
		"virbr0-nic unknown",
	]);
});

test("buildTopology() finds the tap of a VM that only QEMU's process tells of", () => {
	const args = [
		"-name",
		"guest=web,,1,debug-threads=on",
		"-uuid",
		"6a1e1f0c-5f0b-4c1d-9d35-3b5c2f6d7a01",
		"-netdev",
		'{"type":"tap","fd":"32","id":"hostnet0"}',
		"-device",
		`{"driver":"virtio-net-pci","netdev":"hostnet0","id":"net0","mac":"${vm1Mac}"}`,
		"-netdev",
		"user,id=u0",
		"-device",
		"e1000,netdev=u0,mac=52:54:00:12:34:56",
	];
	const process = { pid: 77, uid: 0, name: "kvm", args, isInOurNetwork: true };
	const words = {
		links: [
			loopback(),
			card("ens3", "br0"),
			bridge("br0"),
			tap("vnet0", vm1Mac, "br0"),
		],
		statements: [["host-domains", "/proc/*/cmdline", [process]] as const],
	};
	assert.deepEqual(pathsOf(words), [
		"web,1: vnet0 → br0 → ens3, gateway null, fully",
		"web,1: , gateway null, not",
	]);
	const elsewhere = { ...process, isInOurNetwork: false };
	assert.deepEqual(
		pathsOf({
			...words,
			statements: [["host-domains", "/proc/*/cmdline", [elsewhere]]],
		}),
		[],
	);
});

test("buildTopology() lists VMs of other users' sessions, and says why they cannot be traced", () => {
	const session = (name: string, ...netdev: readonly string[]) => ({
		pid: 77,
		uid: 1000,
		name: "qemu-system-x86",
		args: [
			...["-name", `guest=${name}`, ...netdev],
			...["-device", "virtio-net-pci,netdev=n0,mac=52:54:00:00:00:07"],
		],
		isInOurNetwork: true,
	});
	const reasonOf = (...netdev: readonly string[]) => {
		const process = session("mine", ...netdev);
		const { domains, paths, findings } = build({
			links: [loopback(), card("ens3", "br0"), bridge("br0")],
			statements: [["host-domains", "/proc/*/cmdline", [process]]],
		});
		assert.deepEqual(
			domains.map(({ name, source }) => [name, source]),
			[["mine", "QEMU, pid 77"]],
		);
		assert.deepEqual(findings, []);
		return `${paths[0]?.traceable}: ${paths[0]?.reason}`;
	};
	const passt = '{"type":"stream","addr":{"type":"unix"},"id":"n0"}';
	for (const netdev of ["user,id=n0", passt, "passt,id=n0"]) {
		assert.match(
			reasonOf("-netdev", netdev),
			/^not: user-mode network \(passt/,
		);
	}
	assert.equal(
		reasonOf("-netdev", "tap,fd=32,id=n0"),
		"not: nobody names an interface of the host for it",
	);
	assert.equal(
		reasonOf("-netdev", "tap,ifname=tap7,id=n0"),
		"not: there is no interface tap7 here",
	);
	assert.match(reasonOf("-netdev", "vhost-user,id=n0"), /^not: vhost-user/);
});

test("buildTopology() tells of one VM once, by whoever knows most of it", () => {
	const xml = domainXml("VM1", bridgedNic(vm1Mac, "br0", "vnet0"));
	const process = {
		pid: 77,
		args: ["-name", "VM1", "-uuid", "uuid-VM1"],
		isInOurNetwork: true,
	};
	const documents = documentsOf({
		domains: [["running", xml]],
		statements: [["host-domains", "/proc/*/cmdline", [process]]],
	});
	const { domains } = buildTopology(
		addDomainFiles(documents, [{ path: "vm1.xml", text: xml }]),
	);
	assert.deepEqual(
		domains.map(({ name, source }) => [name, source]),
		[["VM1", "libvirt"]],
	);
});

test("addDomainFiles() adds a VM, which runs when its tap is here", () => {
	const text = domainXml("generic", bridgedNic(vm1Mac, "br0"), false);
	const links = [
		loopback(),
		card("ens3", "br0"),
		bridge("br0"),
		tap("vnet7", vm1Mac, "br0"),
	];
	const documents = addDomainFiles(documentsOf({ links }), [
		{ path: "generic.xml", text },
	]);
	const { domains, paths } = buildTopology(documents);
	assert.deepEqual(
		domains.map(({ name, state, isRunning, source }) => [
			name,
			state,
			isRunning,
			source,
		]),
		[["generic", "running", true, "domain XML generic.xml"]],
	);
	assert.deepEqual(paths[0]?.ports, ["vnet7", "br0", "ens3"]);
});

test("buildTopology() finds a tap that was renamed, which libvirt goes on calling vnet0", () => {
	const words = missionHost();
	const links = (words.links ?? []).map((raw) =>
		raw.ifname === "vnet0" ? { ...raw, ifname: "web-tap" } : raw,
	);
	const { paths, findings } = build({ ...words, links });
	assert.deepEqual(paths[0]?.ports, ["web-tap", "br0", "ens3"]);
	assert.deepEqual(findings, []);
});

test("buildTopology() gives no tap to a VM that is off, whatever its XML names", () => {
	const nic = bridgedNic(vm1Mac, "br0", "vnet0");
	const { domains } = build({
		...missionHost(),
		domains: [["shut off", domainXml("VM1", nic, false)]],
	});
	assert.equal(domains[0]?.nics[0]?.tap, null);
});

test("buildTopology() takes a VM for off that ended after it was listed", () => {
	const xml = domainXml("VM1", bridgedNic(vm1Mac, "br0"), false);
	const words = { ...missionHost(), domains: [["running", xml]] as const };
	const { domains, findings } = build(words);
	assert.deepEqual(
		domains.map(({ state, isRunning }) => [state, isRunning]),
		[["shut off", false]],
	);
	assert.deepEqual(findings, []);
});

test("buildTopology() makes a gap of what was not said, and of what it cannot read", () => {
	const topology = buildTopology([
		{
			type: "host-links",
			statements: [{ source: "ip -j -d link show", output: "?", gap: null }],
		},
		{
			type: "host-domains",
			statements: [
				{
					source: "virsh -r dumpxml",
					output: null,
					gap: { reason: "permission denied", fix: "run as root" },
				},
			],
		},
		{
			type: "host-networks",
			statements: [
				{
					source: "virsh -r net-dumpxml",
					output: [{ name: "odd\u001b[2J", isActive: true, xml: "<network>" }],
					gap: null,
				},
			],
		},
	]);
	assert.deepEqual(topology.ports, []);
	assert.deepEqual(
		topology.gaps.map(({ source, fix }) => [source, fix]),
		[
			["virsh -r dumpxml", "run as root"],
			["ip -j -d link show", null],
			["net-dumpxml odd\\x1b[2J", null],
		],
	);
});

test("buildTopology() never throws, whatever the documents hold", () => {
	const sources = [
		"ip -j -d link show",
		"bridge -j -d link show",
		"virsh -r dumpxml",
		"virsh -r net-dumpxml",
		"/etc/pve/qemu-server/1.conf",
		"/run/qemu-server",
		"/proc/*/cmdline",
		"/proc/sys",
		"domain XML x",
		"ss -H -l",
		"/sys/class/net/*/device",
	];
	const words = fc.constantFrom(
		"ifname",
		"ifindex",
		"linkinfo",
		"info_kind",
		"bridge",
		"veth",
		"master",
		"link",
		"br0",
		"vnet0",
		"addr_info",
		"vlans",
		"dst",
		"default",
		"dev",
		"nexthops",
		"xml",
		"state",
		"running",
		"args",
		"__proto__",
		"constructor",
	);
	const json = fc.letrec<{ value: Json }>((tie) => ({
		value: fc.oneof(
			{ depthSize: "small" },
			words,
			fc.constant(null),
			fc.integer({ min: -1, max: 3 }),
			fc.boolean(),
			fc.array(tie("value"), { maxLength: 4 }),
			fc.dictionary(words, tie("value"), { maxKeys: 6 }),
		),
	})).value;
	const document = fc.record({
		type: fc.constantFrom(...hostDocumentTypes),
		statements: fc.array(
			fc.record({
				source: fc.constantFrom(...sources),
				output: fc.oneof(json, fc.array(json, { maxLength: 6 })),
				gap: fc.constant(null),
			}),
			{ maxLength: 3 },
		),
	});
	fc.assert(
		fc.property(fc.array(document, { maxLength: 6 }), (documents) => {
			buildTopology(documents as HostDocument[]);
		}),
		{ numRuns: 500 },
	);
});
