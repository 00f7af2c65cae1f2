import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "../../src/model/host-document.js";
import { buildTopology } from "../../src/topology/build-topology.js";
import {
	bridge,
	bridgedNic,
	card,
	documentsOf,
	domainXml,
	type HostWords,
	link,
	loopback,
	tap,
} from "./documents.js";
import { missionHost, vm1Mac, vm2Mac } from "./hosts.js";

type Raw = Readonly<Record<string, Json>>;

/** The mission's host with some of its interfaces changed, or taken away. */
function changed(
	changes: Readonly<Record<string, Raw | null>>,
	more: HostWords = {},
): HostWords {
	const words = missionHost();
	const links = (words.links ?? []).flatMap((raw) => {
		const change = changes[String(raw.ifname)];
		return change === null ? [] : [{ ...raw, ...change }];
	});
	return { ...words, links, ...more };
}

function find(words: HostWords) {
	return buildTopology(documentsOf(words)).findings.map(
		({ id, isProblem, message, fix }) => ({ id, isProblem, message, fix }),
	);
}

const withoutBridge = {
	linkinfo: { info_kind: "tun", info_data: { type: "tap" } },
	master: null,
};

test("findFindings() tells of a tap that is in no bridge, with the command that mends it", () => {
	assert.deepEqual(find(changed({ vnet0: withoutBridge })), [
		{
			id: "tap-not-in-bridge",
			isProblem: true,
			message: "vnet0 of VM1 is in no bridge; the VM is set to use br0",
			fix: "ip link set vnet0 master br0",
		},
	]);
	assert.equal(
		find(changed({ vnet2: withoutBridge }))[0]?.fix,
		"ip link set vnet2 master virbr0",
	);
});

test("findFindings() tells of a tap in another bridge, one that is down, one that is not there", () => {
	assert.deepEqual(
		find(changed({ vnet0: { master: "virbr0" } })).map(
			({ message }) => message,
		),
		["vnet0 of VM1 is in virbr0; the VM is set to use br0"],
	);
	assert.deepEqual(
		find(changed({ vnet0: { flags: [] } })).map(({ id, fix }) => [id, fix]),
		[["tap-down", "ip link set vnet0 up"]],
	);
	assert.deepEqual(
		find(changed({ vnet0: null })).map(({ id, message }) => [id, message]),
		[
			[
				"no-tap",
				`there is no interface vnet0, which VM1 is to have for its card ${vm1Mac}`,
			],
		],
	);
});

test("findFindings() tells of one MAC address of two VMs, a problem on one bridge alone", () => {
	const twin = (at: string, of: string) =>
		changed(
			{},
			{
				domains: [
					["running", domainXml("VM1", bridgedNic(vm1Mac, "br0", "vnet0"))],
					["running", domainXml("twin", bridgedNic(vm1Mac, of, at))],
				],
			},
		);
	assert.deepEqual(find(twin("vnet1", "br0")), [
		{
			id: "duplicate-mac",
			isProblem: true,
			message: `VM1, twin have one MAC address, ${vm1Mac}, on one bridge`,
			fix: null,
		},
	]);
	assert.deepEqual(
		find(twin("vnet2", "virbr0")).map(({ id, isProblem }) => [id, isProblem]),
		[["duplicate-mac", false]],
	);
});

test("findFindings() takes no offence at a VM that is off and has another's address", () => {
	const domains = [
		["running", domainXml("VM1", bridgedNic(vm1Mac, "br0", "vnet0"))],
		["shut off", domainXml("clone", bridgedNic(vm1Mac, "br0"), false)],
	] as const;
	assert.deepEqual(find(changed({}, { domains })), []);
});

test("findFindings() tells of a link that was set down", () => {
	const nic = bridgedNic(vm1Mac, "br0", "vnet0").replace(
		"<model",
		"<link state='down'/><model",
	);
	assert.deepEqual(
		find(changed({}, { domains: [["running", domainXml("VM1", nic)]] })).map(
			({ id, fix }) => [id, fix],
		),
		[["guest-link-down", `virsh domif-setlink VM1 ${vm1Mac} up`]],
	);
});

test("findFindings() tells of an address on a port of a bridge", () => {
	const addresses = { br0: "192.168.100.2/24", ens3: "192.168.100.3/24" };
	assert.deepEqual(
		find(changed({}, { addresses })).map(({ id, isProblem }) => [
			id,
			isProblem,
		]),
		[["address-on-bridge-port", true]],
	);
});

