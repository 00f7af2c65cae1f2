import assert from "node:assert/strict";
import { test } from "node:test";
import { execa } from "execa";
import {
	gatherHostFacts,
	parseCapabilities,
} from "../../src/host/doctor-facts.js";
import { makeHost } from "../host/fake-tools.js";

const doctor = new URL("../../src/commands/doctor.js", import.meta.url).href;
const script = `
	const { runDoctor } = await import(process.argv[1]);
	process.exitCode = await runDoctor({ format: process.argv[2], connect: null });`;

function run(format: string) {
	const args = ["--input-type=module", "-e", script, doctor, format];
	return execa(process.execPath, args, { reject: false, stdin: "ignore" });
}

test("runDoctor() ends with 0 or 3, as its table says", async () => {
	const { exitCode, stdout, stderr } = await run("text");
	assert.match(stdout, /^✓ node +v\d+/m);
	assert.match(stdout, /^[✓!✗] packet socket {4}\S/m);
	if (exitCode === 0) {
		assert.match(stdout, /\nThis host can be traced\.$/);
		assert.equal(stderr, "");
	} else {
		assert.equal(exitCode, 3);
		assert.match(stdout, /^✗ /m);
		assert.match(stderr, /^vmpath: this host cannot be traced: [^\n]+$/);
	}
});

test("runDoctor() prints one JSON object for programs", async () => {
	const { exitCode, stdout } = await run("json");
	const { type, isTraceable, checks } = JSON.parse(stdout);
	assert.equal(type, "doctor");
	assert.equal(isTraceable, exitCode === 0);
	assert.ok(checks.length > 1);
});

test("gatherHostFacts() reads what tools and files say", async (t) => {
	const links = JSON.stringify([
		{ ifname: "ens3", master: "br0", linkinfo: { info_slave_kind: "bridge" } },
		{
			ifname: "vnet0",
			master: "br0",
			linkinfo: { info_kind: "tun", info_slave_kind: "bridge" },
		},
		{ ifname: "eth1", master: "bond0", linkinfo: { info_slave_kind: "bond" } },
		{ ifname: "br0", linkinfo: { info_kind: "bridge" } },
	]);
	const host = await makeHost(
		t,
		{
			ip: `case $1 in -V) echo "ip utility, iproute2-6.1.0" ;; *) echo '${links}' ;; esac`,
			virsh: "echo 9.0.0",
			nft: "echo 'error: no netlink' >&2; exit 1",
		},
		{
			"etc/os-release": "ID=fedora\n",
			"proc/sys/net/core/rmem_max": "212992\n",
			"proc/sys/net/bridge/bridge-nf-call-iptables": "1\n",
			"proc/self/status": "CapEff:\t0000000000002000\n",
		},
	);
	const facts = await gatherHostFacts(host.options);
	assert.deepEqual(facts.bridgePorts, [
		{ name: "ens3", kind: null, bridge: "br0" },
		{ name: "vnet0", kind: "tun", bridge: "br0" },
	]);
	assert.equal(facts.rmemMax, 212_992);
	assert.equal(facts.callsIptables, true);
	assert.deepEqual(facts.capabilities, { netRaw: true, netAdmin: false });
	const tools = new Map(facts.tools.map((tool) => [tool.name, tool]));
	assert.equal(tools.get("ip")?.version, "ip utility, iproute2-6.1.0");
	assert.deepEqual(tools.get("bridge")?.gap, {
		reason: "bridge is not installed",
		fix: "dnf install iproute",
	});
	assert.equal(tools.get("nft")?.gap?.reason, "no netlink");
	assert.notEqual(facts.libvirt.gap, null);
});

test("parseCapabilities() reads CapEff", () => {
	const read = (mask: string) => parseCapabilities(`CapEff:\t${mask}\n`);
	assert.deepEqual(read("000001ffffffffff"), { netRaw: true, netAdmin: true });
	assert.deepEqual(read("0000000000001000"), { netRaw: false, netAdmin: true });
	assert.deepEqual(parseCapabilities(""), { netRaw: false, netAdmin: false });
});
