import { execa } from "execa";

const tools = [
	...["ip", "nft", "ethtool", "busybox", "dnsmasq"],
	...["tcpdump", "dumpcap", "tshark", "unshare"],
];

/** Says why no lab can be built here, or null when one can. */
export async function findObstacle(): Promise<string | null> {
	if (process.getuid?.() !== 0) {
		return "the lab needs root: it makes network namespaces";
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
	return missing.length > 0 ? `the lab needs ${missing.join(", ")}` : null;
}
