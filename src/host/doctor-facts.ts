import { arch, release, type } from "node:os";
import type { Gap } from "../model/host-document.js";
import { askVirsh } from "./ask-virsh.js";
import { firstLine, runCommand, stateJson } from "./command.js";
import { tryReadStart } from "./file.js";
import { missingTool } from "./gap.js";
import type { HostOptions } from "./host-options.js";

/** A program that vmpath asks, and whether it can be run. */
export interface ToolFact {
	readonly name: string;
	/** What it says of itself; raw. */
	readonly version: string;
	readonly gap: Gap | null;
}

/** A port of a bridge, from `ip -j -d link`: ifname, linkinfo.info_kind, master. */
export interface BridgePortFact {
	readonly name: string;
	/** `tun` for taps; null for cards. */
	readonly kind: string | null;
	readonly bridge: string;
}

/** What libvirt says. */
export interface LibvirtFact {
	readonly uri: string;
	/** Names of the domains that run; raw. */
	readonly running: readonly string[];
	readonly gap: Gap | null;
}

/** Capabilities in effect, from /proc/self/status: CapEff; capabilities(7). */
export interface CapabilityFact {
	readonly netRaw: boolean;
	readonly netAdmin: boolean;
}

/** What the host says that decides whether it can be traced. */
export interface HostFacts {
	/** `Linux`, its release, and the machine as Node names it (`x64`). */
	readonly system: string;
	readonly release: string;
	readonly machine: string;
	readonly isRoot: boolean;
	readonly hasSudo: boolean;
	readonly capabilities: CapabilityFact;
	/** net.core.rmem_max, in bytes; null: not told. */
	readonly rmemMax: number | null;
	/** net.bridge.bridge-nf-call-iptables; null: there is no br_netfilter. */
	readonly callsIptables: boolean | null;
	readonly tools: readonly ToolFact[];
	/** How libpcap is installed here. */
	readonly libpcapFix: string | null;
	readonly libvirt: LibvirtFact;
	readonly bridgePorts: readonly BridgePortFact[];
	readonly bridgeGap: Gap | null;
}

const timeoutMs = 3000;
const outputLimit = 1 << 20;
const limits = { timeoutMs, outputLimit };
const linksLimit = { timeoutMs, outputLimit: 16 << 20 };
const capability = { netAdmin: 12n, netRaw: 13n } as const;

/** The tools, and how each is asked for its version. */
const tools = [
	["ip", "-V"],
	["bridge", "-V"],
	["virsh", "--version"],
	["nft", "--version"],
	["iptables-save", "--version"],
] as const;

/** Asks the host; changes nothing. What cannot be found out is told as such. */
export async function gatherHostFacts(
	options: HostOptions,
): Promise<HostFacts> {
	const isRoot = process.getuid?.() === 0;
	const [toolFacts, sudo, status, rmemMax, calls, libvirt, ports] =
		await Promise.all([
			Promise.all(tools.map((command) => askTool(command, options))),
			isRoot ? null : runCommand(["sudo", "-V"], options, limits),
			tryReadStart("/proc/self/status", options),
			readNumber("/proc/sys/net/core/rmem_max", options),
			readNumber("/proc/sys/net/bridge/bridge-nf-call-iptables", options),
			askLibvirt(options),
			readBridgePorts(options),
		]);
	return {
		system: type(),
		release: release(),
		machine: arch(),
		isRoot,
		hasSudo: sudo?.gap === null,
		capabilities: parseCapabilities(status ?? ""),
		rmemMax,
		callsIptables: calls === null ? null : calls !== 0,
		tools: toolFacts,
		libpcapFix: missingTool("libpcap", options).fix,
		libvirt,
		...ports,
	};
}

async function askTool(
	command: (typeof tools)[number],
	options: HostOptions,
): Promise<ToolFact> {
	const [name] = command;
	const { stdout, stderr, gap } = await runCommand(command, options, limits);
	return { name, version: firstLine(stdout || stderr) ?? "", gap };
}

async function askLibvirt(options: HostOptions): Promise<LibvirtFact> {
	const questions = ["uri", "list --name"];
	const { answers, gap } = await askVirsh(questions, options, timeoutMs);
	const [uri = "", names = ""] = answers ?? [];
	const running = names.split("\n").map((name) => name.trim());
	return { uri: uri.trim(), running: running.filter(Boolean), gap };
}

interface RawLink {
	readonly ifname?: string;
	readonly master?: string;
	readonly linkinfo?: {
		readonly info_kind?: string;
		readonly info_slave_kind?: string;
	};
}

async function readBridgePorts(
	options: HostOptions,
): Promise<Pick<HostFacts, "bridgePorts" | "bridgeGap">> {
	const command = ["ip", "-j", "-d", "link", "show"] as const;
	const { output, gap } = await stateJson(command, options, linksLimit);
	const rawLinks = (Array.isArray(output) ? output : []) as RawLink[];
	const bridgePorts = rawLinks.flatMap(({ ifname, master, linkinfo }) =>
		ifname && master && linkinfo?.info_slave_kind === "bridge"
			? [{ name: ifname, bridge: master, kind: linkinfo.info_kind ?? null }]
			: [],
	);
	return { bridgePorts, bridgeGap: gap };
}

async function readNumber(
	path: string,
	options: HostOptions,
): Promise<number | null> {
	const text = (await tryReadStart(path, options))?.trim() ?? "";
	return /^\d+$/.test(text) ? Number(text) : null;
}

/** @param status text of /proc/self/status */
export function parseCapabilities(status: string): CapabilityFact {
	const [, mask = "0"] = /^CapEff:\s*([0-9a-f]+)$/m.exec(status) ?? [];
	const has = (bit: bigint) => ((BigInt(`0x${mask}`) >> bit) & 1n) === 1n;
	return {
		netRaw: has(capability.netRaw),
		netAdmin: has(capability.netAdmin),
	};
}
