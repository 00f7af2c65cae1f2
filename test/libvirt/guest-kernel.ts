import { copyFile, mkdir, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { run } from "../lab/command.js";
import { findOrMake, unpackPackage } from "./package-cache.js";

/** What a guest needs beyond the kernel itself: its bus, its card, its agent's channel. */
const modules = ["virtio_pci", "virtio_net", "virtio_console"];

/**
 * A directory with the cloud kernel of Debian: `vmlinuz`, and `modules` named in the
 * order they are loaded. It is downloaded once.
 */
export function findGuestKernel(): Promise<string> {
	return findOrMake(`guest-kernel-${modules.join("-")}`, unpackKernel);
}

async function unpackKernel(directory: string): Promise<void> {
	const name = await findPackage();
	const tree = await unpackPackage(name, directory);
	const release = name.replace("linux-image-", "");
	await rename(
		join(tree, "boot", `vmlinuz-${release}`),
		join(directory, "vmlinuz"),
	);
	await run(["depmod", "-b", tree, release]);
	await mkdir(join(directory, "modules"));
	await copyModules(tree, release, modules, join(directory, "modules"));
	await rm(tree, { recursive: true });
}

/** `linux-image-6.1.0-56-cloud-amd64`: what the newest one's metapackage depends on. */
async function findPackage(): Promise<string> {
	const text = await run(["apt-cache", "depends", "linux-image-cloud-amd64"]);
	const name = /Depends: (linux-image-\S+)/.exec(text)?.[1];
	if (!name) {
		throw new Error("apt knows no linux-image-cloud-amd64: run apt-get update");
	}
	return name;
}

/** Copies modules and what they need, named in the order in which they are loaded. */
export async function copyModules(
	tree: string,
	release: string,
	names: readonly string[],
	into: string,
): Promise<void> {
	const files = new Set<string>();
	for (const name of names) {
		const text = await run([
			...(["modprobe", "-d", tree, "-S", release] as const),
			...["--show-depends", name],
		]);
		for (const [, file = ""] of text.matchAll(/^insmod (\S+)/gm)) {
			files.add(file);
		}
	}
	for (const [index, file] of [...files].entries()) {
		const order = String(index).padStart(2, "0");
		await copyFile(file, join(into, `${order}-${basename(file)}`));
	}
}
