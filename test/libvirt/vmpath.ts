import assert from "node:assert/strict";
import { execa } from "execa";
import type { Json } from "../../src/model/host-document.js";
import { cli } from "../commands/program.js";
import type { Command } from "../lab/command.js";
import { waitFor } from "../lab/wait.js";
import type { LibvirtHost } from "./libvirt-host.js";

/** A line of `--format jsonl`, of which a test looks at some fields. */
export type JsonLine = Readonly<Record<string, Json>>;

interface HopField {
	readonly interface: string;
}

/** A `journey` of `--format jsonl`, as far as the tests look at it. */
export interface JourneyLine {
	readonly type: "journey";
	readonly protocol: "arp" | "dhcp" | "icmp";
	readonly message: string;
	readonly summary: string;
	readonly vm: string | null;
	readonly hops: readonly HopField[];
	/** Sightings off the path: floods to other taps. */
	readonly copies: readonly HopField[];
	readonly outcome: "delivered" | "lost" | "inconclusive";
	readonly reason: string | null;
}

/** `vmpath watch --format jsonl` on a host, while it runs. */
export interface Watch {
	/** Waits for a journey that `isWanted`, among those not yet asked over. */
	journey(
		what: string,
		isWanted: (journey: JourneyLine) => boolean,
	): Promise<JourneyLine>;
	/** Ends it as Ctrl-C does and returns all its lines. */
	stop(): Promise<readonly JsonLine[]>;
}

/** Makes the command that runs vmpath on a host. */
export function vmpathOn(
	{ inside }: LibvirtHost,
	...args: readonly string[]
): Command {
	return inside([process.execPath, cli, ...args]);
}

/** Makes the command that runs vmpath where there is no libvirt: here. */
export function vmpathHere(...args: readonly string[]): Command {
	return [process.execPath, cli, ...args];
}

/** It asks libvirt first, and a journey settles one second after its ingress. */
const deadlineMs = 15_000;

/** Starts watching, and waits until it captures. */
export async function startWatch(
	host: LibvirtHost,
	...args: readonly string[]
): Promise<Watch> {
	const [program, ...rest] = vmpathOn(
		host,
		...["watch", "--format", "jsonl", ...args],
	);
	const child = execa(program, rest, { stdin: "ignore", reject: false });
	let results = "";
	let messages = "";
	child.stdout.on("data", (chunk) => {
		results += String(chunk);
	});
	child.stderr.on("data", (chunk) => {
		messages += String(chunk);
	});
	const checkRunning = () => {
		if (child.exitCode !== null) {
			throw new Error(`watch ended with ${child.exitCode}: ${messages}`);
		}
	};
	const stop = async () => {
		child.kill("SIGINT");
		const { exitCode } = await child;
		assert.equal(exitCode, 0, messages);
		return parseLines(results);
	};
	host.teardown.add(async () => {
		child.kill("SIGINT");
		await child;
	});
	await waitFor("watch to say that it watches", deadlineMs, async () => {
		checkRunning();
		return messages.includes("watching ") ? true : undefined;
	});
	let asked = 0;
	const findNext = (isWanted: (journey: JourneyLine) => boolean) => {
		const lines = parseLines(results);
		for (const [index, line] of lines.entries()) {
			if (index >= asked && isJourney(line) && isWanted(line)) {
				asked = index + 1;
				return line;
			}
		}
		return undefined;
	};
	return {
		stop,
		journey: (what, isWanted) =>
			waitFor(`a journey: ${what}`, deadlineMs, async () => {
				checkRunning();
				return findNext(isWanted);
			}),
	};
}

/** Whether a line is a journey. */
export function isJourney(line: object): line is JourneyLine {
	return "type" in line && line.type === "journey";
}

/** The path of a journey: `vnet0 br0 ens3`. */
export function pathOf({ hops }: JourneyLine): string {
	return hops.map((hop) => hop.interface).join(" ");
}

/** All whole lines of JSON. */
export function parseLines(text: string): readonly JsonLine[] {
	const whole = text.slice(0, text.lastIndexOf("\n") + 1);
	return whole
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => JSON.parse(line));
}
