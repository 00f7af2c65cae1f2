import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Command, run } from "../lab/command.js";
import { findOrMake } from "./package-cache.js";

/** Releases of Debian whose tools are recorded, by the number that users know. */
export const debianReleases = {
	"debian-11": "bullseye",
	"debian-12": "bookworm",
	"debian-13": "trixie",
} as const;
export type DebianRelease = keyof typeof debianReleases;

const mirror = "http://deb.debian.org/debian";

/** What vmpath asks, what it is asked about, and a kernel of that time. */
const packages = [
	...["iproute2", "nftables", "iptables", "ebtables", "bridge-utils"],
	...["libvirt-daemon-system", "libvirt-clients", "dnsmasq-base"],
	...["qemu-system-x86", "busybox", "kmod", "libpam-systemd"],
];

/** As long as it takes to download and unpack them. */
const options = { timeout: 900_000 };

/**
 * A directory with all of a release of Debian that a KVM host has, its kernel among it.
 * Nothing in it was ever started. It is made once, in some two minutes.
 */
export function findDebianRoot(release: DebianRelease): Promise<string> {
	return findOrMake(`root-of-${release}`, (directory) =>
		makeRoot(directory, debianReleases[release]),
	);
}

async function makeRoot(directory: string, suite: string): Promise<void> {
	await run(
		["debootstrap", "--variant=minbase", suite, directory, mirror],
		"",
		options,
	);
	// Whoever installs a service asks this whether it may be started.
	const policy = join(directory, "usr/sbin/policy-rc.d");
	await writeFile(policy, "#!/bin/sh\nexit 101\n");
	await chmod(policy, 0o755);
	const inside = (...command: Command) =>
		run(
			[
				...(["chroot", directory, "env"] as const),
				...["DEBIAN_FRONTEND=noninteractive", ...command],
			],
			"",
			options,
		);
	const install = ["install", "-y", "-qq", "--no-install-recommends"];
	await inside("apt-get", "update", "-qq");
	await inside("apt-get", ...install, ...packages);
	await addKernel(inside);
	await inside("apt-get", "clean");
}

/** Unpacked and not installed: no boot loader, no initramfs. */
async function addKernel(
	inside: (...command: Command) => Promise<string>,
): Promise<void> {
	const text = await inside("apt-cache", "depends", "linux-image-amd64");
	const name = /Depends: (linux-image-\S+)/.exec(text)?.[1] ?? "";
	const script = `
cd /root && apt-get download -q "$1" && dpkg-deb -x ./*.deb kernel
cp kernel/boot/vmlinuz-* /boot/vmlinuz
for modules in kernel/lib/modules kernel/usr/lib/modules; do
	[ ! -d "$modules" ] || cp -r "$modules" /lib/
done
rm -r kernel ./*.deb
depmod "\${1#linux-image-}"`;
	await inside("sh", "-euc", script, "sh", name);
}
