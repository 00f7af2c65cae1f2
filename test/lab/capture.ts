import { join } from "node:path";
import { type Child, startChild } from "./child.js";
import { type Command, run } from "./command.js";
import type { Lab } from "./lab.js";
import { inNamespace } from "./namespaces.js";
import type { PortPlan } from "./plan.js";

/** What every capture takes, in pcap-filter's language. */
export const captureFilter = "arp or icmp or (udp and (port 67 or port 68))";

/** The files of a recording, relative to its directory; all show the same frames. */
export interface Recordings {
	readonly perInterface: readonly string[];
	readonly pcapng: string;
	readonly sll2: string;
	/** LINUX_SLL; null in recordings that do without. */
	readonly sll: string | null;
	/** `ip -o link` of the host: what the interface numbers in `sll2` mean. */
	readonly links: string;
}

/** Resolution of the time stamps in classic pcap files; pcapng always has nanoseconds. */
export type Precision = "nano" | "micro";

/** How to capture. */
export interface CapturePlan {
	readonly ports: readonly PortPlan[];
	readonly precision: Precision;
	readonly withSll: boolean;
}

/** Captures that are running, all over the same ports. */
export interface Captures {
	readonly recordings: Recordings;
	/** Ends them all at once. Returns how many packets each file holds; throws when one dropped any. */
	stop(): Promise<Readonly<Record<string, number>>>;
}

/** Starts all captures of a recording on the KVM host, and waits until each is capturing. */
export async function startCaptures(
	lab: Lab,
	plan: CapturePlan,
): Promise<Captures> {
	const recordings = nameFiles(plan);
	const children = new Map<string, Child>();
	for (const [file, command] of commandsOf(lab.directory, plan, recordings)) {
		const child = startChild(inNamespace(lab.namespaces.kvmhost, command));
		children.set(file, child);
		lab.teardown.add(() => child.stop("SIGINT"));
	}
	// tcpdump says "listening on" and dumpcap "File:" once their sockets are open.
	const ready = /listening on|^File: /m;
	await Promise.all(
		Array.from(children.values(), (child) => child.saying(ready)),
	);
	return { recordings, stop: () => stopAll(children) };
}

/** The file each capture writes, and its command. */
function commandsOf(
	directory: string,
	plan: CapturePlan,
	{ pcapng, sll2, sll }: Recordings,
): readonly (readonly [file: string, command: Command])[] {
	const tcpdump = (file: string, ...options: string[]) =>
		[file, tcpdumpCommand(join(directory, file), plan, options)] as const;
	const any = ["-i", "any", "-y"];
	return [
		...plan.ports.map(({ name }) => tcpdump(`${name}.pcap`, "-i", name)),
		tcpdump(sll2, ...any, "LINUX_SLL2"),
		...(sll ? [tcpdump(sll, ...any, "LINUX_SLL")] : []),
		[pcapng, dumpcapCommand(join(directory, pcapng), plan)],
	];
}

function nameFiles({ ports, withSll }: CapturePlan): Recordings {
	return {
		perInterface: ports.map(({ name }) => `${name}.pcap`),
		pcapng: "ports.pcapng",
		sll2: "any-sll2.pcap",
		sll: withSll ? "any-sll.pcap" : null,
		links: "links.txt",
	};
}

function tcpdumpCommand(
	path: string,
	{ precision }: CapturePlan,
	options: readonly string[],
): Command {
	return [
		"tcpdump",
		...["-n", "-U", "--immediate-mode", "-B", "8192", "-Z", "root"],
		...[`--time-stamp-precision=${precision}`, ...options],
		...["-w", path, captureFilter],
	];
}

function dumpcapCommand(path: string, { ports }: CapturePlan): Command {
	return [
		"dumpcap",
		...["-n", "-B", "8", "-f", captureFilter],
		...ports.flatMap(({ name }) => ["-i", name]),
		...["-w", path],
	];
}

async function stopAll(
	children: ReadonlyMap<string, Child>,
): Promise<Readonly<Record<string, number>>> {
	const ended = Array.from(children, async ([file, child]) => {
		const said = await child.stop("SIGINT");
		return [file, readCount(file, said)] as const;
	});
	return Object.fromEntries(await Promise.all(ended));
}

/** Reads the closing words of tcpdump or dumpcap. */
function readCount(file: string, said: string): number {
	const captured = /(\d+) packets? captured|Packets captured: (\d+)/.exec(said);
	const tcpdumpDrops = said.matchAll(/(\d+) packets? dropped by/g);
	const dumpcapDrops = said.matchAll(/on interface '[^']+': \d+\/(\d+) /g);
	const drops = [...tcpdumpDrops, ...dumpcapDrops].map((match) => match[1]);
	if (!captured || drops.length === 0) {
		throw new Error(`${file}: the capture did not say what it took: ${said}`);
	}
	if (drops.some((count) => count !== "0")) {
		throw new Error(`${file}: packets were dropped: ${said}`);
	}
	return Number(captured[1] ?? captured[2]);
}

/** How many packets a capture file holds so far, as tcpdump counts them. */
export async function countPackets(path: string): Promise<number> {
	const said = await run(["tcpdump", "-n", "-r", path, "--count"]);
	return Number(/(\d+) packets?/.exec(said)?.[1] ?? 0);
}
