import { type FileHandle, open } from "node:fs/promises";
import { makeSafe } from "../model/safe-text.js";
import { Failure } from "./failure.js";

const ownerOnly = 0o600;

/** Keeps what passes in a file. */
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
	let handle: FileHandle | null;
	try {
		handle = await open(path, "w", ownerOnly);
	} catch (error) {
		throw new Failure(`cannot write ${name}: ${reasonOf(error)}`);
	}
	const close = async () => {
		const open = handle;
		handle = null;
		await open?.close();
	};
	return {
		keep: async (bytes) => {
			try {
				await handle?.writeFile(bytes);
			} catch (error) {
				tell(`cannot write ${name} any further: ${reasonOf(error)}`);
				await close();
			}
		},
		close,
	};
}

function reasonOf(error: unknown): string {
	const { code, message } = error as NodeJS.ErrnoException;
	return code === "ENOSPC" ? "the disk is full" : makeSafe(message);
}
