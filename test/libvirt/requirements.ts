import { execa } from "execa";

const tools = [
	...["ip", "ethtool", "dnsmasq", "busybox", "unshare", "nsenter"],
	...["libvirtd", "virsh", "qemu-system-x86_64", "iptables", "nft"],
	...["brctl", "bridge", "depmod", "modprobe", "cpio", "dpkg-deb"],
];

/** Says why no libvirt host can be built here, or null when one can. */
export async function findObstacle(): Promise<string | null> {
	if (process.getuid?.() !== 0) {
		return "a libvirt host needs root: it makes network namespaces";
	}
	const missing: string[] = [];
	for (const tool of tools) {
		const { code } = await execa(tool, ["--version"], {
			reject: false,
			stdin: "ignore",
			cleanup: false,
		});
		if (code === "ENOENT") {
			missing.push(tool);
		}
	}
	return missing.length > 0
		? `a libvirt host needs ${missing.join(", ")}`
		: null;
}
