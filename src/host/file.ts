import { open } from "node:fs/promises";
import type { HostStatement } from "../model/host-document.js";
import { gapOfFile } from "./gap.js";
import { type HostOptions, locate } from "./host-options.js";

const defaultLimit = 1 << 20;

/**
 * Reads the beginning of a file of the host.
 *
 * @param limit bytes; the files of /proc and /sys do not tell how long they are
 * @throws what node:fs throws
 */
export async function readStart(
	path: string,
	options: HostOptions,
	limit = defaultLimit,
): Promise<string> {
	const file = await open(locate(path, options), "r");
	try {
		const bytes = Buffer.alloc(Math.min(limit, 1 << 16));
		const chunks: Buffer[] = [];
		let length = 0;
		while (length < limit) {
			const { bytesRead } = await file.read(bytes, 0, bytes.length, null);
			if (bytesRead === 0) {
				break;
			}
			chunks.push(Buffer.from(bytes.subarray(0, bytesRead)));
			length += bytesRead;
		}
		return Buffer.concat(chunks).toString("utf8", 0, limit);
	} finally {
		await file.close();
	}
}

/** As `readStart`; null when the file is not there or cannot be read. */
export async function tryReadStart(
	path: string,
	options: HostOptions,
): Promise<string | null> {
	try {
		return await readStart(path, options);
	} catch {
		return null;
	}
}

/** The text of a file, without blanks at its ends; null when there is none such. */
export async function stateFile(
	path: string,
	options: HostOptions,
): Promise<HostStatement> {
	try {
		const output = (await readStart(path, options)).trim();
		return { source: path, output, gap: null };
	} catch (error) {
		return { source: path, output: null, gap: gapOfFile(error) };
	}
}
