import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { run } from "../lab/command.js";

/**
 * A directory that outlives the test, which is made when it is not there.
 *
 * @param name says all that its content depends on
 */
export async function findOrMake(
	name: string,
	make: (directory: string) => Promise<void>,
): Promise<string> {
	const cache = join(tmpdir(), `vmpath-${name}-${process.getuid?.() ?? ""}`);
	const found = await stat(cache).catch(() => null);
	if (found) {
		if (found.uid !== process.getuid?.()) {
			throw new Error(`${cache} is somebody else's: remove it`);
		}
		return cache;
	}
	// Made beside it and moved: what is at `cache` is whole.
	const made = await mkdtemp(`${cache}-`);
	try {
		await make(made);
		await rename(made, cache).catch(async (error) => {
			if (!(await stat(cache).catch(() => null))) {
				throw error;
			}
		});
	} finally {
		await rm(made, { recursive: true, force: true });
	}
	return cache;
}

/**
 * Downloads a package of Debian and unpacks it, without installing it.
 *
 * @returns the directory with its files, in `directory`
 */
export async function unpackPackage(
	name: string,
	directory: string,
): Promise<string> {
	const tree = join(directory, "tree");
	await mkdir(tree);
	await execa("apt-get", ["download", "-q", name], { cwd: directory });
	const [archive = ""] = (await readdir(directory)).filter((file) =>
		file.endsWith(".deb"),
	);
	await run(["dpkg-deb", "-x", join(directory, archive), tree]);
	await rm(join(directory, archive));
	return tree;
}