test("findFindings() tells of an uplink without carrier, down, or missing", () => {
	const noCarrier = { flags: ["NO-CARRIER", "UP"], operstate: "DOWN" };
	assert.deepEqual(
		find(changed({ ens3: noCarrier })).map(({ id, fix }) => [id, fix]),
		[["uplink-no-carrier", null]],
	);
	assert.deepEqual(
		find(changed({ ens3: { flags: [] } })).map(({ id, fix }) => [id, fix]),
		[["uplink-no-carrier", "ip link set ens3 up"]],
	);
	const away = { master: null, linkinfo: {} };
	assert.deepEqual(
		find(changed({ ens3: away })).map(({ id, fix }) => [id, fix]),
		[["uplink-not-in-bridge", "ip link set ens3 master br0"]],
	);
});

test("findFindings() takes a VM for the way out of a bridge, when it is the host's gateway", () => {
	const neighbour = { dst: "192.168.100.1", dev: "br0", lladdr: vm2Mac };
	const away = { ens3: { master: null, linkinfo: {} } };
	assert.deepEqual(find(changed(away, { neighbours: [neighbour] })), []);
});

/** A router VM as gateway: no card in br0, none that has its address. */
function routerVmHost(more: HostWords = {}): HostWords {
	return changed(
		{ ens3: { master: null, linkinfo: {}, address: "00:25:90:5c:2e:11" } },
		{ neighbours: [], ...more },
	);
}

test("findFindings() doubts a bridge without uplink where the gateway may be a VM", () => {
	const say = (words: HostWords) =>
		find(words).map(({ id, isProblem, message, fix }) => [
			...[id, isProblem, message, fix],
		]);
	assert.deepEqual(say(routerVmHost()), [
		[
			"uplink-not-in-bridge",
			false,
			"no card is in br0: nothing leads from it to the LAN, unless a VM is the gateway",
			"ip link set ens3 master br0",
		],
	]);
	const neighbour = { dst: "192.168.100.1", dev: "br0" };
	const lladdr = "00:0d:b9:4a:1c:20";
	assert.deepEqual(
		say(routerVmHost({ neighbours: [{ ...neighbour, lladdr }] }))[0]?.[1],
		true,
	);
	// A tap of which no VM is known: libvirt could not be asked.
	const known = { ...neighbour, lladdr: vm1Mac };
	const { domains: _, ...unasked } = routerVmHost({ neighbours: [known] });
	assert.deepEqual(say(unasked), []);
});

test("findFindings() misses the card whose address a bridge has, wherever the default route goes", () => {
	const away = { ens3: { master: null, linkinfo: {} } };
	const words = changed(away, { route: ["10.0.0.1", "ens9"] });
	assert.deepEqual(
		find(words).map(({ id, isProblem, fix }) => [id, isProblem, fix]),
		[["uplink-not-in-bridge", true, "ip link set ens3 master br0"]],
	);
});

/** The host routes between a bridge of its own, with a VM, and its card. */
function routingHost(ipForward: string): HostWords {
	return {
		links: [
			loopback(),
			link("eno1"),
			bridge("br1", { address: "7a:01:02:03:04:05" }),
			tap("vnet0", vm1Mac, "br1"),
		],
		addresses: { eno1: "10.0.0.2/24", br1: "10.9.0.1/24" },
		route: ["10.0.0.1", "eno1"],
		domains: [
			["running", domainXml("VM1", bridgedNic(vm1Mac, "br1", "vnet0"))],
		],
		statements: [
			["host-sysctls", "/proc/sys", { "net/ipv4/ip_forward": ipForward }],
		],
	};
}

test("findFindings() takes no offence at a bridge that the host routes from, or keeps to itself", () => {
	assert.deepEqual(find(routingHost("1")), []);
	assert.deepEqual(
		find(routingHost("0")).map(({ isProblem, message }) => [
			isProblem,
			message,
		]),
		[
			[
				false,
				"the host forwards no packets: VMs in br1 reach the host and no further",
			],
		],
	);
});

test("findFindings() notes that a bridge has another MAC address than its uplink", () => {
	assert.deepEqual(
		find(changed({ br0: { address: "d6:01:02:03:04:05" } })).map(
			({ id, isProblem }) => [id, isProblem],
		),
		[["bridge-mac-differs", false]],
	);
});

