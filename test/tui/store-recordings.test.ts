import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { before, test } from "node:test";
import { addNs, elapsedNs, type LogTime } from "../../src/model/capture.js";
import { Store } from "../../src/tui/store.js";
import { createView } from "../../src/tui/view.js";
import type { PathPicture, World } from "../../src/tui/world.js";
import type { FaultTruth } from "../lab/fault-truth.js";
import type { Truth } from "../lab/truth.js";
import { type Filled, fillStore } from "./fill-store.js";

const live = createView(null);
const scenarios = new Map<string, Filled & { readonly truth: Truth }>();
const faults = new Map<string, Filled & { readonly truth: FaultTruth }>();

before(async () => {
	for (const name of readdirSync("fixtures/scenarios")) {
		const path = `fixtures/scenarios/${name}`;
		const truth = JSON.parse(readFileSync(`${path}/truth.json`, "utf8"));
		const filled = await fillStore(`${path}/ports.pcapng`);
		scenarios.set(name, { ...filled, truth });
	}
	for (const name of readdirSync("fixtures/faults")) {
		const path = `fixtures/faults/${name}`;
		const truth = JSON.parse(readFileSync(`${path}/truth.json`, "utf8"));
		const filled = await fillStore(`${path}/log.pcapng.gz`);
		faults.set(name, { ...filled, truth });
	}
});

function namesOf(path: PathPicture | null): string[] {
	return path?.ports.map(({ name }) => name) ?? [];
}

function at(positionNs: number) {
	return createView({ isPlaying: false, speed: 1, positionNs });
}

test("look() names each VM that sent by its tap and the address it had", () => {
	for (const [name, { store, truth }] of scenarios) {
		const { vms } = store.look(live);
		for (const { mac, tap, ip } of truth.vms) {
			const vm = vms.find(({ macs }) => macs.some((known) => known === mac));
			// The tap of a VM that only received is not known without a topology.
			if (vm !== undefined && vm.taps.length > 0) {
				assert.deepEqual(vm.taps, [tap], name);
			}
			if (vm?.address != null && ip !== null) {
				assert.equal(vm.address, ip, name);
			}
		}
		const macs = truth.vms.map(({ mac }) => mac as string);
		const known = vms.flatMap((vm) => vm.macs as readonly string[]);
		assert.deepEqual(
			known.filter((mac) => !macs.includes(mac)),
			[],
			name,
		);
	}
});

test("look() puts paths together from journeys: bridged by the uplink, NAT by both bridges", () => {
	let drawn = 0;
	for (const [name, { store, truth }] of scenarios) {
		for (const vm of store.look(live).vms) {
			const plan = truth.vms.find(({ mac }) => mac === vm.macs[0]);
			const { path } = store.look({ ...live, vm: vm.key });
			const isNat = plan?.bridge === "virbr0";
			const whole = isNat
				? [plan?.tap, "virbr0", "br0", "ens3"]
				: [plan?.tap, "br0", "ens3"];
			assert.deepEqual(
				namesOf(path),
				whole.slice(0, namesOf(path).length),
				name,
			);
			if (path?.routedAfter != null) {
				assert.equal(path.routedAfter, "virbr0", name);
			}
			assert.equal(path?.isInferred, true);
			drawn += namesOf(path).length === whole.length ? 1 : 0;
		}
	}
	assert.ok(drawn >= 12, `${drawn} whole paths`);
});

test("look() marks losses between the ports where the fault is, and nowhere else", () => {
	let lossy = 0;
	for (const [name, { store, truth }] of scenarios) {
		const { fault } = truth;
		for (const vm of store.look(live).vms) {
			const path = store.look({ ...live, vm: vm.key }).path;
			const names = namesOf(path);
			for (const [index, port] of (path?.ports ?? []).entries()) {
				const ends = [fault?.lastSeen, fault?.firstMissing];
				const places = ends.map((end) => names.indexOf(end ?? ""));
				const isThere = Math.min(...places) === index;
				const lost = port.lostToNext + port.lostFromNext;
				assert.equal(lost > 0, isThere && vm.lost > 0, name);
				if (isThere) {
					lossy += 1;
					const causes = port.causes.map(({ id }) => id);
					assert.ok(causes.includes(fault?.cause ?? ""), `${name}: ${causes}`);
				}
			}
		}
	}
	assert.ok(lossy >= 3, `${lossy} lossy links`);
});

