import { readFileSync } from "node:fs";
import type { Gap } from "../model/host-document.js";
import { type HostOptions, locate } from "./host-options.js";

type Family = "debian" | "redhat" | "suse" | "arch" | "alpine";

const installers: Readonly<Record<Family, string>> = {
	debian: "apt install",
	redhat: "dnf install",
	suse: "zypper install",
	arch: "pacman -S",
	alpine: "apk add",
};

/** Packages by tool: what most distributions call it, and those that differ. */
const packages: Readonly<
	Record<string, Partial<Record<Family, string>> & { readonly other: string }>
> = {
	virsh: {
		other: "libvirt-client",
		debian: "libvirt-clients",
		arch: "libvirt",
	},
	ip: { other: "iproute2", redhat: "iproute" },
	bridge: { other: "iproute2", redhat: "iproute" },
	ss: { other: "iproute2", redhat: "iproute" },
	nft: { other: "nftables" },
	"iptables-save": { other: "iptables" },
	libpcap: { other: "libpcap", debian: "libpcap0.8", suse: "libpcap1" },
};

/** The program is not there: says which package has it, on this distribution. */
export function missingTool(program: string, options: HostOptions): Gap {
	const name = packages[program];
	const family = findFamily(options);
	const fix =
		name && family
			? `${installers[family]} ${name[family] ?? name.other}`
			: name
				? `install ${name.other}`
				: null;
	return { reason: `${program} is not installed`, fix };
}

/** What is refused to an ordinary user. */
export function refused(): Gap {
	return { reason: "permission denied", fix: "run as root" };
}

/** A file that cannot be read, by its error code; null: it is not there. */
export function gapOfFile(error: unknown): Gap | null {
	const code =
		error instanceof Error && "code" in error ? String(error.code) : "";
	if (code === "ENOENT" || code === "ENOTDIR" || code === "ESRCH") {
		return null;
	}
	return code === "EACCES" || code === "EPERM"
		? refused()
		: { reason: `cannot be read: ${code || "unknown error"}`, fix: null };
}

/** From os-release(5): ID, and ID_LIKE where the distribution derives from another. */
function findFamily(options: HostOptions): Family | null {
	let text = "";
	try {
		text = readFileSync(locate("/etc/os-release", options), "utf8");
	} catch {
		return null;
	}
	const ids = [...text.matchAll(/^ID(?:_LIKE)?=(.*)$/gm)]
		.map((match) => match[1] ?? "")
		.join(" ");
	const families: readonly (readonly [RegExp, Family])[] = [
		[/debian|ubuntu/, "debian"],
		[/rhel|fedora|centos|rocky|almalinux/, "redhat"],
		[/suse/, "suse"],
		[/arch/, "arch"],
		[/alpine/, "alpine"],
	];
	return families.find(([pattern]) => pattern.test(ids))?.[1] ?? null;
}
