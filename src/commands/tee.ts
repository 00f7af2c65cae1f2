import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { findLastBlockEnd } from "../capture-file/block-end.js";
import { makeSafe } from "../model/safe-text.js";
import { Failure } from "./failure.js";
import { writeFailure } from "./open-output.js";

const ownerOnly = 0o600;
/** As `w`, but a pipe is not waited for. */
const forWriting =
	constants.O_WRONLY |
	constants.O_CREAT |
	constants.O_TRUNC |
	constants.O_NONBLOCK;

/** Keeps a log that passes in a file, which ends behind a whole block if the disk is full. */
export interface Tee {
	/** Writes it, and resolves when that is done; a full disk ends the keeping only. */
	keep(bytes: Buffer): Promise<void>;
	close(): Promise<void>;
}

/**
 * @param tell told when nothing more can be kept; one line
 * @throws {Failure} when the file cannot be made
 */
export async function openTee(
	path: string,
	tell: (message: string) => void,
): Promise<Tee> {
	const name = makeSafe(path);
	let handle: FileHandle | null = await openFile(path);
	/** Begins with a block that has not come to its end. */
	let rest: Buffer = Buffer.alloc(0);
	const close = async () => {
		const open = handle;
		handle = null;
		await open?.close();
	};
	const write = async (bytes: Buffer) => {
		const before = (await handle?.stat())?.size ?? 0;
		try {
			await handle?.writeFile(bytes);
		} catch (error) {
			tell(`cannot write ${name} any further: ${reasonOf(error)}`);
			await handle?.truncate(before).catch(() => {});
			await close();
		}
	};
	return {
		keep: async (bytes) => {
			const all = Buffer.concat([rest, bytes]);
			const end = findLastBlockEnd(all);
			rest = all.subarray(end);
			await write(all.subarray(0, end));
		},
		close: async () => {
			await write(rest);
			await close();
		},
	};
}

/** A pipe whose reader takes nothing would hold up what is shown. */
async function openFile(path: string): Promise<FileHandle> {
	if (path === "-") {
		throw new Failure(
			"-w keeps the recording in a file: standard output is for what is shown (`vmpath record -w -` writes there)",
		);
	}
	try {
		const handle = await open(path, forWriting, ownerOnly);
		if ((await handle.stat()).isFIFO()) {
			await handle.close();
			throw new Failure(
				`-w keeps the recording in a file, and ${makeSafe(path)} is a pipe (\`vmpath record -w\` writes into one)`,
			);
		}
		return handle;
	} catch (error) {
		throw writeFailure(path, error);
	}
}

function reasonOf(error: unknown): string {
	const { code, message } = error as NodeJS.ErrnoException;
	return code === "ENOSPC" ? "the disk is full" : makeSafe(message);
}
