import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Ipv4 } from "../../src/model/address.js";
import { ping, takeLease } from "./clients.js";
import { type Command, tryRun } from "./command.js";
import { type Lab, withLab } from "./lab.js";
import { startRecording } from "./live-log.js";
import {
	type PrintedFrame,
	pickInterface,
	printFrames,
	readFields,
	startPortDumps,
} from "./live-oracle.js";
import { startPings } from "./live-traffic.js";
import { internet, kvmHost, router } from "./plan.js";
import { findObstacle } from "./requirements.js";
import { startNatDhcp, startRouterDhcp } from "./services.js";
import { waitFor } from "./wait.js";

const obstacle = await findObstacle();

const taps = ["vnet0", "vnet1", "vnet2", "vnet3"];
const allPorts = [...taps, "br0", "virbr0", "ens3"];

const icmpNames: Readonly<Record<string, string>> = {
	"0": "echo-reply",
	"8": "echo-request",
};
/** epb_flags, as tshark prints bits 0 and 1. */
const directions: Readonly<Record<string, string>> = {
	"0x00000001": "in",
	"0x00000002": "out",
};

/** A recording of everything that can be captured, and what tcpdump saw meanwhile. */
interface Recorded {
	readonly log: string;
	/** By port. */
	readonly dumps: ReadonlyMap<string, string>;
	/** Between these everything was captured by both; seconds since the epoch. */
	readonly from: number;
	readonly to: number;
	readonly stderr: string;
	readonly ip1: Ipv4;
	readonly ip3: Ipv4;
}

/** Leases, pings of the router, between VMs, through NAT and of a VM by the host. */
async function playAll(lab: Lab): Promise<{ ip1: Ipv4; ip3: Ipv4 }> {
	const ip1 = await takeLease(lab, "vm1");
	const ip2 = await takeLease(lab, "vm2");
	const ip3 = await takeLease(lab, "vm3");
	const pings = { count: 3, intervalSeconds: 0.1 };
	await ping(lab, "vm1", router.ip, pings);
	await ping(lab, "vm1", ip2, pings);
	await ping(lab, "vm3", internet.ip, pings);
	await ping(lab, "kvmhost", ip1, pings);
	await ping(lab, "router", kvmHost.ip, { ...pings, bytes: 1400 });
	const fast = { intervalSeconds: 0, count: 500, bytes: 200 };
	const pinging = startPings(lab, "vm1", fast);
	await waitFor("500 pings to be answered", 20_000, async () =>
		pinging.answered().length === 500 ? true : undefined,
	);
	return { ip1, ip3 };
}

async function recordAll(into: string): Promise<Recorded> {
	return withLab(async (lab) => {
		await startRouterDhcp(lab, "offers-at-once");
		await startNatDhcp(lab);
		const running = await startPortDumps(lab, allPorts);
		const log = join(into, "log.pcapng");
		const recording = await startRecording(lab, log);
		const from = Date.now() / 1000;
		const ips = await playAll(lab);
		const to = Date.now() / 1000;
		const { exitCode, stderr } = await recording.stop();
		assert.equal(exitCode, 0);
		const dumps = new Map<string, string>();
		for (const [port, path] of await running.stop()) {
			dumps.set(port, join(into, `${port}.pcap`));
			await copyFile(path, join(into, `${port}.pcap`));
		}
		return { log, dumps, from, to, stderr, ...ips };
	});
}

/** What each tool says of any file, or of its being run by root. */
const usualWords =
	/^(Running as user "root".*|reading from file .*, link-type EN10MB.*|)$/;

async function runQuietly(command: Command): Promise<string> {
	const { exitCode, stdout, stderr } = await tryRun(command);
	assert.equal(exitCode, 0, stderr);
	const complaints = stderr
		.split("\n")
		.filter((line) => !usualWords.test(line));
	assert.deepEqual(complaints, []);
	return stdout;
}

