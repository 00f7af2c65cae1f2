import { randomUUID } from "node:crypto";
import { link, lstat, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Owner, ownerOnly } from "./open-output.js";

/** Errors of file systems that know no second name of a file (`man 2 link`). */
const linkless: readonly string[] = [
	"EPERM",
	"ENOTSUP",
	"EOPNOTSUPP",
	"ENOSYS",
];

/**
 * Writes a file that was not there before, whole or not at all: under another name beside
 * it, until all is on the disk.
 *
 * @param owner who it is to belong to; null: who makes it
 * @throws the system's error; EEXIST when something has that name
 */
export async function writeNewFile(
	path: string,
	bytes: Uint8Array,
	owner: Owner | null,
): Promise<void> {
	const temporary = join(dirname(path), `.vmpath-${randomUUID()}.part`);
	const handle = await open(temporary, "wx", ownerOnly);
	try {
		try {
			if (owner !== null) {
				await handle.chown(owner.uid, owner.gid);
			}
			await handle.writeFile(bytes);
			// Some file systems only tell now that there is no room.
			await handle.sync();
		} finally {
			await handle.close();
		}
		await takeName(temporary, path);
	} finally {
		await rm(temporary, { force: true });
	}
}

/** Renaming would replace what has the name; a second name is refused. */
async function takeName(temporary: string, path: string): Promise<void> {
	try {
		await link(temporary, path);
	} catch (error) {
		const { code = "" } = error as NodeJS.ErrnoException;
		if (!linkless.includes(code) || (await isThere(path))) {
			throw error;
		}
		await rename(temporary, path);
	}
}

async function isThere(path: string): Promise<boolean> {
	try {
		await lstat(path);
		return true;
	} catch {
		return false;
	}
}