test("findFindings() tells of an MTU along the path that is too small, not of a larger one", () => {
	const ids = (changes: Readonly<Record<string, Raw>>) =>
		find(changed(changes)).map(({ id, fix }) => `${id}: ${fix}`);
	assert.deepEqual(ids({ ens3: { mtu: 1400 } }), [
		"mtu-mismatch: ip link set ens3 mtu 1500",
	]);
	assert.deepEqual(ids({ vnet0: { mtu: 1400 } }), [
		"mtu-mismatch: ip link set vnet0 mtu 1500",
	]);
	assert.deepEqual(ids({ ens3: { mtu: 9000 } }), []);
	assert.deepEqual(ids({ br0: { mtu: 1400 } }), []);
});

function withPort(name: string, settings: Raw): HostWords {
	const [raw] = (missionHost().links ?? []).filter(
		({ ifname }) => ifname === name,
	);
	const info = (raw?.linkinfo ?? {}) as Raw;
	const slave = { ...(info.info_slave_data as Raw), ...settings };
	return changed({ [name]: { linkinfo: { ...info, info_slave_data: slave } } });
}

test("findFindings() notes a port that STP keeps waiting, and one it blocks", () => {
	assert.deepEqual(
		find(withPort("vnet0", { state: "learning" })).map(
			({ id, isProblem, fix }) => [id, isProblem, fix],
		),
		[
			[
				"stp-forward-delay",
				false,
				"ip link set br0 type bridge forward_delay 0",
			],
		],
	);
	assert.deepEqual(
		find(withPort("ens3", { state: "blocking" })).map(({ id }) => id),
		["port-blocked"],
	);
});

test("findFindings() tells of a port that someone closed, and not of one without carrier", () => {
	const closed = withPort("vnet0", { state: "disabled" });
	const told = [
		["port-blocked", true, "bridge link set dev vnet0 state 3"],
	] as const;
	for (const host of [closed, { ...closed, domains: [] }]) {
		assert.deepEqual(
			find(host).map(({ id, isProblem, fix }) => [id, isProblem, fix]),
			told,
		);
	}
	const links = (withPort("ens3", { state: "disabled" }).links ?? []).map(
		(raw) =>
			raw.ifname === "ens3"
				? { ...raw, flags: ["NO-CARRIER", "UP"], operstate: "DOWN" }
				: raw,
	);
	assert.deepEqual(
		find({ ...missionHost(), links }).map(({ id }) => id),
		["uplink-no-carrier"],
	);
});

test("findFindings() tells of a bridge that is down, and of none of its ports", () => {
	const down = { flags: ["BROADCAST", "MULTICAST"], operstate: "DOWN" };
	for (const domains of [missionHost().domains ?? [], []]) {
		const closed = ["vnet0", "vnet1", "ens3"].flatMap((name) =>
			(withPort(name, { state: "disabled" }).links ?? []).filter(
				({ ifname }) => ifname === name,
			),
		);
		const links = (changed({ br0: down }).links ?? []).map(
			(raw) => closed.find(({ ifname }) => ifname === raw.ifname) ?? raw,
		);
		assert.deepEqual(find({ ...missionHost(), links, domains }), [
			{
				id: "bridge-down",
				isProblem: true,
				message: "the bridge br0 is down",
				fix: "ip link set br0 up",
			},
		]);
	}
});

test("findFindings() tells of a tap that is down, whether or not a VM is known to have it", () => {
	const down = { flags: ["BROADCAST", "MULTICAST"], operstate: "DOWN" };
	const host = changed({ vnet0: down });
	const told = (words: HostWords) =>
		find(words).map(({ id, isProblem, message, fix }) =>
			[id, isProblem, message, fix].join("; "),
		);
	const mend = "ip link set vnet0 up";
	assert.deepEqual(told(host), [
		`tap-down; true; vnet0 of VM1 is down; ${mend}`,
	]);
	assert.deepEqual(told({ ...host, domains: [] }), [
		`tap-down; true; vnet0, a tap of br0, is down; ${mend}`,
	]);
	const [, other] = host.domains ?? [];
	assert.ok(other);
	assert.deepEqual(told({ ...host, domains: [other] }), [
		`tap-down; false; vnet0, a tap of br0, is down; ${mend}`,
	]);
});

test("findFindings() tells of a port that is sent no broadcasts; a managed MAC table is healthy", () => {
	assert.deepEqual(
		find(withPort("ens3", { bcast_flood: false })).map(({ fix }) => fix),
		["bridge link set dev ens3 bcast_flood on"],
	);
	assert.deepEqual(
		find(withPort("vnet0", { flood: false, learning: false })),
		[],
	);
});