describe("vmpath record", { skip: obstacle ?? false }, () => {
	let directory = "";
	let recorded: Recorded;
	before(async () => {
		directory = await mkdtemp(join(tmpdir(), "vmpath-live-"));
		recorded = await recordAll(directory);
	});
	after(() => rm(directory, { recursive: true, force: true }));

	for (const port of allPorts) {
		test(`sees at ${port} what tcpdump sees, in its order, to the nanosecond`, async () => {
			const { log, dumps, from, to } = recorded;
			const picked = join(directory, `${port}-of-log.pcapng`);
			await pickInterface(log, port, picked);
			const within = ({ seconds }: PrintedFrame) =>
				seconds > from && seconds < to;
			const ours = (await printFrames(picked)).filter(within);
			const theirs = (await printFrames(dumps.get(port) ?? "")).filter(within);
			assert.ok(theirs.length > 0, `tcpdump saw nothing at ${port}`);
			for (const [index, { text }] of theirs.entries()) {
				assert.equal(ours[index]?.text, text, `frame ${index} of ${port}`);
			}
			assert.equal(ours.length, theirs.length);
		});
	}

	test("captures at taps, bridges and the uplink, and nowhere else", async () => {
		const rows = await readFields(recorded.log, ["frame.interface_name"]);
		const names = new Set(rows.map(([name]) => name));
		assert.deepEqual([...names].sort(), [...allPorts].sort());
	});

	test("gives each frame the direction it went in", async () => {
		const rows = await readFields(
			recorded.log,
			[
				...["icmp.type", "ip.src", "ip.dst"],
				...["frame.interface_name", "frame.packet_flags_direction"],
			],
			`icmp && frame.len == 98 && (ip.addr == ${router.ip} || ip.addr == ${internet.ip} || ip.src == ${kvmHost.ip})`,
		);
		const ways = new Map<string, Set<string>>();
		for (const [type, from, to, name, direction] of rows) {
			const trip = `${icmpNames[type ?? ""]} ${from} > ${to}`;
			const way = `${name} ${directions[direction ?? ""]}`;
			ways.set(trip, (ways.get(trip) ?? new Set()).add(way));
		}
		const { ip1, ip3 } = recorded;
		const sorted = (trip: string) => [...(ways.get(trip) ?? [])].sort();
		assert.deepEqual(sorted(`echo-request ${ip1} > ${router.ip}`), [
			"br0 in",
			"ens3 out",
			"vnet0 in",
		]);
		assert.deepEqual(sorted(`echo-reply ${router.ip} > ${ip1}`), [
			"br0 in",
			"ens3 in",
			"vnet0 out",
		]);
		assert.deepEqual(sorted(`echo-request ${kvmHost.ip} > ${ip1}`), [
			"br0 out",
			"vnet0 out",
		]);
		assert.deepEqual(sorted(`echo-request ${ip3} > ${internet.ip}`), [
			"virbr0 in",
			"vnet2 in",
		]);
		assert.deepEqual(sorted(`echo-request ${kvmHost.ip} > ${internet.ip}`), [
			"br0 out",
			"ens3 out",
		]);
	});

	test("says how much it recorded, and that nothing was lost", () => {
		assert.match(
			recorded.stderr,
			/^vmpath: recording [^\n]+\nvmpath: \d+ frames recorded, 0 lost by the capture\n$/,
		);
	});

	const copy = () => join(directory, "copy.pcapng");
	const readers: Readonly<Record<string, () => Command>> = {
		tshark: () => ["tshark", "-n", "-r", recorded.log],
		tcpdump: () => ["tcpdump", "-n", "-r", recorded.log],
		capinfos: () => ["capinfos", recorded.log],
		mergecap: () => ["mergecap", "-w", copy(), recorded.log, recorded.log],
		editcap: () => ["editcap", recorded.log, copy()],
	};
	for (const [tool, command] of Object.entries(readers)) {
		test(`writes a log that ${tool} reads without complaint`, async () => {
			const stdout = await runQuietly(command());
			if (stdout === "") {
				await runQuietly(["tshark", "-n", "-r", copy()]);
			}
		});
	}
});
