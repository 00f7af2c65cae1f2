import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { hasCap } from "../../src/recorder/cap-command.js";
import { createCapEngine } from "../../src/recorder/cap-engine.js";
import type {
	CaptureEngine,
	EngineFrame,
	EngineOptions,
	EnginePort,
	PortFailure,
} from "../../src/recorder/engine.js";
import { captureFilter } from "./capture.js";
import { type Child, startChild } from "./child.js";
import { ping, setAddress, takeLease } from "./clients.js";
import { run } from "./command.js";
import { type Lab, withLab } from "./lab.js";
import { inNamespace, runIp } from "./namespaces.js";
import { router, vms } from "./plan.js";
import { findObstacle } from "./requirements.js";
import { startRouterDhcp } from "./services.js";
import { waitFor } from "./wait.js";

const obstacle =
	(await findObstacle()) ?? (hasCap() ? null : "the package cap is not built");

const childScript = fileURLToPath(
	new URL("../../src/recorder/cap-child.js", import.meta.url),
);
const deadlineMs = 10_000;
const portNames = ["vnet0", "br0", "ens3"] as const;

/** A frame as a line: port, direction, bytes in hexadecimal. */
type Line = string;

interface Capturing {
	readonly engine: CaptureEngine;
	readonly lines: Line[];
	readonly ends: PortFailure[];
	/** Seconds since the epoch, of each line. */
	readonly times: number[];
	/** Takes what waits, until `check` holds. */
	takeUntil(what: string, check: () => boolean): Promise<void>;
}

/** An engine whose children are on the KVM host of the lab. */
function capture(lab: Lab, options: Partial<EngineOptions> = {}): Capturing {
	const ends: PortFailure[] = [];
	const lines: Line[] = [];
	const times: number[] = [];
	const engine = createCapEngine(
		{
			snapLength: 2048,
			bufferBytes: 8 * 1024 * 1024,
			filter: null,
			onPortEnd: (end) => ends.push(end),
			onNotice: () => {},
			...options,
		},
		inNamespace(lab.namespaces.kvmhost, [process.execPath, childScript]),
	);
	lab.teardown.add(() => engine.stop());
	const take = (frame: EngineFrame) => {
		lines.push(toLine(frame));
		times.push(frame.seconds + frame.nanos / 1e9);
		return true;
	};
	return {
		engine,
		lines,
		ends,
		times,
		takeUntil: async (what, check) => {
			await waitFor(what, deadlineMs, async () => {
				await engine.wait(100);
				const isWhole = engine.drain(now(), take);
				return isWhole && check() ? true : undefined;
			});
		},
	};
}

function now() {
	const ms = Date.now();
	const seconds = Math.floor(ms / 1000);
	return { seconds, nanos: (ms - seconds * 1000) * 1e6 };
}

function toLine(frame: EngineFrame): Line {
	const { bytes, start, captured, flags, port } = frame;
	const direction = flags === 1 ? "in" : flags === 2 ? "out" : `${flags}`;
	const hex = bytes.toString("hex", start, start + captured);
	return `${port.name} ${direction} ${hex}`;
}

async function portsOf(lab: Lab): Promise<readonly EnginePort[]> {
	return Promise.all(
		portNames.map(async (name): Promise<EnginePort> => {
			const json = await run([
				...(["ip", "-n", lab.namespaces.kvmhost, "-j"] as const),
				...["link", "show", name],
			]);
			const [{ ifindex: index }] = JSON.parse(json);
			return { name, index, isPromiscuous: name === "br0", linkType: 1 };
		}),
	);
}

async function openAll(
	{ engine }: Capturing,
	ports: readonly EnginePort[],
): Promise<void> {
	const opened = await Promise.all(ports.map((port) => engine.open(port)));
	assert.deepEqual(
		opened,
		ports.map(() => null),
	);
}

