import assert from "node:assert/strict";
import { test } from "node:test";
import { readNetwork } from "../../src/host/network-documents.js";
import { makeHost } from "./fake-tools.js";

/** As `bridge -j fdb show` prints the entries of a trunk: newest VLANs first. */
const own = { mac: "fe:54:00:cd:76:3a", ifname: "vnet0", state: "permanent" };
const entries = [
	{ mac: "52:54:00:cd:76:3a", ifname: "vnet0", vlan: 3, master: "br0" },
	{ mac: "52:54:00:cd:76:3a", ifname: "vnet0", vlan: 2, master: "br0" },
	{ ...own, vlan: 3, master: "br0" },
	{ ...own, vlan: 2, master: "br0" },
	{ ...own, master: "br0" },
	{ ...own, mac: "33:33:00:00:00:01", flags: ["self"] },
	{ ...own, mac: "33:33:00:00:00:01", flags: ["self"] },
	{ ...own, ifname: "vnet1", vlan: 2, master: "br0" },
	{ ...own, state: "static", vlan: 2, master: "br0" },
];

test("readNetwork() leaves out what a trunk says over again for each VLAN", async (t) => {
	const { options } = await makeHost(t, {
		bridge: `echo '${JSON.stringify(entries)}'`,
	});
	const output = entries.filter((_, at) => at !== 3 && at !== 4);
	assert.deepEqual(await readNetwork("host-fdb", options), [
		{ source: "bridge -j fdb show", output, gap: null },
	]);
});

test("readNetwork() says why there is no forwarding table", async (t) => {
	const { options } = await makeHost(t, {});
	const [statement] = await readNetwork("host-fdb", options);
	assert.equal(statement?.output, null);
	assert.equal(statement?.gap?.reason, "bridge is not installed");
});

test("readNetwork() asks for ranges of VLANs", async (t) => {
	const { options } = await makeHost(t, {
		bridge: `echo "[\\"$*\\"]"`,
	});
	const [statement] = await readNetwork("host-vlans", options);
	assert.deepEqual(statement?.output, ["-j -compressvlans vlan show"]);
});
