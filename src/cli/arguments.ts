import { type Command, InvalidArgumentError, Option } from "commander";
import type { EngineName } from "../commands/choose-engine.js";
import { parseDuration, parseSize } from "../commands/parse-units.js";
import type { CaptureOptions } from "../commands/record-options.js";

export const protocols = ["arp", "dhcp", "icmp"] as const;
export const engines: readonly EngineName[] = ["packet", "cap"];

/** Enough for every ARP, DHCP and ICMP message that is not a big ping. */
export const defaultSnapLength = 2048;
/** Ethernet, and the 576 bytes of IP that every DHCP client must take (RFC 2131 section 2). */
export const dhcpSnapLength = 590;
const longestSnapLength = 262_144;
/** The shortest Ethernet frame, without its checksum: who-has and is-at fit in. */
const shortestSnapLength = 60;
const defaultBuffer = "32M";
/** A buffer or a file that holds less is full before anything is done with it. */
const leastRoom = 64 * 1024;

/** What libvirt drivers are called in a URI (libvirt.org/uri.html). */
const libvirtDrivers =
	/^(qemu|xen|lxc|ch|bhyve|vz|parallels|openvz|vbox|vmware(player|ws|fusion)|esx|gsx|vpx|hyperv|test|remote)(\+\w+)?:\/\//i;

export function parseCount(text: string): number {
	const count = Number(text);
	if (!/^\d+$/.test(text) || !Number.isSafeInteger(count) || count < 1) {
		throw new InvalidArgumentError("It takes a whole number from 1 on.");
	}
	return count;
}

export function collect(
	text: string,
	previous: readonly string[] = [],
): string[] {
	return [...previous, text];
}

export function collectId(
	text: string,
	previous: readonly number[] = [],
): number[] {
	return [...previous, parseCount(text)];
}

export function collectProtocol(
	text: string,
	previous: readonly string[] = [],
): string[] {
	const name = text.toLowerCase();
	if (!protocols.some((protocol) => protocol === name)) {
		throw new InvalidArgumentError(`It is one of ${protocols.join(", ")}.`);
	}
	return collect(name, previous);
}

/** @returns milliseconds */
export function parseSpan(text: string): number {
	const ms = parseDuration(text);
	if (ms === null) {
		throw new InvalidArgumentError(
			"It takes a time such as 30s, 5m or 1h, of at most 24 days.",
		);
	}
	return ms;
}

/** @returns bytes */
export function parseBytes(text: string): number {
	const bytes = parseSize(text);
	if (bytes === null) {
		throw new InvalidArgumentError("It takes a size such as 64k, 100M or 1G.");
	}
	return bytes;
}

function parseSnapLength(text: string): number {
	const length = parseCount(text);
	if (length > longestSnapLength) {
		throw new InvalidArgumentError(`It is at most ${longestSnapLength} bytes.`);
	}
	if (length < shortestSnapLength) {
		throw new InvalidArgumentError(
			`It is at least ${shortestSnapLength} bytes, as an ARP frame has; DHCP needs ${dhcpSnapLength}.`,
		);
	}
	return length;
}

/** @returns bytes */
export function parseRoom(text: string): number {
	const bytes = parseBytes(text);
	if (bytes < leastRoom) {
		throw new InvalidArgumentError("It is at least 64k.");
	}
	return bytes;
}

/** A libvirt connection URI: what virsh does not know it says only much later. */
function parseUri(text: string): string {
	if (!libvirtDrivers.test(text)) {
		throw new InvalidArgumentError(
			"It is a libvirt URI such as qemu:///system or lxc:///.",
		);
	}
	return text;
}

/** `--connect`. @param when it is asked: `live: ` */
export function connectOption(when = ""): Option {
	return new Option(
		"--connect <uri>",
		`${when}libvirt to ask (virsh --connect)`,
	).argParser(parseUri);
}

/** Bytes; setsockopt takes them as a C int. */
export function parseBuffer(text: string): number {
	const bytes = parseRoom(text);
	if (bytes >= 2 ** 31) {
		throw new InvalidArgumentError("It is less than 2G.");
	}
	return bytes;
}

/** Options of `record` and `watch`: what is captured, and how. */
export function addCaptureOptions(command: Command): Command {
	return command
		.option(
			"--bridge <name>",
			"capture at this bridge, its ports and what lies under its uplink (repeatable)",
			collect,
		)
		.option(
			"--interface <name>",
			"capture at just this interface (repeatable)",
			collect,
		)
		.option(
			"--filter <expression>",
			"capture only what passes this pcap-filter expression, of ARP, DHCP and ICMP",
		)
		.option("--duration <time>", "end after 30s, 5m, 1h", parseSpan)
		.option("--count <frames>", "end after so many frames", parseCount)
		.option(
			"--snaplen <bytes>",
			"capture so much of each frame",
			parseSnapLength,
			defaultSnapLength,
		)
		.option(
			"--buffer <size>",
			`what the kernel may keep for us an interface (default: ${defaultBuffer})`,
			parseBuffer,
		)
		.addOption(connectOption())
		.addOption(
			new Option(
				"--engine <engine>",
				"packet: the kernel's packet socket (default); cap: libpcap",
			).choices(engines),
		);
}

/** What `addCaptureOptions` parsed. */
export interface ParsedCaptureOptions {
	readonly bridge?: string[];
	readonly interface?: string[];
	readonly filter?: string;
	readonly duration?: number;
	readonly count?: number;
	readonly snaplen: number;
	readonly buffer?: number;
	readonly connect?: string;
	readonly engine?: EngineName;
}

/** @param vms to capture for; none: all */
export function readCaptureOptions(
	options: ParsedCaptureOptions,
	vms: readonly string[],
): CaptureOptions {
	return {
		vms,
		bridges: options.bridge ?? [],
		interfaces: options.interface ?? [],
		engine: options.engine ?? null,
		durationMs: options.duration ?? null,
		count: options.count ?? null,
		snapLength: options.snaplen,
		bufferBytes: options.buffer ?? parseBytes(defaultBuffer),
		filter: options.filter ?? null,
		connect: options.connect ?? null,
	};
}

/** Options that name files which tell how the captured host is made. */
export interface ParsedHostFiles {
	readonly links?: string;
	readonly topology?: string;
	readonly domainXml?: string[];
}

/** What of `--links`, `--topology` and `--domain-xml` was given. */
export function readHostFiles(options: ParsedHostFiles) {
	return {
		links: options.links ?? null,
		topology: options.topology ?? null,
		domainXml: options.domainXml ?? [],
	};
}
