import { chmod, copyFile, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../lab/command.js";

/** Makes a root with busybox and an init, to which a caller adds what it needs. */
export async function makeInitramfsRoot(
	root: string,
	init: string,
): Promise<void> {
	for (const folder of ["bin", "dev", "proc", "sys", "tmp", "modules"]) {
		await mkdir(join(root, folder), { recursive: true });
	}
	await copyFile("/bin/busybox", join(root, "bin/busybox"));
	await writeFile(join(root, "init"), init);
	for (const program of ["bin/busybox", "init"]) {
		await chmod(join(root, program), 0o755);
	}
}

/** Packs a root for the kernel. */
export async function packInitramfs(root: string, file: string): Promise<void> {
	const files = await readdir(root, { recursive: true });
	await run(
		["cpio", "--quiet", "-o", "-H", "newc", "-D", root, "-F", file],
		`${[".", ...files].join("\n")}\n`,
	);
}