/** What tcpdump sees at each port, each way. */
async function startOracle(lab: Lab): Promise<{ stop(): Promise<Line[]> }> {
	const dumps = new Map<string, Child>();
	for (const name of portNames) {
		for (const direction of ["in", "out"]) {
			const file = join(lab.directory, `${name}-${direction}.pcap`);
			const child = startChild(
				inNamespace(lab.namespaces.kvmhost, [
					...([
						"tcpdump",
						"-n",
						"-U",
						"--immediate-mode",
						"-Z",
						"root",
					] as const),
					...["-i", name, "-Q", direction, "-w", file],
					`${captureFilter} or rarp or vlan`,
				]),
			);
			lab.teardown.add(() => child.stop("SIGINT"));
			dumps.set(`${name} ${direction}`, child);
		}
	}
	const children = [...dumps.values()];
	await Promise.all(children.map((child) => child.saying(/listening on/)));
	return {
		stop: async () => {
			await Promise.all(children.map((child) => child.stop("SIGINT")));
			const lines = [...dumps.keys()].map(async (way) => {
				const file = join(lab.directory, `${way.replace(" ", "-")}.pcap`);
				const text = await run(["tcpdump", "-n", "-t", "-xx", "-r", file]);
				return readDump(text).map((hex) => `${way} ${hex}`);
			});
			return (await Promise.all(lines)).flat();
		},
	};
}

/** The frames of `tcpdump -xx`: a line of words, then lines of hexadecimal digits. */
function readDump(text: string): string[] {
	const frames: string[] = [];
	for (const line of text.split("\n")) {
		const digits = /^\t0x[0-9a-f]{4}: {2}([0-9a-f ]+)/.exec(line)?.[1];
		if (digits === undefined) {
			frames.push("");
		} else {
			frames.push(frames.pop() + digits.replaceAll(" ", ""));
		}
	}
	return frames.filter((frame) => frame !== "");
}

/** Without its direction. */
function bytesOf(line: Line): string {
	return line.replace(/ (in|out|0) /, " ");
}

/** Asserts that all frames are there, and that no direction is wrong. */
function assertSame(lines: readonly Line[], expected: readonly Line[]): void {
	assert.deepEqual(
		lines.map(bytesOf).toSorted(),
		expected.map(bytesOf).toSorted(),
	);
	const directed = lines.filter((line) => !line.includes(" 0 "));
	assert.deepEqual(
		directed.filter((line) => !expected.includes(line)),
		[],
	);
	// libpcap throws away the first frame of each handle that knows the direction.
	for (const name of portNames) {
		const unknown = lines.filter((line) => line.startsWith(`${name} 0 `));
		assert.ok(unknown.length <= 2, `${unknown.length} at ${name}`);
	}
}

/** Echo requests and replies of 84 bytes at a port, one way. */
function countEchoes(lines: readonly Line[], way: string): number {
	const echo = new RegExp(`^${way} [0-9a-f]{24}080045000054`);
	return lines.filter((line) => echo.test(line)).length;
}

/** An ARP request for an address nobody has, within these VLAN tags (`81000005`). */
function buildArp(tags: string): string {
	const ethernet = `ffffffffffff${vms.vm1.mac.replaceAll(":", "")}`;
	const arp = `0001080006040001${ethernet.slice(12)}c0a8640a000000000000c0a864fa`;
	return `${ethernet}${tags}0806${arp}`;
}

/** Sends frames from a VM, by `cap` itself. */
async function sendFrames(lab: Lab, frames: readonly string[]): Promise<void> {
	const script = `
		const { Cap } = require("cap");
		const cap = new Cap();
		cap.open("eth0", "", 65536, globalThis.held = Buffer.alloc(65535));
		for (const hex of process.argv.slice(1)) cap.send(Buffer.from(hex, "hex"));
		process.exit();`;
	await run(
		inNamespace(lab.namespaces.vm1, [
			process.execPath,
			...["-e", script, ...frames],
		]),
	);
}

async function pidsOfChildren(pid: number): Promise<number[]> {
	const path = `/proc/${pid}/task/${pid}/children`;
	const text = await readFile(path, "utf8");
	return text.split(" ").filter(Boolean).map(Number);
}

/** A process with an engine of its own, that captures at two ports of the KVM host. */
const holder = `
	const { createCapEngine } = await import(process.argv[1]);
	const engine = createCapEngine({
		snapLength: 2048, bufferBytes: 1 << 20, filter: null,
		onPortEnd: () => {}, onNotice: () => {},
	});
	for (const name of ["vnet0", "ens3"]) {
		const port = { name, index: 1, isPromiscuous: true, linkType: 1 };
		console.log(await engine.open(port));
	}
	console.log("holding");`;

const seconds = 0.2;
const options = { skip: obstacle ?? false, concurrency: 1 };

