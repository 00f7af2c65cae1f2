import assert from "node:assert/strict";
import { test } from "node:test";
import type { Topology } from "../../src/model/topology.js";
import { run } from "../lab/command.js";
import { waitFor } from "../lab/wait.js";
import { type LibvirtHost, withLibvirtHost } from "./libvirt-host.js";
import { findObstacle } from "./requirements.js";
import {
	readBridges,
	readDomainInterfaces,
	readNetworkLeases,
} from "./virsh-tables.js";
import { vmpathOn } from "./vmpath.js";

const obstacle = await findObstacle();
const options = { skip: obstacle ?? false };

const agentMs = 20_000;

test("vmpath topology says what libvirt says", options, (t) =>
	withLibvirtHost(async (host) => {
		const { VM1, VM2, VM3 } = host.guests;
		await Promise.all([VM1, VM2, VM3].map((guest) => guest.boot()));
		const leases = new Map<string, string>();
		const begin = Date.now();
		for (const guest of [VM1, VM2, VM3]) {
			leases.set(guest.plan.mac, await guest.lease());
			await guest.ping(guest.plan.gateway, 1);
		}

		await t.test("topology has the cards of virsh domiflist", () =>
			agreesOnCards(host),
		);

		await t.test("topology has the ports of brctl show", () =>
			agreesOnBridges(host),
		);

		await t.test("topology has the leases of net-dhcp-leases", async () => {
			const { addresses } = await readTopology(host);
			const ours = addresses.filter(({ source }) => source === "lease");
			const theirs = readNetworkLeases(
				await host.virsh("net-dhcp-leases", "default"),
			);
			assert.equal(theirs.length, 1);
			assert.deepEqual(
				ours.map(({ mac, address }) => ({ mac, address })),
				theirs,
			);
			assert.equal(theirs[0]?.address, leases.get(VM3.plan.mac));
			const age = ours[0]?.ageSeconds ?? Number.POSITIVE_INFINITY;
			assert.ok(age * 1000 <= Date.now() - begin, `it is ${age} s old`);
		});

		await t.test("topology has every guest's way to its gateway", async () => {
			const { paths } = await readTopology(host);
			for (const guest of [VM1, VM2, VM3]) {
				const path = paths.find(({ mac }) => mac === guest.plan.mac);
				assert.equal(path?.domain, guest.plan.name);
				assert.equal(path?.traceable, "fully");
				assert.equal(path?.gateway, guest.plan.gateway);
				const isNat = guest === VM3;
				assert.equal(path?.routedAfter, isNat ? "virbr0" : null);
				const way = isNat ? ["virbr0", "br0", "ens3"] : ["br0", "ens3"];
				assert.deepEqual(path?.ports, [await guest.tap(), ...way]);
			}
		});

		await t.test("topology --agent has the address VM1 really has", () =>
			agreesWithAgent(host, leases.get(VM1.plan.mac) ?? ""),
		);

		await t.test(
			"topology finds nothing wrong and no gap in virsh",
			async () => {
				const { findings, gaps } = await readTopology(host);
				assert.deepEqual(
					findings.filter(({ isProblem }) => isProblem),
					[],
				);
				assert.deepEqual(
					gaps.filter(({ source }) => /^(virsh|ip|bridge|nft)/.test(source)),
					[],
				);
			},
		);

		await t.test("topology follows cards and states of guests", async () => {
			await Promise.all([VM1.powerOff(), VM2.detachNic(), VM3.pause()]);
			const { domains, paths } = await readTopology(host);
			assert.deepEqual(
				domains.map(({ name, state, isRunning, nics }) => ({
					name,
					state,
					isRunning,
					taps: nics.map(({ tap }) => tap),
				})),
				[
					{ name: "VM1", state: "shut off", isRunning: false, taps: [null] },
					{ name: "VM2", state: "running", isRunning: true, taps: [] },
					{
						name: "VM3",
						state: "paused",
						isRunning: true,
						taps: [await VM3.tap()],
					},
				],
			);
			assert.deepEqual(
				paths.map(({ domain }) => domain),
				["VM3"],
			);
			await agreesOnCards(host);
			await agreesOnBridges(host);
		});
	}),
);

async function readTopology(
	host: LibvirtHost,
	...args: readonly string[]
): Promise<Topology> {
	return JSON.parse(
		await run(vmpathOn(host, "topology", "--format", "json", ...args)),
	);
}

/** Of three guests VM1 alone has an agent, and its card alone another address than lo's. */
async function agreesWithAgent(
	host: LibvirtHost,
	lease: string,
): Promise<void> {
	const { VM1 } = host.guests;
	await waitFor("libvirt to meet the agent", agentMs, async () => {
		const xml = await host.virsh("dumpxml", VM1.plan.name);
		return /guest_agent\.0' state='connected'/.test(xml) ? true : undefined;
	});
	const readAgents = async (...args: readonly string[]) => {
		const { addresses } = await readTopology(host, ...args);
		return addresses.filter(({ source }) => source === "agent");
	};
	const ours = await readAgents("--agent");
	assert.deepEqual(
		ours.map(({ mac, address }) => ({ mac, address })),
		[{ mac: VM1.plan.mac, address: lease }],
	);
	assert.match(
		await VM1.run("ip -4 address show dev eth0"),
		new RegExp(`inet ${lease}/24 `),
	);
	assert.match(
		await host.virsh("domifaddr", VM1.plan.name, "--source", "agent"),
		new RegExp(`eth0 +${VM1.plan.mac} +ipv4 +${lease}/24`),
	);
	assert.deepEqual(await readAgents(), []);
}

async function agreesOnCards(host: LibvirtHost): Promise<void> {
	const { domains } = await readTopology(host);
	assert.deepEqual(domains.map(({ name }) => name).sort(), [
		"VM1",
		"VM2",
		"VM3",
	]);
	for (const { name, nics } of domains) {
		assert.deepEqual(
			nics.map(({ tap, kind, network, bridge, model, mac }) => ({
				tap,
				kind,
				source: kind === "bridge" ? bridge : network,
				model,
				mac,
			})),
			readDomainInterfaces(await host.virsh("domiflist", name)),
		);
	}
}

async function agreesOnBridges(host: LibvirtHost): Promise<void> {
	const { ports } = await readTopology(host);
	const theirs = readBridges(await run(host.inside(["brctl", "show"])));
	assert.deepEqual([...theirs.keys()].sort(), ["br0", "virbr0"]);
	for (const [bridge, names] of theirs) {
		const ours = ports.filter(({ master }) => master === bridge);
		assert.deepEqual(ours.map(({ name }) => name).sort(), names.sort());
	}
}
