import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "../lab/command.js";
import type { Guest } from "./guest.js";
import { withLibvirtHost } from "./libvirt-host.js";
import { findObstacle } from "./requirements.js";
import {
	isJourney,
	type JourneyLine,
	parseLines,
	pathOf,
	startWatch,
	vmpathHere,
	type Watch,
} from "./vmpath.js";

const obstacle = await findObstacle();
const options = { skip: obstacle ?? false };

test("vmpath watch follows guests as they come and go", options, (t) =>
	withLibvirtHost(async (host) => {
		const { VM1, VM2 } = host.guests;
		const addresses = new Map<Guest, string>();
		await Promise.all(
			[VM1, VM2].map(async (guest) => {
				await guest.boot();
				addresses.set(guest, await guest.lease());
			}),
		);
		const tapOfVm2 = await VM2.tap();
		const log = join(host.directory, "watch.pcapng");
		const watch = await startWatch(host, "-w", log);

		await t.test("watch shows a ping through tap, bridge and uplink", () =>
			seesPing(watch, VM1),
		);

		await t.test(
			"watch knows a guest by its new tap once it is on again",
			async () => {
				const before = await VM1.tap();
				await VM1.powerOff();
				await VM1.boot();
				assert.notEqual(await VM1.tap(), before);
				await VM1.lease();
				const tap = await VM1.tap();
				const discover = await watch.journey(
					`DISCOVER from ${tap}`,
					(one) =>
						one.message === "discover" && pathOf(one) === `${tap} br0 ens3`,
				);
				assert.equal(discover.vm, "VM1");
				await seesPing(watch, VM1);
			},
		);

		await t.test(
			"watch follows a card that is detached and attached",
			async () => {
				await VM2.detachNic();
				await VM2.attachNic();
				await VM2.lease();
				await seesPing(watch, VM2);
			},
		);

		await t.test(
			"watch blames nothing for a guest that is paused",
			async () => {
				await VM1.pause();
				const address = addresses.get(VM1) ?? "";
				assert.equal(await VM2.ping(address, 2), 0);
				const tap = await VM1.tap();
				const question = await watch.journey(
					`what VM2 asks, at ${tap}`,
					(one) =>
						one.vm === "VM2" &&
						[...one.hops, ...one.copies].some((hop) => hop.interface === tap) &&
						one.outcome === "delivered",
				);
				assert.ok(["arp", "icmp"].includes(question.protocol));
				await VM1.resume();
				assert.equal(await VM2.ping(address, 2), 2);
				await seesPing(watch, VM1);
			},
		);

		const lines = await watch.stop();
		const journeys = lines.filter(isJourney);

		await t.test("watch calls nothing of all this lost", () => {
			assert.deepEqual(
				journeys.filter(({ outcome }) => outcome === "lost"),
				[],
			);
			assert.equal(lines.at(-1)?.type, "summary");
		});

		await t.test("watch keeps a log that tshark reads", async () => {
			const text = await run([
				...(["tshark", "-r", log, "-Y", "dhcp.option.dhcp == 1"] as const),
				...["-T", "fields", "-e", "frame.interface_name", "-e", "eth.src"],
			]);
			const { mac } = VM1.plan;
			const seen = text.split("\n").filter((line) => line.endsWith(mac));
			// VM2's card came back later: the DISCOVER was flooded to the one it had before.
			const ports = [await VM1.tap(), tapOfVm2, "br0", "ens3"];
			assert.deepEqual(
				seen.sort(),
				ports.map((port) => `${port}\t${mac}`).sort(),
			);
		});

		await t.test(
			"replay of its log says the same, without libvirt",
			async () => {
				const text = await run(vmpathHere("replay", log, "--format", "jsonl"));
				const replayed = parseLines(`${text}\n`).filter(isJourney);
				assert.deepEqual(replayed, journeys);
			},
		);
	}),
);

/** Has a guest ping its gateway, and waits for both ways of it. */
async function seesPing(watch: Watch, guest: Guest): Promise<void> {
	const { gateway, name } = guest.plan;
	assert.equal(await guest.ping(gateway, 2), 2);
	const tap = await guest.tap();
	const isDelivered = (message: string, path: string) => (one: JourneyLine) =>
		one.message === message &&
		pathOf(one) === path &&
		one.vm === name &&
		one.outcome === "delivered";
	await watch.journey(
		`echo request of ${name} by ${tap}`,
		isDelivered("echo-request", `${tap} br0 ens3`),
	);
	await watch.journey(
		`echo reply to ${name} by ${tap}`,
		isDelivered("echo-reply", `ens3 br0 ${tap}`),
	);
}