describe("createCapEngine()", options, () => {
	test("sees what tcpdump sees at each port", async () => {
		await withLab(async (lab) => {
			const capturing = capture(lab);
			const oracle = await startOracle(lab);
			await openAll(capturing, await portsOf(lab));
			await startRouterDhcp(lab, "offers-at-once");
			const began = Date.now() / 1000;
			await takeLease(lab, "vm1");
			await ping(lab, "vm1", router.ip, { count: 4, intervalSeconds: seconds });
			const ended = Date.now() / 1000;
			const expected = await oracle.stop();
			const { lines, times, ends } = capturing;
			await capturing.takeUntil(
				"as many frames as tcpdump has",
				() => lines.length >= expected.length,
			);
			assertSame(lines, expected);
			assert.ok(times.every((time) => time > began - 0.1));
			assert.ok(times.every((time) => time < ended + 0.5));
			const ways = ["vnet0 in", "vnet0 out", "ens3 in", "ens3 out", "br0 in"];
			assert.deepEqual(
				ways.map((way) => countEchoes(lines, way)),
				[4, 4, 4, 4, 8],
			);
			assert.deepEqual(ends, []);
		});
	});

	test("sees tagged frames with their tags, and cuts at the snap length", async () => {
		await withLab(async (lab) => {
			const capturing = capture(lab, { snapLength: 40 });
			await openAll(capturing, await portsOf(lab));
			const tags = ["", "81000005", "88a8000681000005"];
			const sent = tags.map((tag) => buildArp(tag));
			await sendFrames(lab, [...sent, ...sent]);
			const { lines } = capturing;
			await capturing.takeUntil("all frames", () => lines.length >= 18);
			for (const name of portNames) {
				assert.deepEqual(
					lines.filter((line) => line.startsWith(name)).map(bytesOf),
					[...sent, ...sent].map((hex) => `${name} ${hex.slice(0, 80)}`),
				);
			}
		});
	});

	test("tells of a port that goes, and goes on at the others", async () => {
		await withLab(async (lab) => {
			const capturing = capture(lab);
			const ports = await portsOf(lab);
			await openAll(capturing, ports);
			await setAddress(lab, "vm2", "192.168.100.62");
			const { lines, ends } = capturing;
			await runIp(lab.namespaces.kvmhost, ["link delete vnet0"]);
			await capturing.takeUntil("the end of vnet0", () => ends.length > 0);
			assert.deepEqual(ends, [
				{ port: ports[0], reason: "the interface is gone, or was set down" },
			]);
			await ping(lab, "vm2", router.ip, { count: 1 });
			await capturing.takeUntil("frames of ens3", () =>
				lines.some((line) => line.startsWith("ens3 ")),
			);
			const [, , ens3] = ports as [EnginePort, EnginePort, EnginePort];
			await runIp(lab.namespaces.kvmhost, ["link set ens3 down"]);
			await capturing.takeUntil("the end of ens3", () => ends.length > 1);
			assert.equal(ends[1]?.port, ens3);
			await runIp(lab.namespaces.kvmhost, ["link set ens3 up"]);
			assert.equal(await capturing.engine.open(ens3), null);
		});
	});

	test("says why a port cannot be captured", async () => {
		await withLab(async (lab) => {
			const [vnet0] = await portsOf(lab);
			assert.ok(vnet0);
			const nowhere = { ...vnet0, name: "vnet9" };
			const { engine } = capture(lab);
			const failure = await engine.open(nowhere);
			assert.match(failure?.reason ?? "", /No such device/);
			const refused = await capture(lab, { filter: "host (" }).engine.open(
				vnet0,
			);
			assert.match(refused?.reason ?? "", /syntax error/);
		});
	});

	test("leaves no child behind when its process is killed", async () => {
		await withLab(async (lab) => {
			const engineUrl = new URL(
				"../../src/recorder/cap-engine.js",
				import.meta.url,
			);
			const [program, ...args] = inNamespace(lab.namespaces.kvmhost, [
				process.execPath,
				...["--input-type=module", "-e", holder, engineUrl.href],
			]);
			const parent = spawn(program, args, {
				stdio: ["ignore", "pipe", "inherit"],
			});
			let said = "";
			parent.stdout.on("data", (chunk) => {
				said += chunk;
			});
			lab.teardown.add(async () => parent.kill("SIGKILL"));
			await waitFor("the captures", deadlineMs, async () =>
				said.includes("holding") ? true : undefined,
			);
			const children = await pidsOfChildren(parent.pid ?? 0);
			assert.equal(said, "null\nnull\nholding\n");
			assert.equal(children.length, 2);
			parent.kill("SIGKILL");
			await waitFor("the children to end", deadlineMs, async () =>
				children.some((pid) => existsSync(`/proc/${pid}`)) ? undefined : true,
			);
		});
	});
});
