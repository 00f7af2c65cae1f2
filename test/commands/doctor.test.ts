import assert from "node:assert/strict";
import { test } from "node:test";
import { formatJson, judgeChecks } from "../../src/commands/doctor.js";
import type { Check, DoctorFacts } from "../../src/commands/doctor-facts.js";
import { quote } from "../../src/commands/doctor-facts.js";
import { layOutChecks } from "../../src/commands/doctor-text.js";
import { paintNothing } from "../../src/show/style.js";
import { healthy, ordinaryUser, withHost } from "./doctor-table.js";

function find(facts: DoctorFacts, name: string): Check {
	const check = judgeChecks(facts).find((each) => each.name === name);
	assert.ok(check, name);
	return check;
}

function withTool(name: string, reason: string, fix: string): DoctorFacts {
	const gap = { reason, fix };
	return withHost({
		tools: healthy.host.tools.map((tool) =>
			tool.name === name ? { ...tool, version: "", gap } : tool,
		),
	});
}

test("judgeChecks() finds nothing in the way on a healthy host", () => {
	const checks = judgeChecks(healthy);
	assert.deepEqual(
		checks.map(({ name, found }) => `${name}: ${found}`),
		[
			"system: Linux 6.1.0-18-amd64, x64",
			"node: v20.12.0",
			"koffi: loads",
			"packet socket: can be opened, and made promiscuous",
			"receive buffer: 32 MiB a port: CAP_NET_ADMIN may have what it asks for",
			"package cap: installed: --engine cap can be used",
			"libpcap: compiles what --filter says",
			"ip: ip 1.0",
			"bridge: bridge 1.0",
			"virsh: virsh 1.0",
			"nft: nft 1.0",
			"iptables-save: iptables-save 1.0",
			"libvirt: qemu:///system, running: web, db",
			"VM taps: br0: vnet0, web-lan; virbr0: vnet2",
			"bridged frames: pass the rules of the bridge family only",
		],
	);
	assert.ok(checks.every(({ status, fix }) => status === "ok" && fix === null));
});

test("judgeChecks() looks no further where frames cannot be captured at all", () => {
	const checks = judgeChecks(withHost({ system: "Darwin", release: "23.0" }));
	assert.deepEqual(
		checks.map(({ name, status }) => `${name} ${status}`),
		["system failure", "node ok"],
	);
	for (const [nodeVersion, status] of [
		["v20.11.1", "failure"],
		["v18.20.0", "failure"],
		["v20.12.0", "ok"],
		["v22.0.0", "ok"],
	] as const) {
		assert.equal(find({ ...healthy, nodeVersion }, "node").status, status);
	}
});

test("judgeChecks() says how to get the right to capture", () => {
	const capture = { ...healthy.capture, packetSocket: "not permitted" };
	const user = { ...withHost(ordinaryUser), capture };
	const check = find(user, "packet socket");
	assert.equal(check.status, "failure");
	assert.equal(check.fix, "sudo /usr/bin/node '/opt/vm path/cli.js' watch");
	assert.match(
		check.note ?? "",
		/install -m 700 \/usr\/bin\/node ~\/vmpath-node && sudo setcap cap_net_raw,cap_net_admin\+ep ~\/vmpath-node.*Never do that to \/usr\/bin\/node itself/,
	);
	const { host } = user;
	const withoutSudo = { ...user, host: { ...host, hasSudo: false } };
	assert.equal(
		find(withoutSudo, "packet socket").fix,
		"su -c '/usr/bin/node '\\''/opt/vm path/cli.js'\\'' watch'",
	);
	const inContainer = { ...user, host: { ...host, isRoot: true } };
	assert.match(find(inContainer, "packet socket").found, /no CAP_NET_RAW/);
});

test("judgeChecks() counts on the other engine where that can capture", () => {
	const koffi = "the packet engine needs koffi";
	const capture = { ...healthy.capture, koffi, packetSocket: koffi };
	const broken = { ...healthy, capture: { ...capture, libpcap: koffi } };
	assert.equal(find(broken, "koffi").status, "warning");
	assert.equal(find(broken, "packet socket").status, "warning");
	assert.match(find(broken, "libpcap").found, /not tried/);
	const alone = { ...broken, capture: { ...capture, cap: "not installed" } };
	assert.equal(find(alone, "koffi").status, "failure");
	assert.match(find(alone, "package cap").found, /not needed/);
});

test("judgeChecks() names the limit of the receive buffer, and how to raise it", () => {
	const user = {
		...ordinaryUser,
		capabilities: { netRaw: true, netAdmin: false },
	};
	const check = find(withHost(user), "receive buffer");
	assert.equal(check.status, "warning");
	assert.match(check.found, /^limited to 208 KiB a port by net.core.rmem_max/);
	assert.equal(check.fix, "sudo sysctl -w net.core.rmem_max=33554432");
	const raised = withHost({ ...user, rmemMax: 33_554_432 });
	assert.equal(find(raised, "receive buffer").status, "ok");
	const unknown = withHost({ ...user, rmemMax: null });
	assert.match(find(unknown, "receive buffer").found, /limited to unknown/);
});

