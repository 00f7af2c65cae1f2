import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { HostDocument } from "../../src/model/host-document.js";
import type {
	BridgePort,
	BridgeSettings,
	TopologyPort,
} from "../../src/model/topology.js";
import { buildTopology } from "../../src/topology/build-topology.js";
import { readBridges, readCards, readStates } from "./tool-tables.js";

const recordings = fileURLToPath(
	new URL("../../../fixtures/host", import.meta.url),
);

const usual = {
	state: "forwarding",
	isIsolated: false,
	floods: true,
	floodsMulticast: true,
	floodsBroadcast: true,
	learns: true,
	isHairpin: false,
	suppressesNeighbours: false,
};

/** Ports of bridges as test/libvirt/version-host.ts and libvirt made them. */
const ports: Readonly<Record<string, Readonly<Record<string, object>>>> = {
	br0: {
		ens3: usual,
		iso0: { ...usual, isIsolated: true },
		quiet0: {
			...usual,
			floods: false,
			floodsMulticast: false,
			floodsBroadcast: false,
			learns: false,
			isHairpin: true,
			suppressesNeighbours: true,
		},
		"tap-idle": { ...usual, state: "disabled" },
		vnet0: usual,
	},
	br100: { "bond0.100": usual },
	brvlan: { access0: usual, trunk0: usual },
	virbr0: { vnet1: usual },
};

/** iproute2 5.10 does not tell of `bcast_flood`. */
const withoutBroadcast = Object.fromEntries(
	Object.entries(ports).map(([bridge, some]) => [
		bridge,
		Object.fromEntries(
			Object.entries(some).map(([port, flags]) => [
				port,
				{ ...flags, floodsBroadcast: null },
			]),
		),
	]),
);

/** libvirt asks for no delay, of which the kernel makes its shortest where STP is on. */
const bridges: Readonly<Record<string, BridgeSettings>> = {
	br0: bridge(false, 0),
	br100: bridge(true, 4),
	brvlan: { ...bridge(false, 15), isVlanAware: true },
	virbr0: bridge(true, 2),
};

function bridge(isStpOn: boolean, forwardDelaySeconds: number): BridgeSettings {
	return {
		isStpOn,
		forwardDelaySeconds,
		isVlanAware: false,
		callsIptables: false,
	};
}

