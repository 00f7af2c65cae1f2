import { mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../lab/command.js";
import { type DebianRelease, findDebianRoot } from "./debian-root.js";
import { copyModules } from "./guest-kernel.js";
import { makeInitramfsRoot, packInitramfs } from "./initramfs.js";

/** Its root is read over 9p, and written to in memory. */
const modules = ["virtio_pci", "9p", "9pnet_virtio", "overlay"];

const project = fileURLToPath(new URL("../../../", import.meta.url));

/** Software emulation of a host that starts virtual machines of its own. */
const options = { timeout: 600_000 };

/**
 * Boots a machine with the kernel and the programs of a release of Debian, without any
 * network, and runs a script of this project in it, which is given the directory that
 * is its to write to.
 *
 * @param directory for what the machine needs
 * @param script its compiled file, in the directory of this one
 * @returns the directory that the script wrote to
 */
export async function runOnDebian(
	release: DebianRelease,
	directory: string,
	script: string,
): Promise<string> {
	const root = await findDebianRoot(release);
	const output = join(directory, "output");
	await mkdir(output);
	const initramfs = await makeInitramfs(root, directory);
	const file = fileURLToPath(new URL(script, import.meta.url));
	await run(
		[
			"qemu-system-x86_64",
			...["-accel", "tcg", "-cpu", "max", "-m", "2048", "-smp", "1"],
			...["-nographic", "-nodefaults", "-no-reboot"],
			...["-serial", `file:${join(directory, "console")}`],
			...["-kernel", join(root, "boot/vmlinuz"), "-initrd", initramfs],
			...[
				"-append",
				`console=ttyS0 panic=-1 script=/project/${relative(project, file)}`,
			],
			...share("root", root, true),
			...share("project", project, true),
			...share("node", dirname(process.execPath), true),
			...share("output", output, false),
		],
		"",
		options,
	);
	const said = await readFile(join(output, "exit-code"), "utf8").catch(
		() => null,
	);
	if (said?.trim() !== "0") {
		const log =
			said === null ? join(directory, "console") : join(output, "log");
		throw new Error(
			`${script} on ${release} ended with ${said}: ${await readFile(log, "utf8")}`,
		);
	}
	return output;
}

function share(name: string, path: string, isReadOnly: boolean): string[] {
	const mode = isReadOnly ? ",readonly=on" : "";
	return [
		"-virtfs",
		`local,path=${path},mount_tag=${name},security_model=none,multidevs=remap${mode}`,
	];
}

async function makeInitramfs(root: string, directory: string): Promise<string> {
	const tree = join(directory, "initramfs");
	await makeInitramfsRoot(tree, init);
	const [kernel = ""] = await readdir(join(root, "lib/modules"));
	await copyModules(root, kernel, modules, join(tree, "modules"));
	const file = join(directory, "initramfs.cpio");
	await packInitramfs(tree, file);
	return file;
}

const mountOptions = "trans=virtio,version=9p2000.L,msize=262144,cache=loose";

const init = `#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t devtmpfs devtmpfs /dev
mount -t proc proc /proc
for module in /modules/*; do
	case $module in *.xz) xzcat "$module" >/tmp/module; module=/tmp/module ;; esac
	insmod "$module"
done
for word in $(cat /proc/cmdline); do
	case $word in script=*) export \${word?} ;; esac
done
mkdir /lower /upper /machine
mount -t 9p -o ro,${mountOptions} root /lower
mount -t tmpfs tmpfs /upper
mkdir /upper/files /upper/work
mount -t overlay -o lowerdir=/lower,upperdir=/upper/files,workdir=/upper/work overlay /machine
cd /machine
mkdir -p project node output
mount -t 9p -o ro,${mountOptions} project project
mount -t 9p -o ro,${mountOptions} node node
mount -t 9p -o trans=virtio,version=9p2000.L output output
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t devtmpfs devtmpfs dev
ln -s /proc/self/fd/0 dev/stdin
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs tmp
echo '127.0.0.1 localhost kvmhost' >etc/hosts
hostname kvmhost
# The kernel asks for modules here, where it began.
mkdir /sbin
printf '#!/bin/sh\\nexec chroot /machine /sbin/modprobe "$@"\\n' >/sbin/modprobe
chmod 755 /sbin/modprobe
chroot . env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C TZ=UTC \\
	/node/node "$script" /output >output/log 2>&1
echo $? >output/exit-code
sync
poweroff -f
`;