test("look() counts the frames of each port as the lab did", () => {
	for (const [name, { store, truth }] of faults) {
		const { interfaces } = store.look(live).health;
		for (const [port, frames] of Object.entries(truth.frames)) {
			const found = interfaces.find((one) => one.name === port);
			assert.equal(found?.frames, frames, `${name} ${port}`);
		}
	}
});

test("look() tells of the trouble that the fault makes, and of none where all is well", () => {
	for (const [name, { store, truth }] of faults) {
		const { troubles } = store.look(live);
		const ids = troubles.flatMap(({ exchange }) =>
			exchange.causes.map(({ id }) => id),
		);
		if (truth.cause === null) {
			assert.deepEqual(ids, [], name);
			continue;
		}
		const over = troubles.map(({ isOver }) => isOver === true);
		assert.deepEqual(over, [...over].sort(), name);
	}
	for (const name of [
		"bridge-netfilter-half-open",
		"port-isolated",
		"uplink-no-carrier",
		"dhcp-server-down",
		"stp-forward-delay",
	]) {
		const { troubles } = faults.get(name)?.store.look(live) ?? {};
		const ids = troubles?.flatMap(({ exchange }) =>
			exchange.causes.map(({ id }) => id),
		);
		assert.ok(ids?.includes(name), `${name}: ${ids}`);
	}
});

test("look() takes a VM's name, state and path from the host's topology", () => {
	const { store, truth } = faults.get("libvirt-dhcp-server-down") ?? {};
	const world = store?.look(live);
	assert.deepEqual(
		world?.vms.map(({ key, state }) => [key, state]),
		[
			["VM1", "running"],
			["VM2", "running"],
			["VM3", "running"],
		],
	);
	const { path } = store?.look({ ...live, vm: truth?.vm ?? "" }) ?? {};
	assert.equal(path?.isInferred, false);
	assert.equal(path?.mac, truth?.mac);
	assert.equal(path?.ports[0]?.name, truth?.tap);
	assert.equal(path?.ports[1]?.name, truth?.bridge);
});

test("look() of a tap that left its bridge breaks the path behind the tap", () => {
	const { store } = faults.get("libvirt-tap-not-in-bridge") ?? {};
	const world = store?.look(live);
	const plan = ["vnet0", "br0", "ens3"];
	assert.deepEqual(namesOf(world?.path ?? null), plan);
	assert.equal(world?.path?.ports[0]?.isApart, true);
	assert.ok((world?.path?.ports[0]?.lostToNext ?? 0) > 0);
	const first = store?.look(at(0));
	assert.deepEqual(namesOf(first?.path ?? null), plan);
	assert.equal(first?.path?.ports[0]?.isApart, undefined);
});

test("look() says which port is isolated or has no carrier, as the host says at the time", () => {
	const stateOf = (fault: string, port: string, isBefore = false) => {
		const { store, truth } = faults.get(fault) ?? {};
		const { begin } = store?.look(live) ?? {};
		const since = parseTimeNs(truth?.sinceNs ?? "0");
		const position = begin ? elapsedNs(begin, since) - 1e8 : 0;
		const view = isBefore ? at(position) : live;
		return store?.look(view).path?.ports.find(({ name }) => name === port)
			?.state;
	};
	assert.equal(stateOf("uplink-no-carrier", "ens3"), "no carrier");
	assert.equal(stateOf("port-isolated", "vnet0"), "isolated");
	assert.equal(stateOf("port-isolated", "br0"), "up");
	assert.equal(stateOf("healthy-renewal", "vnet0"), "up");
	assert.equal(stateOf("uplink-no-carrier", "ens3", true), "up");
});

test("look() names gateway and DHCP server", () => {
	const words = (name: string) =>
		scenarios.get(name)?.store.look(live).path?.gateway;
	const both = "gateway, DHCP server";
	assert.deepEqual(words("healthy-bridged"), {
		address: "192.168.100.1",
		is: both,
	});
	assert.equal(words("healthy-nat"), null);
	const nat = scenarios.get("healthy-nat")?.store.look(live).path;
	assert.deepEqual(nat?.ports[1]?.party, {
		address: "192.168.122.1",
		is: both,
	});
});