for (const release of ["debian-11", "debian-12", "debian-13"]) {
	describe(`buildTopology() of what the tools of ${release} say`, () => {
		const read = (file: string) =>
			readFileSync(join(recordings, release, file), "utf8");
		const documents: HostDocument[] = JSON.parse(read("documents.json"));
		const topology = buildTopology(documents);
		const tellsBroadcast = release !== "debian-11";
		const port = (name: string): TopologyPort => {
			const found = topology.ports.find((one) => one.name === name);
			assert.ok(found, name);
			return found;
		};

		test("has the ports of each bridge with their flags", () => {
			const ours: Record<string, Record<string, BridgePort | null>> = {};
			for (const { name, master, bridgePort } of topology.ports) {
				if (master !== null && port(master).kind === "bridge") {
					ours[master] = { ...ours[master], [name]: bridgePort };
				}
			}
			assert.deepEqual(ours, tellsBroadcast ? ports : withoutBroadcast);
			const theirs = [...readBridges(read("brctl-show.txt"))];
			assert.deepEqual(
				theirs.map(([name, some]) => [name, some.sort()]),
				Object.entries(ports).map(([name, some]) => [
					name,
					Object.keys(some).sort(),
				]),
			);
		});

		test("has STP, delay and VLAN awareness of each bridge", () => {
			const ours = topology.ports.flatMap(({ name, bridge }) =>
				bridge === null ? [] : [[name, bridge] as const],
			);
			assert.deepEqual(Object.fromEntries(ours), bridges);
		});

		test("has the bond, its cards and the VLAN device upon it", () => {
			assert.deepEqual(
				["eno1", "eno2", "bond0", "bond0.100"].map((name) => {
					const { kind, master, bondState, link, vlanId } = port(name);
					return [kind, master, bondState, link, vlanId];
				}),
				[
					["dummy", "bond0", "ACTIVE", null, null],
					["dummy", "bond0", "BACKUP", null, null],
					["bond", null, null, null, null],
					["vlan", "br100", null, "bond0", 100],
				],
			);
		});

		test("has states, carriers and addresses", () => {
			assert.deepEqual(
				["ens3", "tap-idle", "vnet0", "br0", "brvlan"].map((name) => {
					const { isUp, hasCarrier, state, role } = port(name);
					return [name, role, isUp, hasCarrier, state];
				}),
				[
					["ens3", "uplink", true, true, "UP"],
					["tap-idle", "tap", true, false, "DOWN"],
					["vnet0", "tap", true, true, "UNKNOWN"],
					["br0", "bridge", true, true, "UP"],
					["brvlan", "bridge", true, true, "UP"],
				],
			);
			assert.deepEqual(
				topology.ports.flatMap(({ name, addresses }) =>
					addresses
						.filter(({ family }) => family === "inet")
						.map(
							({ address, prefixLength }) =>
								`${name} ${address}/${prefixLength}`,
						),
				),
				["lo 127.0.0.1/8", "br0 192.168.100.2/24", "virbr0 192.168.122.1/24"],
			);
		});

		test("has the VLANs of ports, told as ranges or one by one", () => {
			const vlans = (name: string) =>
				port(name).vlans.flatMap(({ id, lastId, isPvid, isUntagged }) =>
					Array.from(
						{ length: lastId - id + 1 },
						(_, at) => `${id + at} ${isPvid} ${isUntagged}`,
					),
				);
			const trunk = Array.from({ length: 39 }, (_, at) => `${at + 2}`);
			assert.deepEqual(
				vlans("trunk0"),
				trunk.map((id) => `${id} false false`),
			);
			assert.deepEqual(vlans("access0"), ["10 true true", "20 false false"]);
		});

		test("has the domains of virsh list with their cards", () => {
			assert.deepEqual(
				topology.domains.map(({ name, state }) => [name, state]),
				readStates(read("virsh-list.txt")).sort(),
			);
			assert.deepEqual(
				topology.domains.map(({ state }) => state),
				["running", "shut off", "paused"],
			);
			for (const { name, nics, isRunning } of topology.domains) {
				assert.deepEqual(
					nics.map(({ tap, kind, network, model, mac }) =>
						[isRunning ? tap : "-", kind, network, model, mac].join(" "),
					),
					readCards(read(`virsh-domiflist-${name}.txt`)),
				);
			}
		});

		test("has the lease that libvirt gave, and how old it is", () => {
			const [lease, ...others] = topology.addresses.filter(
				({ source }) => source === "lease",
			);
			assert.deepEqual(others, []);
			assert.equal(lease?.mac, "52:54:00:8e:41:d7");
			assert.match(
				read("virsh-net-dhcp-leases-default.txt"),
				new RegExp(` ${lease?.mac} +ipv4 +${lease?.address}/24 +VM3 `),
			);
			const age = lease?.ageSeconds ?? Number.POSITIVE_INFINITY;
			assert.ok(age < 600, `it is ${age} s old`);
		});

		test("has the ways to the gateways", () => {
			assert.deepEqual(
				topology.paths.map(
					({ domain, ports, gateway, traceable }) =>
						`${domain}: ${ports.join(" → ")} | ${gateway} ${traceable}`,
				),
				[
					"VM1: vnet0 → br0 → ens3 | 192.168.100.1 fully",
					"VM3: vnet1 → virbr0 → br0 → ens3 | 192.168.122.1 fully",
				],
			);
			assert.deepEqual(
				topology.dhcpServers.map((server) => server.interface),
				["virbr0"],
			);
			assert.equal(topology.host.virtualization, "qemu");
		});

		test("finds nothing wrong and misses nothing", () => {
			assert.deepEqual(topology.findings, []);
			assert.deepEqual(topology.gaps, []);
		});
	});
}
