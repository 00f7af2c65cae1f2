import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { readHost } from "./fault-log.js";
import { faultScenarios } from "./fault-scenarios.js";
import type { FaultTruth } from "./fault-truth.js";

const directory = fileURLToPath(
	new URL("../../../fixtures/faults/", import.meta.url),
);
const names = readdirSync(directory);
const truths = names.map(
	(name): FaultTruth =>
		JSON.parse(readFileSync(join(directory, name, "truth.json"), "utf8")),
);

function readLog(name: string): Buffer {
	return gunzipSync(readFileSync(join(directory, name, "log.pcapng.gz")));
}

const causes = [
	"bridge-down",
	"bridge-filter-drop",
	"bridge-netfilter-forward-drop",
	"bridge-netfilter-half-open",
	"dhcp-nak",
	"dhcp-server-down",
	"dhcp-server-silent",
	"duplicate-ip",
	"gateway-silent",
	"guest-ignores-offer",
	"guest-not-reading",
	"guest-silent",
	"icmp-error",
	"ip-forward-off",
	"nat-forward-drop",
	"nat-masquerade-missing",
	"port-blocked",
	"port-isolated",
	"rogue-dhcp-server",
	"stp-forward-delay",
	"tap-down",
	"tap-not-in-bridge",
	"uplink-no-carrier",
	"uplink-not-in-bridge",
];

test("fixtures/faults has every cause, and five of them from libvirt", () => {
	const found = new Set(truths.flatMap(({ cause }) => cause ?? []));
	assert.deepEqual([...found].sort(), causes);
	const onLibvirt = names.filter((name) => name.startsWith("libvirt-"));
	assert.equal(onLibvirt.length, 5);
});

test("fixtures/faults has what the lab records and nothing else", () => {
	const recorded = faultScenarios.map(({ name }) => name);
	const ofLab = names.filter((name) => !name.startsWith("libvirt-"));
	assert.deepEqual(ofLab.sort(), recorded.sort());
});

test("a truth of fixtures/faults tells of a fault as a whole, or of none", () => {
	for (const [index, truth] of truths.entries()) {
		assert.equal(truth.name, names[index]);
		assert.equal(truth.effect === null, truth.cause === null, truth.name);
		assert.equal(truth.sinceNs === null, truth.cause === null, truth.name);
	}
});

test("a log of fixtures/faults has the host's documents and not the machine's", () => {
	for (const name of names) {
		const host = readHost(readLog(name));
		const hostname = host.output("host-system", "/proc/sys/kernel/hostname");
		assert.equal(hostname, "kvmhost", name);
		assert.equal(host.link("br0").ifname, "br0", name);
		assert.doesNotMatch(host.text("host-services"), /"isInOurNetwork":false/);
	}
});