test("look() at every position of a recording goes back and forth to the same", () => {
	const { store } = scenarios.get("offer-lost-at-bridge") ?? {};
	const length = store?.look(live).timeline?.lengthNs ?? 0;
	const positions = [0.1, 0.3, 0.5, 0.7, 0.9, 1].map((part) => part * length);
	const forth = positions.map((one) => store?.look(at(one)));
	for (const [index, world] of [...forth.entries()].reverse()) {
		const {
			version: _,
			timeline: __,
			...back
		} = store?.look(at(positions[index] ?? 0)) ?? {};
		const { version, timeline, ...seen } = world ?? {};
		assert.deepEqual(back, seen);
	}
	const end = forth.at(-1);
	const all = store?.look(live);
	assert.deepEqual(end?.rows, all?.rows);
	assert.deepEqual(end?.path, all?.path);
	assert.deepEqual(end?.vms, all?.vms);
});

test("look() goes back by way of milestones to what a store that never left them saw", async () => {
	let positions = 0;
	for (const [name, { store: whole }] of faults) {
		const { timeline } = whole.look(live);
		const lengthNs = timeline?.lengthNs ?? 0;
		const path = `fixtures/faults/${name}/log.pcapng.gz`;
		const options = { milestoneStride: 8 };
		const { store } = await fillStore(path, new Store(options));
		store.look(at(lengthNs));
		let position = timeline?.next("loss", lengthNs, -1) ?? lengthNs;
		for (let step = 0; step < 20 && position > 0; step += 1) {
			const back = toldOf(store.look(at(position)));
			const anew = toldOf(whole.look(at(position)));
			assert.deepEqual(back, anew, `${name} at ${position} ns`);
			position = timeline?.next("frame", position, -1) ?? 0;
			positions += 1;
		}
	}
	assert.ok(positions > 400, `${positions} positions`);
});

/** All of a world but what depends on how it was come to. */
function toldOf({ version, timeline, ...told }: World): object {
	return told;
}

test("frameAt() has the frame of every hop, and framesShown() all of them in order", () => {
	for (const [name, { store, journeys }] of scenarios) {
		store.look(live);
		for (const { hops, id } of journeys.values()) {
			const isKept = store.details.journey(id) !== null;
			for (const hop of isKept ? hops : []) {
				const found = store.details.frameAt(hop);
				assert.deepEqual(found?.captured.time, hop.time, name);
				assert.equal(found?.captured.interface.name, hop.interface, name);
			}
		}
		const shown = store.framesShown(live);
		const times = shown.map(({ captured }) => captured.time);
		const sorted = [...times].sort((a, b) => (a && b ? elapsedNs(b, a) : 0));
		assert.deepEqual(times, sorted);
		const passed = store
			.look(live)
			.rows.flatMap((row) =>
				row.kind === "journey"
					? [...row.journey.hops, ...row.journey.copies]
					: [],
			);
		assert.equal(shown.length, passed.length, name);
	}
});

test("framesShown() has the frames of the filtered rows only", () => {
	const { store } = scenarios.get("healthy-bridged") ?? {};
	const shown = store?.framesShown({ ...live, filter: "proto:dhcp" }) ?? [];
	assert.ok(shown.length > 0);
	assert.ok(shown.every(({ frame }) => frame.protocol === "dhcp"));
});

test("look() shows losses of a recording no earlier than they are", () => {
	const { store } = scenarios.get("offer-lost-at-bridge") ?? {};
	const { timeline, begin } = store?.look(live) ?? {};
	const first = timeline?.next("loss", 0, 1) ?? 0;
	const badAt = (positionNs: number) =>
		store?.look({ ...at(positionNs), filter: "outcome:lost" }).rows ?? [];
	assert.ok(first > 0);
	const shown = badAt(first);
	assert.equal(shown.length, 1);
	const [row] = shown;
	const last = row?.kind === "journey" ? row.journey.hops.at(-1)?.time : null;
	assert.deepEqual(last, begin && addNs(begin, first));
});

function parseTimeNs(text: string): LogTime {
	const ns = BigInt(text);
	return {
		seconds: Number(ns / 1_000_000_000n),
		nanos: Number(ns % 1_000_000_000n),
	};
}
