import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { HostDocument } from "../../src/model/host-document.js";
import type { Topology } from "../../src/model/topology.js";
import { buildTopology } from "../../src/topology/build-topology.js";
import { documentsOf } from "./documents.js";
import { readBridges, readCards, readStates } from "./tool-tables.js";

const recordings = fileURLToPath(
	new URL("../../../fixtures/host", import.meta.url),
);

/** A host document file, as the lab's recorder wrote it. */
function readDocuments(file: string): HostDocument[] {
	return JSON.parse(readFileSync(join(recordings, file), "utf8"));
}

/** What the tools printed on a host with a real libvirt, as documents. */
function readOutputs(directory: string): Topology {
	const path = (file: string) => join(recordings, directory, file);
	const read = (file: string) => readFileSync(path(file), "utf8");
	const json = (file: string) => JSON.parse(read(file));
	const hasNetwork = existsSync(path("virsh-net-dumpxml-default.xml"));
	return buildTopology(
		documentsOf({
			links: json("ip-link.json"),
			neighbours: json("ip-neighbour.json"),
			vlans: json("bridge-vlan.json"),
			domains: readStates(read("virsh-list.txt")).map(([name, state]) => [
				state,
				read(`virsh-dumpxml-${name}.xml`),
			]),
			networks: hasNetwork
				? [
						{
							name: "default",
							isActive: true,
							xml: read("virsh-net-dumpxml-default.xml"),
							leases: read("virsh-net-dhcp-leases-default.txt"),
						},
					]
				: [],
			statements: [
				["host-links", "bridge -j -d link show", json("bridge-link.json")],
				["host-addresses", "ip -j addr show", json("ip-address.json")],
				["host-routes", "ip -j -4 route show", json("ip-route.json")],
			],
		}),
	);
}

for (const directory of ["libvirt-9/running", "libvirt-9/changed"]) {
	test(`buildTopology() agrees with brctl, virsh list and virsh domiflist in ${directory}`, () => {
		const topology = readOutputs(directory);
		const read = (file: string) =>
			readFileSync(join(recordings, directory, file), "utf8");
		for (const [bridge, ports] of readBridges(read("brctl-show.txt"))) {
			const ours = topology.ports.filter(({ master }) => master === bridge);
			assert.deepEqual(ours.map(({ name }) => String(name)).sort(), ports);
		}
		const states = readStates(read("virsh-list.txt"));
		assert.equal(states.length, 3);
		assert.deepEqual(
			topology.domains.map(({ name, state }) => [String(name), String(state)]),
			states,
		);
		for (const { name, nics, isRunning } of topology.domains) {
			const cards = readCards(read(`virsh-domiflist-${name}.txt`));
			assert.deepEqual(
				nics.map(({ tap, kind, network, model, mac }) =>
					[isRunning ? tap : "-", kind, network, model, mac].join(" "),
				),
				cards,
			);
		}
		assert.deepEqual(topology.findings, []);
		assert.deepEqual(topology.gaps, []);
	});
}

test("buildTopology() finds the paths and the lease of a real libvirt host", () => {
	const { paths, addresses } = readOutputs("libvirt-9/running");
	assert.deepEqual(
		paths.map(({ ports, gateway }) => `${ports.join(" → ")} | ${gateway}`),
		[
			"vnet0 → br0 → ens3 | 192.168.100.1",
			"vnet1 → br0 → ens3 | 192.168.100.1",
			"vnet2 → virbr0 → br0 → ens3 | 192.168.122.1",
		],
	);
	assert.deepEqual(
		addresses.filter(({ source }) => source === "lease").map(({ mac }) => mac),
		["52:54:00:8e:41:d7"],
	);
});

test("buildTopology() reads the documents that the lab recorded", () => {
	const libvirt = buildTopology(readDocuments("libvirt-host.json"));
	const firsts = libvirt.paths.filter(({ traceable }) => traceable === "fully");
	assert.deepEqual(
		firsts.map(({ domain, ports }) => `${domain}: ${ports.join(" → ")}`).sort(),
		[
			"VM1: tap-vm1 → br0 → ens3",
			"VM2: tap-vm2 → br0 → ens3",
			"VM3: tap-vm3 → virbr0 → br0 → ens3",
		],
	);
	assert.deepEqual(libvirt.gaps, []);
	const proxmox = buildTopology(readDocuments("proxmox-host.json"));
	assert.deepEqual(
		proxmox.paths.map(({ domain, ports }) => `${domain}: ${ports.join(" → ")}`),
		["web: tap101i0 → fwbr101i0 → fwln101i0 → fwpr101p0 → br0 → ens3"],
	);
	assert.deepEqual(proxmox.findings, []);
});
