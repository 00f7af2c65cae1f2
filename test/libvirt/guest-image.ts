import { chmod, cp, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { addGuestAgent } from "./guest-agent.js";
import { guestInit, leaseScript } from "./guest-init.js";
import { findGuestKernel } from "./guest-kernel.js";
import { makeInitramfsRoot, packInitramfs } from "./initramfs.js";

/** What a guest boots. */
export interface GuestImage {
	readonly kernel: string;
	readonly initramfs: string;
}

/** Makes what guests boot, in a directory of the caller. */
export async function buildGuestImage(directory: string): Promise<GuestImage> {
	const kernel = await findGuestKernel();
	const root = join(directory, "initramfs");
	await makeInitramfsRoot(root, guestInit);
	await addGuestAgent(root);
	await writeFile(join(root, "lease"), leaseScript);
	await chmod(join(root, "lease"), 0o755);
	await cp(join(kernel, "modules"), join(root, "modules"), { recursive: true });
	const initramfs = join(directory, "initramfs.cpio");
	await packInitramfs(root, initramfs);
	const link = join(directory, "vmlinuz");
	await symlink(join(kernel, "vmlinuz"), link);
	return { kernel: link, initramfs };
}
