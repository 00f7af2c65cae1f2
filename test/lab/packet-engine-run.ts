import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { linkType } from "../../src/model/capture.js";
import type { EnginePort } from "../../src/recorder/engine.js";
import type { ChildCounts, ChildPlan } from "../bench/capture-child.js";
import { captureFilter } from "./capture.js";
import { type Child, startChild } from "./child.js";
import { type Command, run } from "./command.js";
import type { Lab } from "./lab.js";
import { inNamespace } from "./namespaces.js";
import { waitFor } from "./wait.js";

/** A frame, by whoever captured it. */
export interface SeenFrame {
	/** Seconds since the epoch, with nanoseconds. */
	readonly time: string;
	readonly length: number;
	readonly hex: string;
}

/** A frame as an engine handed it on. */
export interface EngineFrameSeen extends SeenFrame {
	readonly port: string;
	readonly flags: number;
}

/** All that an engine saw and said. */
export interface EngineRun {
	readonly frames: readonly EngineFrameSeen[];
	readonly counts: ChildCounts;
	readonly text: string;
}

/** An engine that captures, in a process of its own. */
export interface RunningEngine {
	readonly child: Child;
	saying(pattern: RegExp): Promise<RegExpExecArray>;
	stop(): Promise<EngineRun>;
}

const script = fileURLToPath(
	new URL("../bench/capture-child.js", import.meta.url),
);

/** Starts an engine in the KVM host, or elsewhere, and waits until it captures. */
export async function startEngine(
	lab: Lab,
	{
		namespace = lab.namespaces.kvmhost,
		through = [],
		...plan
	}: Pick<ChildPlan, "ports"> &
		Partial<ChildPlan> & {
			readonly namespace?: string;
			/** A program that starts it, with its arguments. */
			readonly through?: readonly string[];
		},
): Promise<RunningEngine> {
	const whole: ChildPlan = {
		engine: "packet",
		snapLength: 2048,
		bufferBytes: 4 * 1024 * 1024,
		filter: null,
		printsFrames: true,
		atOnce: null,
		...plan,
	};
	const [program = "", ...args] = [
		...through,
		process.execPath,
		script,
		JSON.stringify(whole),
	];
	const child = startChild(inNamespace(namespace, [program, ...args]));
	lab.teardown.add(() => child.stop("SIGTERM"));
	await child.saying(/^ready$/m);
	return {
		child,
		saying: (pattern) => child.saying(pattern),
		stop: async () => parseRun(await child.stop("SIGTERM")),
	};
}

function parseRun(text: string): EngineRun {
	const frames = Array.from(
		text.matchAll(/^frame (\S+) (\S+) (\d+) (\d+) ([0-9a-f]*)$/gm),
		([, port = "", time = "", flags, length, hex = ""]) => ({
			...{ port, time, hex },
			...{ flags: Number(flags), length: Number(length) },
		}),
	);
	const counts = /^counts (.*)$/m.exec(text)?.[1];
	assert.ok(counts, text);
	return { frames, counts: JSON.parse(counts) as ChildCounts, text };
}

/** What was seen at a port, as tcpdump would say it. */
export function seenAt({ frames }: EngineRun, port: string): SeenFrame[] {
	return frames
		.filter((frame) => frame.port === port)
		.map(({ time, length, hex }) => ({ time, length, hex }));
}

/** A tcpdump at one interface. */
export interface Tcpdump {
	stop(): Promise<readonly SeenFrame[]>;
}

/** Starts a tcpdump, and waits until it captures. */
export async function startTcpdump(
	lab: Lab,
	namespace: string,
	name: string,
	filter = captureFilter,
): Promise<Tcpdump> {
	const path = join(lab.directory, `${namespace}-${name}.pcap`);
	const tcpdump = startChild(
		inNamespace(namespace, [
			...(["tcpdump", "-i", name, "-w", path, "-U"] as const),
			...["--immediate-mode", "--time-stamp-precision=nano", "-Z", "root"],
			// Its ring has as many slots as frames of full size fit: few, by default.
			...["-s", "4096", "-B", "16384"],
			filter,
		]),
	);
	lab.teardown.add(() => tcpdump.stop("SIGTERM"));
	await tcpdump.saying(/listening on/);
	return {
		stop: async () => {
			await tcpdump.stop("SIGINT");
			return parsePcap(await readFile(path));
		},
	};
}

/** Records of a pcap file with nanoseconds, written on this machine: pcap-savefile(5). */
function parsePcap(file: Buffer): readonly SeenFrame[] {
	assert.equal(file.readUInt32LE(0), 0xa1b2_3c4d);
	const frames: SeenFrame[] = [];
	let at = 24;
	while (at < file.length) {
		const nanos = String(file.readUInt32LE(at + 4)).padStart(9, "0");
		const end = at + 16 + file.readUInt32LE(at + 8);
		frames.push({
			time: `${file.readUInt32LE(at)}.${nanos}`,
			length: file.readUInt32LE(at + 12),
			hex: file.toString("hex", at + 16, end),
		});
		at = end;
	}
	return frames;
}

/** Finds interfaces by name; bridges are to be captured promiscuously. */
export async function findPorts(
	namespace: string,
	names: readonly string[],
): Promise<readonly EnginePort[]> {
	const links = JSON.parse(
		await run(["ip", "-n", namespace, "-j", "link"]),
	) as {
		readonly ifname: string;
		readonly ifindex: number;
	}[];
	return names.map((name) => {
		const index = links.find(({ ifname }) => ifname === name)?.ifindex;
		assert.ok(index, `no ${name}`);
		const isPromiscuous = name.includes("br");
		return { name, index, isPromiscuous, linkType: linkType.ethernet };
	});
}

/** Sends frames, in hexadecimal, as they are. */
export async function sendFrames(
	namespace: string,
	name: string,
	frames: readonly string[],
): Promise<void> {
	const [port] = await findPorts(namespace, [name]);
	const sender = fileURLToPath(new URL("send-frames.js", import.meta.url));
	const args = [sender, String(port?.index), ...frames];
	await run(inNamespace(namespace, [process.execPath, ...args]));
}

/** Pings an address, and waits for the last reply. */
export async function ping(
	namespace: string,
	address: string,
	count: number,
): Promise<void> {
	const command: Command = ["busybox", "ping", "-A", "-c", String(count)];
	await run(inNamespace(namespace, [...command, address]));
}

/** Waits until the other end of an interface is up too. */
export async function awaitCarrier(
	namespace: string,
	name: string,
): Promise<void> {
	await waitFor(`${name} to have a carrier`, 5000, async () => {
		const links = await run(["ip", "-n", namespace, "link", "show", name]);
		return links.includes("LOWER_UP") && links.includes("state UP")
			? true
			: undefined;
	});
}
