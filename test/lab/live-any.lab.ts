import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { ping, takeLease } from "./clients.js";
import { type Lab, withLab } from "./lab.js";
import {
	type JsonJourney,
	type JsonObject,
	parseObjects,
	pathOf,
	readJourneys,
} from "./live-objects.js";
import { type Program, runProgram, startOnHost } from "./live-program.js";
import { nameOf, startQemu } from "./live-qemu.js";
import { startReplay } from "./live-replay.js";
import { startPings } from "./live-traffic.js";
import { loadRules, runIp } from "./namespaces.js";
import { router, vms } from "./plan.js";
import { findObstacle } from "./requirements.js";
import { startRouterDhcp } from "./services.js";
import { waitFor } from "./wait.js";

const obstacle = await findObstacle();

const pings = 3;
const interesting = "arp or icmp or port 67 or port 68";

/** What vmpath says of a host that only tcpdump runs on, and what it was told. */
interface Traced {
	readonly objects: readonly JsonObject[];
	readonly journeys: readonly JsonJourney[];
	readonly ip: string;
}

/**
 * As in the README: `ssh kvm1 tcpdump … | vmpath replay - --topology host.json`.
 *
 * @param play what happens after the VM has its lease
 * @param icmps so many sightings of ICMP there are then
 */
async function trace(
	lab: Lab,
	icmps: number,
	play: () => Promise<void>,
): Promise<Traced> {
	await startQemu(lab, "vm1");
	await startRouterDhcp(lab, "offers-at-once");
	const host = join(lab.directory, "host.json");
	const described = await runProgram(lab, ["topology", "--format", "json"]);
	assert.equal(described.exitCode, 0, described.stderr);
	await writeFile(host, described.stdout);
	const dump = await startDump(lab);
	const replay = startReplay(["--topology", host]);
	replay.follow(dump);
	const ip = await takeLease(lab, "vm1");
	await play();
	await waitFor("tcpdump to hand on the pings", 10_000, async () =>
		countIcmp(dump.read()) >= icmps ? true : undefined,
	);
	await dump.stop();
	const { exitCode, stdout, stderr } = await replay.ended;
	assert.equal(exitCode, 0, stderr);
	const objects = parseObjects(stdout);
	return { objects, journeys: readJourneys(objects), ip };
}

async function startDump(lab: Lab): Promise<Program> {
	const dump = startOnHost(lab, [
		"tcpdump",
		...["-i", "any", "-n", "-U", "-w", "-", interesting],
	]);
	await dump.saying(/listening on any/);
	return dump;
}

/**
 * Counts the ICMP packets of a pcap of link type SLL2. tcpdump takes frames out of the
 * kernel once a second, and forgets the last ones when it is ended.
 */
function countIcmp(pcap: Buffer): number {
	let count = 0;
	for (let at = 24; at + 16 <= pcap.length; ) {
		const length = pcap.readUInt32LE(at + 8);
		const packet = pcap.subarray(at + 16, at + 16 + length);
		const isIpv4 = packet.length > 30 && packet.readUInt16BE(0) === 0x0800;
		count += isIpv4 && packet[20 + 9] === 1 ? 1 : 0;
		at += 16 + length;
	}
	return count;
}

describe("vmpath replay of tcpdump -i any", { skip: obstacle ?? false }, () => {
	for (const isPromiscuous of [false, true]) {
		const how = isPromiscuous ? "with br0 promiscuous" : "as it is";
		test(`follows a lease and pings of a VM by name, ${how}`, async () => {
			await withLab(async (lab) => {
				if (isPromiscuous) {
					const { kvmhost } = lab.namespaces;
					await runIp(kvmhost, ["link set br0 promisc on"]);
				}
				const icmps = pings * 2 * (isPromiscuous ? 3 : 2);
				const spaced = { count: pings, intervalSeconds: 0.1 };
				const { objects, journeys, ip } = await trace(lab, icmps, () =>
					ping(lab, "vm1", router.ip, spaced),
				);
				checkLease(objects, ip);
				checkPings(journeys, ip, isPromiscuous);
				const bad = journeys.filter(({ outcome }) => outcome === "lost");
				assert.deepEqual(bad.map(pathOf), []);
				for (const { outcome, reason } of journeys) {
					assert.equal(reason === null, outcome !== "inconclusive");
				}
			});
		});
	}

	test("says that a bridge has dropped replies, though it does not see them", async () => {
		await withLab(async (lab) => {
			const count = 12;
			const { journeys } = await trace(lab, count * 3, async () => {
				await loadRules(lab.namespaces.kvmhost, [
					"table bridge lab {",
					"chain forward {",
					"type filter hook forward priority 0;",
					'oifname "vnet0" icmp type echo-reply drop',
					"}",
					"}",
				]);
				const spaced = { intervalSeconds: 0.2, count };
				await startPings(lab, "vm1", spaced).finished();
			});
			const replies = journeys
				.filter(({ message }) => message === "echo-reply")
				.map((journey) => ({ ...journey, path: pathOf(journey) }));
			assert.equal(replies.length, count);
			for (const { path, firstMissing, outcome, reason, sequence } of replies) {
				assert.equal(path, "ens3 in");
				assert.equal(firstMissing, "vnet0");
				const isLate = /^the capture ended .* later$/.test(reason ?? "");
				assert.ok(outcome === "lost" || isLate, `${sequence}: ${reason}`);
				assert.ok(outcome === "lost" || (sequence ?? 0) >= 5);
			}
		});
	});
});

function checkLease(objects: readonly JsonObject[], ip: string): void {
	const exchanges = objects.filter(
		({ type, protocol }) => type === "exchange" && protocol === "dhcp",
	);
	const exchange = exchanges.at(-1);
	assert.equal(exchange?.outcome, "delivered");
	assert.equal(exchange?.vm, nameOf("vm1"));
	assert.equal(exchange?.mac, vms.vm1.mac);
	const lease = exchange?.lease as { readonly address: string } | null;
	assert.equal(lease?.address, ip);
}

function checkPings(
	journeys: readonly JsonJourney[],
	ip: string,
	isPromiscuous: boolean,
): void {
	const br0 = isPromiscuous ? ["br0 in"] : [];
	const ways = {
		"echo-request": ["vnet0 in", ...br0, "ens3 out"].join(", "),
		"echo-reply": ["ens3 in", ...br0, "vnet0 out"].join(", "),
	};
	for (const [message, way] of Object.entries(ways)) {
		const found = journeys.filter(
			(journey) =>
				journey.message === message &&
				[ip, router.ip].every((address) =>
					Object.values(journey.addresses ?? {}).includes(address),
				),
		);
		assert.deepEqual(
			found.map((journey) => [pathOf(journey), journey.outcome]),
			Array.from({ length: pings }, () => [way, "delivered"]),
		);
	}
}
