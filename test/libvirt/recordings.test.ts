import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import type { Topology } from "../../src/model/topology.js";
import type { Act, LogTruth } from "./log-truth.js";
import {
	isJourney,
	type JourneyLine,
	type JsonLine,
	parseLines,
	pathOf,
	vmpathHere,
} from "./vmpath.js";

const directory = fileURLToPath(
	new URL("../../../fixtures/recordings", import.meta.url),
);

interface ExchangeLine {
	readonly type: "exchange";
	readonly protocol: string;
	readonly vm: string | null;
	readonly outcome: string;
	readonly tsNs: string;
	readonly lease: { readonly address: string } | null;
}

/** What a replay says, on a machine that need not have a libvirt. */
interface Replay {
	readonly journeys: readonly (JourneyLine & {
		readonly hops: readonly { readonly tsNs: string }[];
		readonly ethernet: {
			readonly source: string;
			readonly destination: string;
		};
	})[];
	readonly exchanges: readonly ExchangeLine[];
	readonly topologies: readonly Topology[];
}

async function replay(name: string): Promise<Replay> {
	const file = join(directory, name, "log.pcapng.gz");
	const command = vmpathHere("replay", file, "--format", "jsonl");
	const [program, ...args] = command;
	// Neither virsh nor ip is where this looks for them.
	const env = { PATH: "/nonexistent" };
	const { stdout } = await execa(program, args, { env, extendEnv: false });
	const lines: readonly JsonLine[] = parseLines(`${stdout}\n`);
	const ofType = (type: string) => lines.filter((line) => line.type === type);
	return {
		journeys: lines.filter(isJourney) as unknown as Replay["journeys"],
		exchanges: ofType("exchange") as unknown as Replay["exchanges"],
		topologies: ofType("topology") as unknown as Replay["topologies"],
	};
}

function readJson<T>(name: string, file: string): T {
	return JSON.parse(readFileSync(join(directory, name, file), "utf8")) as T;
}

function isDuring({ fromNs, untilNs }: Act, tsNs: string): boolean {
	return BigInt(fromNs) <= BigInt(tsNs) && BigInt(tsNs) <= BigInt(untilNs);
}

for (const name of readdirSync(directory)) {
	describe(`replay of ${name}, which a real libvirt host recorded`, () => {
		const truth = readJson<LogTruth>(name, "truth.json");
		let said: Replay = { journeys: [], exchanges: [], topologies: [] };
		before(async () => {
			said = await replay(name);
		});

		test("has the host as topology said it there, with names, paths and findings", () => {
			const [first] = said.topologies;
			assert.ok(first);
			// It was recorded before `ip rule` was read, which tells of the only way out.
			type Recorded = Omit<Topology, "onlyWayOut">;
			const recorded = readJson<Recorded>(name, "topology.json");
			const told: Topology = { onlyWayOut: null, ...recorded };
			assert.deepEqual(withoutAges(first), withoutAges(told));
			assert.deepEqual(
				first.domains.map(({ name, uuid, state, nics }) => [
					...[name, uuid, state, ...nics.map(({ tap }) => tap)],
				]),
				truth.vms.map(({ name, uuid, state, tap }) => [name, uuid, state, tap]),
			);
			const running = truth.vms.filter(({ tap }) => tap !== null);
			assert.deepEqual(
				first.paths.map(({ domain, ports, gateway }) => [
					...[domain, ports.join(" "), gateway],
				]),
				running.map(({ name, tap, way, gateway }) => [
					...[name, [tap, ...way].join(" "), gateway],
				]),
			);
		});

		test("calls nothing lost, and finds nothing wrong", () => {
			assert.ok(said.journeys.length > 40);
			assert.deepEqual(
				said.journeys.filter(({ outcome }) => outcome === "lost"),
				[],
			);
			const problems = said.topologies.flatMap(({ findings }) =>
				findings.filter(({ isProblem }) => isProblem),
			);
			assert.deepEqual(problems, []);
		});

		test("knows every frame of a guest by its name", () => {
			const names = new Map(truth.vms.map(({ mac, name }) => [mac, name]));
			for (const journey of said.journeys) {
				const { source, destination } = journey.ethernet;
				const vm = names.get(source) ?? names.get(destination);
				if (vm !== undefined) {
					assert.equal(journey.vm, vm, journey.summary);
				}
			}
		});

		test("follows each guest from tap to tap, and from state to state", () => {
			for (const act of truth.acts) {
				const { vm, tap, what } = act;
				const way = truth.vms.find((other) => other.name === vm)?.way ?? [];
				const states = said.topologies.flatMap(({ domains }) =>
					domains.filter((domain) => domain.name === vm),
				);
				assert.ok(
					states.some(({ nics }) => (nics[0]?.tap ?? null) === tap),
					`${vm} at ${tap} after ${what}`,
				);
				const sent = said.journeys.filter(
					(one) =>
						one.vm === vm &&
						one.hops[0] !== undefined &&
						isDuring(act, one.hops[0].tsNs) &&
						(one.message === "echo-request" || one.message === "discover") &&
						truth.vms.some(({ mac }) => mac === one.ethernet.source),
				);
				for (const one of sent) {
					assert.equal(one.hops[0]?.interface, tap, one.summary);
				}
				if (what === "lease") {
					assert.ok(
						sent.some((one) =>
							way.join(" ").startsWith(pathOf(one).slice(`${tap} `.length)),
						),
					);
				}
			}
			for (const state of statesOf(truth)) {
				assert.ok(
					said.topologies.some(({ domains }) =>
						domains.some(
							(domain) => `${domain.name} ${domain.state}` === state,
						),
					),
					state,
				);
			}
		});

		test("has every lease that guests got, and every ping that was answered", () => {
			for (const act of truth.acts) {
				const own = said.exchanges.filter(
					({ vm, tsNs, outcome }) =>
						vm === act.vm &&
						isDuring(act, tsNs) &&
						(outcome === "delivered" || outcome === "degraded"),
				);
				if (act.what === "lease") {
					// Nothing was wrong: dnsmasq checks an address before it offers it.
					assert.deepEqual(
						own.flatMap(({ lease, outcome }) =>
							lease === null ? [] : [lease.address, outcome],
						),
						[act.address, "delivered"],
					);
				}
				if (act.what === "ping" && act.answered === act.sent) {
					const pings = own.filter(({ protocol }) => protocol === "icmp");
					assert.equal(pings.length, act.answered, JSON.stringify(act));
				}
			}
		});
	});
}

/** What changes made of guests, in virsh's words. */
function statesOf({ acts }: LogTruth): string[] {
	const states: Readonly<Record<string, string>> = {
		powerOff: "shut off",
		boot: "running",
		pause: "paused",
		resume: "running",
	};
	return acts.flatMap(({ vm, what }) => {
		const state = states[what];
		return state === undefined ? [] : [`${vm} ${state}`];
	});
}

/** The same a moment later: entries of the ARP table are older, or forgotten. */
function withoutAges({ addresses, ...rest }: Topology): object {
	const leases = addresses.filter(({ source }) => source === "lease");
	return { ...rest, leases: leases.map(({ ageSeconds: _, ...held }) => held) };
}
