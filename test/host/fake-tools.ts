import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import type { HostOptions } from "../../src/host/host-options.js";

/** A host made up for a test: the tools it has, and its files. */
export interface FakeHost {
	readonly options: HostOptions & { readonly root: string };
	/** A directory that tools may write into, by its path in them: `$NOTES`. */
	readonly notes: string;
}

/**
 * Makes a host that has these tools and no others, and these files.
 *
 * @param tools bodies of shell scripts by name; PATH has nothing else, so they call
 * `/bin/cat` and the like by their paths
 * @param files texts by path, as in `etc/os-release`
 */
export async function makeHost(
	context: TestContext,
	tools: Readonly<Record<string, string>>,
	files: Readonly<Record<string, string>> = {},
): Promise<FakeHost> {
	const directory = await mkdtemp(join(tmpdir(), "vmpath-fake-host-"));
	context.after(() => rm(directory, { recursive: true, force: true }));
	const [path, root, notes] = ["bin", "root", "notes"].map((name) =>
		join(directory, name),
	) as [string, string, string];
	for (const each of [path, root, notes]) {
		await mkdir(each);
	}
	for (const [name, body] of Object.entries(tools)) {
		await writeFile(join(path, name), `#!/bin/sh\nNOTES='${notes}'\n${body}\n`);
		await chmod(join(path, name), 0o755);
	}
	for (const [name, text] of Object.entries(files)) {
		await mkdir(dirname(join(root, name)), { recursive: true });
		await writeFile(join(root, name), text);
	}
	return { options: { connect: "test:///default", path, root }, notes };
}