test("judgeChecks() says what is not known without a tool, and which package has it", () => {
	const install = "apt install iproute2";
	const withoutIp = withTool("ip", "ip is not installed", install);
	assert.deepEqual(find(withoutIp, "ip"), {
		name: "ip",
		status: "failure",
		found: "ip is not installed: it tells which interfaces there are",
		fix: install,
		note: null,
	});
	const user = { ...withoutIp.host, ...ordinaryUser };
	assert.equal(
		find({ ...withoutIp, host: user }, "ip").fix,
		"sudo apt install iproute2",
	);
	const nft = withTool("nft", "nft is not installed", "apt install nftables");
	assert.equal(find(nft, "nft").status, "warning");
	const iptables = withTool("iptables-save", "it is not installed", "x");
	assert.equal(find(iptables, "iptables-save").status, "ok");
});

test("judgeChecks() tells of a libvirt that does not answer", () => {
	const gap = {
		reason: "libvirtd is not running",
		fix: "systemctl start libvirtd (or virtqemud and virtnetworkd)",
	};
	const down = withHost({ libvirt: { uri: "", running: [], gap } });
	const check = find(down, "libvirt");
	assert.equal(check.status, "warning");
	assert.equal(check.fix, "systemctl start libvirtd");
	assert.equal(check.note, "or virtqemud and virtnetworkd");
});

test("judgeChecks() asks for a VM where no bridge has a tap", () => {
	const [ens3] = healthy.host.bridgePorts;
	assert.ok(ens3);
	const check = find(withHost({ bridgePorts: [ens3] }), "VM taps");
	assert.equal(check.status, "warning");
	assert.match(check.found, /is a VM running\?/);
	const bridgeGap = { reason: "ip is not installed", fix: null };
	const unknown = find(withHost({ bridgePorts: [], bridgeGap }), "VM taps");
	assert.equal(unknown.found, "unknown: ip is not installed");
});

test("judgeChecks() hints at iptables where its rules apply to bridged frames", () => {
	const facts = withHost({ ...ordinaryUser, callsIptables: true });
	assert.deepEqual(find(facts, "bridged frames"), {
		name: "bridged frames",
		status: "warning",
		found:
			"iptables' FORWARD rules apply to bridged frames (bridge-nf-call-iptables = 1): those that Docker or a firewall sets can drop what VMs send and get",
		fix: "sudo iptables -S FORWARD",
		note: "shows the rules. Where they drop frames of VMs: sudo sysctl -w net.bridge.bridge-nf-call-iptables=0 (and in /etc/sysctl.d, to keep it), unless Kubernetes or a libvirt nwfilter needs it",
	});
	assert.equal(JSON.parse(formatJson(judgeChecks(facts))).isTraceable, true);
	const nftOnly = withTool("iptables-save", "it is not installed", "x");
	const host = { ...nftOnly.host, callsIptables: true };
	assert.equal(
		find({ ...nftOnly, host }, "bridged frames").fix,
		"nft list ruleset",
	);
	for (const callsIptables of [false, null]) {
		const { status } = find(withHost({ callsIptables }), "bridged frames");
		assert.equal(status, "ok");
	}
});

test("judgeChecks() counts names beyond a few, and makes them safe", () => {
	const running = ["a\u001b[2Jb", ..."cdefgh"];
	const libvirt = { ...healthy.host.libvirt, running };
	assert.equal(
		find(withHost({ libvirt }), "libvirt").found,
		"qemu:///system, running: a\\x1b[2Jb, c, d, e, f, g and 1 more",
	);
});

test("quote() quotes what a shell would take apart", () => {
	assert.equal(quote("/usr/bin/node"), "/usr/bin/node");
	assert.equal(quote("it's $HOME"), "'it'\\''s $HOME'");
});

test("layOutChecks() shows a fix whole, on a line of its own", () => {
	const check: Check = {
		name: "receive buffer",
		status: "warning",
		found: "limited to 208 KiB a port by net.core.rmem_max",
		fix: "sudo sysctl -w net.core.rmem_max=33554432 # as long as it needs to be",
		note: "it is lost at the next start",
	};
	assert.equal(
		layOutChecks(
			[check, { ...check, status: "ok", fix: null, note: null }],
			50,
			paintNothing,
		),
		[
			"! receive buffer   limited to 208 KiB a port by",
			"                   net.core.rmem_max",
			"                   → sudo sysctl -w net.core.rmem_max=33554432 # as long as it needs to be",
			"                   it is lost at the next start",
			"✓ receive buffer   limited to 208 KiB a port by",
			"                   net.core.rmem_max",
			"",
		].join("\n"),
	);
});

test("formatJson() says whether the host can be traced", () => {
	const { isTraceable, checks } = JSON.parse(formatJson(judgeChecks(healthy)));
	assert.equal(isTraceable, true);
	assert.deepEqual(checks[1], {
		name: "node",
		status: "ok",
		found: "v20.12.0",
		fix: null,
		note: null,
	});
});
