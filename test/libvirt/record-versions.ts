import { copyFile, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runOnDebian } from "./debian-machine.js";
import { type DebianRelease, debianReleases } from "./debian-root.js";

const fixtures = fileURLToPath(
	new URL("../../../fixtures/host/", import.meta.url),
);

const bookkeeping = new Set(["log", "exit-code"]);

/** Records fixtures/host/debian-* afresh: those that are named, or all. */
const wanted = process.argv.slice(2);
const releases = Object.keys(debianReleases) as DebianRelease[];
for (const release of releases) {
	if (wanted.length === 0 || wanted.includes(release)) {
		await record(release);
	}
}

async function record(release: DebianRelease): Promise<void> {
	const directory = await mkdtemp(join(tmpdir(), `vmpath-${release}-`));
	try {
		const output = await runOnDebian(release, directory, "version-child.js");
		const into = join(fixtures, release);
		await rm(into, { recursive: true, force: true });
		await mkdir(into);
		for (const file of await readdir(output)) {
			if (!bookkeeping.has(file)) {
				await copyFile(join(output, file), join(into, file));
			}
		}
		console.log(`${release} is recorded`);
	} finally {
		await rm(directory, { recursive: true, force: true });
	}
}
