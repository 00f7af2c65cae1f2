import { fileURLToPath } from "node:url";
import { assemble, type BpfInstruction } from "../../src/recorder/bpf.js";
import { captureProgram } from "../../src/recorder/bpf-capture.js";
import { loadKoffi, loadLibc } from "../../src/recorder/libc.js";
import { PacketSockets } from "../../src/recorder/packet-socket.js";
import { startChild } from "../lab/child.js";
import { run } from "../lab/command.js";
import {
	addNamespace,
	deleteNamespace,
	inNamespace,
	runIp,
} from "../lab/namespaces.js";
import { type Teardown, withTeardown } from "../lab/teardown.js";

// node dist/test/bench/capture-sockets.js: what capturing costs traffic that is not traced,
// with one socket bound to each traced port, and with one socket bound to none.
// Needs root and iperf3.

const rounds = 7;
const seconds = 2;
const tracedPorts = 3;
const modes = ["none", "bound", "unbound"] as const;
type Mode = (typeof modes)[number];

const address = { host: "198.51.100.1", peer: "198.51.100.2" } as const;
const loadInterface = 0xffff_f008;
const [heldMode, ...heldIndexes] = process.argv.slice(2);
if (heldMode === undefined) {
	await withTeardown(compare);
} else {
	hold(heldMode as Mode, heldIndexes.map(Number));
}

async function compare(teardown: Teardown): Promise<void> {
	const host = `vmpath-${process.pid}-host`;
	const peer = `vmpath-${process.pid}-peer`;
	for (const namespace of [host, peer]) {
		await addNamespace(namespace);
		teardown.add(() => deleteNamespace(namespace));
	}
	await runIp(host, [
		`link add untraced0 type veth peer name eth0 netns ${peer}`,
		`address add ${address.host}/24 dev untraced0`,
		"link set untraced0 up",
		...tracedNames().flatMap((name) => [
			`link add ${name} type veth peer name ${name}p`,
			`link set ${name} up`,
		]),
	]);
	await runIp(peer, [
		`address add ${address.peer}/24 dev eth0`,
		"link set eth0 up",
	]);
	const server = startChild(
		inNamespace(peer, ["iperf3", "-s", "--forceflush"]),
	);
	teardown.add(() => server.stop("SIGTERM"));
	await server.saying(/listening/);
	const rates = new Map<Mode, number[]>(modes.map((mode) => [mode, []]));
	for (let round = 0; round < rounds; round += 1) {
		for (const mode of modes) {
			rates.get(mode)?.push(await measure(mode, host));
		}
	}
	report(rates);
}

function tracedNames(): readonly string[] {
	return Array.from({ length: tracedPorts }, (_, at) => `traced${at}`);
}

/** @returns packets a second, in thousands */
async function measure(mode: Mode, host: string): Promise<number> {
	const links = JSON.parse(await run(["ip", "-n", host, "-j", "link"])) as {
		readonly ifname: string;
		readonly ifindex: number;
	}[];
	const indexes = tracedNames().map((name) =>
		String(links.find(({ ifname }) => ifname === name)?.ifindex),
	);
	const script = fileURLToPath(import.meta.url);
	const holder = startChild(
		inNamespace(host, [process.execPath, script, mode, ...indexes]),
	);
	await holder.saying(/ready/);
	const json = await run(
		inNamespace(host, [
			...(["iperf3", "-c", address.peer, "-u", "-b", "0"] as const),
			...["-l", "64", "-t", String(seconds), "-J"],
		]),
	);
	await holder.stop("SIGTERM");
	const { end } = JSON.parse(json) as {
		readonly end: { readonly sum: { readonly packets: number } };
	};
	return end.sum.packets / seconds / 1000;
}

/** Holds sockets open in the namespace it is started in; nothing passes their ports. */
function hold(mode: Mode, indexes: readonly number[]): void {
	const koffi = loadKoffi();
	const sockets = new PacketSockets(koffi, loadLibc(koffi));
	const program = captureProgram(1, 2048, null);
	const open = (index: number, code: readonly BpfInstruction[]) =>
		sockets.bind(sockets.create(true), {
			...{ index, isPromiscuous: false, program: code, bufferBytes: 1 << 20 },
		});
	if (mode === "bound") {
		for (const index of indexes) {
			open(index, program);
		}
	} else if (mode === "unbound") {
		open(0, [...interfaceProgram(indexes), ...program]);
	} else {
		// Frames are stamped in every mode.
		sockets.stamp(sockets.create(true));
	}
	console.log("ready");
	setInterval(() => undefined, 1000);
}

/** Goes on with the program behind it for frames of these interfaces. */
function interfaceProgram(
	indexes: readonly number[],
): readonly BpfInstruction[] {
	return assemble([
		{ code: 0x20, k: loadInterface },
		...indexes.map((k) => ({ code: 0x15, k, yes: "traced" })),
		{ code: 0x06, k: 0 },
		{ label: "traced" },
	]);
}

function report(rates: ReadonlyMap<Mode, number[]>): void {
	const median = (mode: Mode) =>
		[...(rates.get(mode) ?? [])].sort((a, b) => a - b)[rounds >> 1] ?? 0;
	console.log("untraced packets a second, median of", rounds);
	for (const mode of modes) {
		const share = (median(mode) / median("none") - 1) * 100;
		console.log(
			`${mode.padEnd(8)} ${median(mode).toFixed(0).padStart(5)} k  ${share.toFixed(1)} %`,
		);
	}
}
