import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startChild } from "../lab/child.js";
import { type Command, run, tryRun } from "../lab/command.js";
import { inNamespace } from "../lab/namespaces.js";
import { router } from "../lab/plan.js";
import type { Teardown } from "../lab/teardown.js";
import { waitFor } from "../lab/wait.js";

/** A libvirtd of the test's own. */
export interface LibvirtDaemon {
	/** Makes a command run where libvirtd runs: in its network, its mounts, its host name. */
	inside(command: Command): Command;
	/** Runs `virsh` there and returns what it printed. */
	virsh(...args: readonly string[]): Promise<string>;
}

/** What libvirtd reads; nothing here needs systemd, cgroups, AppArmor or a user of its own. */
export const daemonConfiguration = {
	"qemu.conf": [
		'security_driver = "none"',
		'user = "root"',
		'group = "root"',
		"cgroup_controllers = []",
		"namespaces = []",
		"seccomp_sandbox = 0",
		'stdio_handler = "file"',
	],
	"libvirtd.conf": ['auth_unix_ro = "none"', 'auth_unix_rw = "none"'],
	"resolv.conf": [`nameserver ${router.ip}`],
	// Nobody asks the router who the host is.
	hosts: ["127.0.0.1 localhost kvmhost"],
};

/**
 * Becomes libvirtd, with a host name and folders of its own; $1 holds its configuration.
 * Its mounts are those of the process, and end with it and what it started.
 */
const start = `
for folder in /run /var/lib/libvirt /var/log/libvirt /var/cache/libvirt /etc/libvirt; do
	mount -t tmpfs -o mode=755 tmpfs "$folder"
done
cp "$1/qemu.conf" "$1/libvirtd.conf" /etc/libvirt/
mount --bind "$1/resolv.conf" /etc/resolv.conf
mount --bind "$1/hosts" /etc/hosts
echo kvmhost >/proc/sys/kernel/hostname
echo "libvirtd is $$"
exec libvirtd
`;

/** Starts a libvirtd in a namespace that holds nothing else yet. */
export async function startLibvirtDaemon(
	namespace: string,
	directory: string,
	teardown: Teardown,
): Promise<LibvirtDaemon> {
	const folder = join(directory, "libvirt");
	await mkdir(folder);
	for (const [file, lines] of Object.entries(daemonConfiguration)) {
		await writeFile(join(folder, file), `${lines.join("\n")}\n`);
	}
	const child = startChild(
		inNamespace(namespace, [
			...(["unshare", "--mount", "--uts", "sh", "-euc"] as const),
			...[start, "sh", folder],
		]),
	);
	teardown.add(() => endAll(namespace));
	teardown.add(() => child.stop("SIGTERM"));
	const [, pid = ""] = await child.saying(/^libvirtd is (\d+)$/m);
	const inside = (command: Command): Command => [
		...(["nsenter", "--target", pid, "--mount", "--uts", "--net"] as const),
		...command,
	];
	const virsh = (...args: readonly string[]): Command =>
		inside(["env", "LC_ALL=C", "virsh", "-c", "qemu:///system", ...args]);
	await waitFor("libvirtd to answer", 30_000, async () => {
		const { exitCode } = await tryRun(virsh("list"));
		return exitCode === 0 ? true : undefined;
	});
	return { inside, virsh: (...args) => run(virsh(...args)) };
}

/** Ends what libvirtd leaves running by design: guests and DHCP servers of networks. */
async function endAll(namespace: string): Promise<void> {
	const list = async () =>
		(await run(["ip", "netns", "pids", namespace])).split("\n").filter(Boolean);
	for (const pid of await list()) {
		await tryRun(["kill", "-KILL", pid]);
	}
	await waitFor(`all in ${namespace} to end`, 10_000, async () =>
		(await list()).length === 0 ? true : undefined,
	);
}
