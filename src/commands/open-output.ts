import { constants, fstatSync, openSync } from "node:fs";
import { stat } from "node:fs/promises";
import { makeSafe } from "../model/safe-text.js";
import { FileOutput } from "../recorder/file-output.js";
import type { LogOutput } from "../recorder/log-output.js";
import { openPipe } from "../recorder/pipe-output.js";
import type { Rotation } from "../recorder/rotation.js";
import { Failure } from "./failure.js";

const standardOutput = 1;
/** Standard output as a file: where it is no pipe, it is written like any other. */
const standardOutputPath = "/dev/stdout";

/** What a file is made for: captures are for their owner's eyes. */
export const ownerOnly = 0o600;

/** Who a file belongs to. */
export interface Owner {
	readonly uid: number;
	readonly gid: number;
}

/** Opening a pipe would wait for its reader, and nothing could end that. */
const withoutWaiting = constants.O_WRONLY | constants.O_NONBLOCK;

const writeReasons: Readonly<Record<string, string>> = {
	ENOENT: "there is no such directory",
	ENOTDIR: "there is no such directory",
	EACCES: "permission denied: choose a place that is yours",
	EPERM: "permission denied: choose a place that is yours",
	EISDIR: "it is a directory: name a file in it",
	EROFS: "the file system is read-only",
	ENOSPC: "the disk is full",
	EDQUOT: "the disk has no more room for you: your quota is used up",
	EFBIG: "it would be larger than a file may be",
	ENAMETOOLONG: "the name is too long",
	ENXIO: "nobody reads from it: start what reads it first",
};

/**
 * Opens what a recording is written to.
 *
 * @param path `-` for standard output
 * @throws {Failure} naming it, and what is wrong with it
 */
export async function openOutput(
	path: string,
	rotation: Rotation | null,
): Promise<LogOutput> {
	if (path === "-" && process.stdout.isTTY) {
		throw new Failure(
			"standard output is a terminal: pipe the recording into `vmpath replay -`, or give a file with -w",
		);
	}
	if (path === "-" && rotation !== null) {
		throw new Failure("standard output cannot be rotated: give -w a file");
	}
	if (path === "-" && isPipe()) {
		return openPipe(standardOutput);
	}
	const file = path === "-" ? standardOutputPath : path;
	const now = () => new Date();
	try {
		if (rotation === null && (await isNamedPipe(file))) {
			return openPipe(openSync(file, withoutWaiting));
		}
		const options = { path: file, rotation, owner: findOwner(), now };
		return await FileOutput.open(options, performance.now());
	} catch (error) {
		throw writeFailure(path, error);
	}
}

/** What the operating system says of a file that cannot be written, in one line. */
export function writeFailure(path: string, error: unknown): Failure {
	if (error instanceof Failure) {
		return error;
	}
	if (path === "") {
		return new Failure("-w takes the name of a file, and this one is empty");
	}
	const { code, message } = error as NodeJS.ErrnoException;
	const reason = writeReasons[code ?? ""] ?? makeSafe(message);
	return new Failure(`cannot write ${makeSafe(path)}: ${reason}`);
}

async function isNamedPipe(path: string): Promise<boolean> {
	try {
		return (await stat(path)).isFIFO();
	} catch {
		return false;
	}
}

function isPipe(): boolean {
	const stats = fstatSync(standardOutput);
	return stats.isFIFO() || stats.isSocket();
}

/** Under sudo, a recording belongs to whoever asked for it; null: to who makes it. */
export function findOwner(): Owner | null {
	const { SUDO_UID, SUDO_GID } = process.env;
	const isRoot = process.getuid?.() === 0;
	const isTold = /^\d+$/.test(SUDO_UID ?? "") && /^\d+$/.test(SUDO_GID ?? "");
	return isRoot && isTold
		? { uid: Number(SUDO_UID), gid: Number(SUDO_GID) }
		: null;
}
