import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Lab } from "./lab.js";
import {
	type Program,
	type StartOptions,
	startProgram,
} from "./live-program.js";
import { waitFor } from "./wait.js";

/** Its recording begins with this document once every port is captured. */
const begun = '"type":"capture"';
const beginMs = 10_000;

/** Starts `vmpath record` into a file, and waits until every port is captured. */
export async function startRecording(
	lab: Lab,
	path: string,
	args: readonly string[] = [],
	options: StartOptions = {},
): Promise<Program> {
	const program = startProgram(lab, ["record", "-w", path, ...args], options);
	await waitFor("the recording to begin", beginMs, async () => {
		const [first] = await findFiles(path);
		const bytes = first === undefined ? Buffer.alloc(0) : await readFile(first);
		return hasBegun(bytes, program);
	});
	return program;
}

/** The files of a recording, the oldest first: one, or those it was written to by turns. */
export async function findFiles(path: string): Promise<readonly string[]> {
	const stem = basename(path).replace(/\.[^.]*$/, "");
	const names = await readdir(dirname(path));
	return names
		.filter((name) => name.startsWith(stem))
		.sort()
		.map((name) => join(dirname(path), name));
}

/** Starts `vmpath record -w -`, and waits until every port is captured. */
export async function startStream(
	lab: Lab,
	args: readonly string[] = [],
	wrapper: readonly string[] = [],
): Promise<Program> {
	const whole = ["record", "-w", "-", ...args];
	const program = startProgram(lab, whole, { wrapper });
	await waitFor("the recording to begin", beginMs, async () =>
		hasBegun(program.read(), program),
	);
	return program;
}

function hasBegun(
	bytes: Buffer,
	{ isOver, stderr }: Program,
): true | undefined {
	if (isOver && !bytes.includes(begun)) {
		throw new Error(`the recording does not begin: ${stderr}`);
	}
	return bytes.includes(begun) ? true : undefined;
}

/** Block types, from draft-ietf-opsawg-pcapng. */
const blockTypes = { interface: 1, statistics: 5 } as const;
const option = { name: 2, received: 4, dropped: 5 } as const;

/** What the last statistics block of an interface says. */
export interface PortCounters {
	readonly received: number;
	readonly dropped: number;
}

/**
 * The last counters of each interface of a recording, by name. Reads the blocks of
 * a little-endian pcapng file by itself.
 *
 * @throws when the file does not end with the end of a block
 */
export function readCounters(log: Buffer): ReadonlyMap<string, PortCounters> {
	const names: string[] = [];
	const counters = new Map<string, PortCounters>();
	for (const { type, body } of walkBlocks(log)) {
		if (type === blockTypes.interface) {
			const options = readOptions(body.subarray(8));
			names.push(options.get(option.name)?.toString() ?? "");
		} else if (type === blockTypes.statistics) {
			const options = readOptions(body.subarray(12));
			const count = (code: number) =>
				Number(options.get(code)?.readBigUInt64LE() ?? 0n);
			counters.set(names[body.readUInt32LE(0)] ?? "", {
				received: count(option.received),
				dropped: count(option.dropped),
			});
		}
	}
	return counters;
}

/** Names of a recording's interfaces, in order. */
export function readInterfaceNames(log: Buffer): readonly string[] {
	return Array.from(walkBlocks(log))
		.filter(({ type }) => type === blockTypes.interface)
		.map(
			({ body }) =>
				readOptions(body.subarray(8)).get(option.name)?.toString() ?? "",
		);
}

interface Block {
	readonly type: number;
	readonly body: Buffer;
}

function* walkBlocks(log: Buffer): Generator<Block> {
	for (let at = 0; at < log.length; ) {
		const length = at + 12 <= log.length ? log.readUInt32LE(at + 4) : 0;
		if (length < 12 || at + length > log.length) {
			throw new Error(`the file is cut at byte ${at}`);
		}
		if (log.readUInt32LE(at + length - 4) !== length) {
			throw new Error(`the block at byte ${at} has two lengths`);
		}
		const body = log.subarray(at + 8, at + length - 4);
		yield { type: log.readUInt32LE(at), body };
		at += length;
	}
}

function readOptions(bytes: Buffer): ReadonlyMap<number, Buffer> {
	const options = new Map<number, Buffer>();
	for (let at = 0; at + 4 <= bytes.length; ) {
		const length = bytes.readUInt16LE(at + 2);
		options.set(
			bytes.readUInt16LE(at),
			bytes.subarray(at + 4, at + 4 + length),
		);
		at += 4 + Math.ceil(length / 4) * 4;
	}
	return options;
}
