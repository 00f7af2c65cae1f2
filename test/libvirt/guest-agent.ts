import { copyFile, mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { run } from "../lab/command.js";
import { findOrMake, unpackPackage } from "./package-cache.js";

/**
 * Puts QEMU's guest agent and the libraries that it is linked with into the root of a
 * guest, as /bin/qemu-ga. It is downloaded once, and never installed on the host: there
 * it would be started. The libraries are the host's own; QEMU needs them as well.
 */
export async function addGuestAgent(root: string): Promise<void> {
	const cache = await findOrMake("guest-agent", unpackAgent);
	const agent = join(cache, "qemu-ga");
	const libraries = await run(["ldd", agent]);
	if (/not found/.test(libraries)) {
		throw new Error(`libraries of qemu-ga are missing: ${libraries}`);
	}
	// `libm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x…)`; the loader stands alone.
	for (const [, file = ""] of libraries.matchAll(/(\/\S+) \(0x/g)) {
		await mkdir(join(root, dirname(file)), { recursive: true });
		await copyFile(file, join(root, file));
	}
	await copyFile(agent, join(root, "bin/qemu-ga"));
}

async function unpackAgent(directory: string): Promise<void> {
	const tree = await unpackPackage("qemu-guest-agent", directory);
	await rename(join(tree, "usr/sbin/qemu-ga"), join(directory, "qemu-ga"));
	await rm(tree, { recursive: true });
}