test("findFindings() tells of isolation at both ends of a path, not at one", () => {
	const isolated = { isolated: true };
	assert.deepEqual(find(withPort("vnet0", isolated)), []);
	const both = withPort("vnet0", isolated);
	const uplink = withPort("ens3", isolated).links?.[1] ?? {};
	const links = (both.links ?? []).map((raw) =>
		raw.ifname === "ens3" ? uplink : raw,
	);
	assert.deepEqual(
		find({ ...both, links }).map(({ id, fix }) => [id, fix]),
		[["port-isolated", "bridge link set dev ens3 isolated off"]],
	);
	const [unknown] = find({ ...both, links, domains: [] });
	assert.match(unknown?.message ?? "", /^vnet0 .*ens3 are both isolated/);
});

test("findFindings() tells of a VLAN-aware bridge where a tap has no VLAN, or the uplink lacks it", () => {
	const host = (vlans: Json): HostWords => ({
		...missionHost(),
		links: [
			loopback(),
			card("ens3", "br0"),
			bridge("br0", {}, { vlan_filtering: 1 }),
			tap("vnet0", vm1Mac, "br0"),
		],
		domains: [
			["running", domainXml("VM1", bridgedNic(vm1Mac, "br0", "vnet0"))],
		],
		networks: [],
		vlans,
	});
	const flags = ["PVID", "Egress Untagged"];
	const all = { ifname: "ens3", vlans: [{ vlan: 1, vlanEnd: 4094 }] };
	const one = { ifname: "ens3", vlans: [{ vlan: 1, flags }] };
	const port = { ifname: "vnet0", vlans: [{ vlan: 20, flags }] };
	assert.deepEqual(find(host([all, port])), []);
	assert.deepEqual(
		find(host([one, port])).map(({ isProblem, fix }) => [isProblem, fix]),
		[[false, "bridge vlan add vid 20 dev ens3"]],
	);
	assert.deepEqual(
		find(host([one])).map(({ isProblem, fix }) => [isProblem, fix]),
		[[true, "bridge vlan add vid 1 dev vnet0 pvid untagged"]],
	);
	assert.deepEqual(find(host([])), []);
});

test("findFindings() tells of NAT without forwarding, DHCP server or a network of its own", () => {
	const say = (
		type: "host-sysctls" | "host-services",
		source: string,
		output: Json,
	) => changed({}, { statements: [[type, source, output]] });
	assert.deepEqual(
		find(say("host-sysctls", "/proc/sys", { "net/ipv4/ip_forward": "0" })).map(
			({ id, fix }) => [id, fix],
		),
		[["ip-forward-off", "sysctl -w net.ipv4.ip_forward=1"]],
	);
	assert.deepEqual(
		find(say("host-services", "ss -H -l -u -n -p sport = :67", "")).map(
			({ id }) => id,
		),
		["dhcp-server-down"],
	);
	const addresses = { br0: "192.168.122.2/24", virbr0: "192.168.122.1/24" };
	assert.deepEqual(
		find(changed({}, { addresses })).map(({ id }) => id),
		["subnet-overlap"],
	);
	const larger = { br0: "192.168.0.2/16", virbr0: "192.168.122.1/24" };
	assert.deepEqual(find(changed({}, { addresses: larger })), []);
});

test("findFindings() tells of a Wi-Fi card in a bridge", () => {
	const cards = [{ name: "ens3", driver: "iwlwifi", isWireless: true }];
	const source = "/sys/class/net/*/device";
	assert.deepEqual(
		find(changed({}, { statements: [["host-system", source, cards]] })).map(
			({ id }) => id,
		),
		["wifi-uplink"],
	);
});

test("findFindings() writes commands that a shell takes as they are, whatever names hold", () => {
	const name = "$(reboot)'x";
	const words: HostWords = {
		links: [
			loopback(),
			card("ens3", "br0"),
			bridge("br0"),
			tap(name, vm2Mac, null),
		],
		domains: [
			[
				"running",
				domainXml("VM", bridgedNic(vm2Mac, "br0", name.replace("'", "&apos;"))),
			],
		],
	};
	assert.equal(find(words)[0]?.fix, "ip link set '$(reboot)'\\''x' master br0");
});

test("findFindings() is quiet on a host of containers, and on one with idle bridges", () => {
	const words: HostWords = {
		links: [
			loopback(),
			link("eth0"),
			bridge("docker0", { flags: ["NO-CARRIER", "UP"] }),
			bridge("br-5f2d"),
		],
		addresses: { eth0: "10.0.0.2/24", docker0: "172.17.0.1/16" },
		route: ["10.0.0.1", "eth0"],
	};
	assert.deepEqual(find(words), []);
});
