import {
	chmod,
	copyFile,
	mkdir,
	mkdtemp,
	readdir,
	rename,
	rm,
	stat,
	symlink,
	writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { execa } from "execa";
import { run } from "../lab/command.js";
import { guestInit, leaseScript } from "./guest-init.js";

/** What a guest boots. */
export interface GuestImage {
	readonly kernel: string;
	readonly initramfs: string;
}

/** The unpacked kernel: `vmlinuz`, and `modules` named in the order they are loaded. */
const cache = join(tmpdir(), `vmpath-guest-kernel-${process.getuid?.() ?? ""}`);

/** Makes what guests boot, in a directory of the caller; the kernel is downloaded once. */
export async function buildGuestImage(directory: string): Promise<GuestImage> {
	const kernel = await findKernel();
	const root = join(directory, "initramfs");
	for (const folder of ["bin", "dev", "proc", "sys", "tmp", "modules"]) {
		await mkdir(join(root, folder), { recursive: true });
	}
	await copyFile("/bin/busybox", join(root, "bin/busybox"));
	await writeFile(join(root, "init"), guestInit);
	await writeFile(join(root, "lease"), leaseScript);
	for (const program of ["bin/busybox", "init", "lease"]) {
		await chmod(join(root, program), 0o755);
	}
	const modules = await readdir(join(kernel, "modules"));
	for (const module of modules) {
		await copyFile(
			join(kernel, "modules", module),
			join(root, "modules", module),
		);
	}
	const initramfs = join(directory, "initramfs.cpio");
	const files = await readdir(root, { recursive: true });
	await run(
		["cpio", "--quiet", "-o", "-H", "newc", "-D", root, "-F", initramfs],
		`${[".", ...files].join("\n")}\n`,
	);
	const link = join(directory, "vmlinuz");
	await symlink(join(kernel, "vmlinuz"), link);
	return { kernel: link, initramfs };
}

/** The directory of the kernel, which is made when it is not there. */
async function findKernel(): Promise<string> {
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
		await unpackKernel(made);
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

/** Unpacks the cloud kernel of Debian into `directory`, without installing it. */
async function unpackKernel(directory: string): Promise<void> {
	const tree = join(directory, "tree");
	await mkdir(tree);
	const name = await findPackage();
	await execa("apt-get", ["download", "-q", name], { cwd: directory });
	const [archive = ""] = (await readdir(directory)).filter((file) =>
		file.endsWith(".deb"),
	);
	await run(["dpkg-deb", "-x", join(directory, archive), tree]);
	await rm(join(directory, archive));
	const release = name.replace("linux-image-", "");
	await rename(
		join(tree, "boot", `vmlinuz-${release}`),
		join(directory, "vmlinuz"),
	);
	await run(["depmod", "-b", tree, release]);
	await mkdir(join(directory, "modules"));
	for (const [index, module] of (await findModules(tree, release)).entries()) {
		const order = String(index).padStart(2, "0");
		const name = `${order}-${basename(module)}`;
		await rename(module, join(directory, "modules", name));
	}
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

/** The files of the modules a virtio card needs, dependencies first. */
async function findModules(
	tree: string,
	release: string,
): Promise<readonly string[]> {
	const files = new Set<string>();
	for (const module of ["virtio_pci", "virtio_net"]) {
		const text = await run([
			...(["modprobe", "-d", tree, "-S", release] as const),
			...["--show-depends", module],
		]);
		for (const [, file = ""] of text.matchAll(/^insmod (\S+)/gm)) {
			files.add(file);
		}
	}
	return [...files];
}
