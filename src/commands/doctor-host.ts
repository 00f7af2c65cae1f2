import type { BridgePortFact, ToolFact } from "../host/doctor-facts.js";
import type { Gap } from "../model/host-document.js";
import { makeSafe } from "../model/safe-text.js";
import { inferRole } from "../topology/roles.js";
import { asRoot, type Check, type DoctorFacts } from "./doctor-facts.js";

/** What each tool is for: what is not known without it. */
const uses: Readonly<Record<string, string>> = {
	ip: "which interfaces there are",
	bridge: "where a bridge forwards to, and its VLANs",
	virsh: "which VM a tap belongs to",
	nft: "which rule of nftables drops a frame",
	"iptables-save": "which rule of iptables drops a frame",
};

/** More names than these are counted only. */
const namesLimit = 6;

/** What the host tells of itself: less of it, and less can be said of a frame. */
export function checkHost(facts: DoctorFacts): readonly Check[] {
	const { tools } = facts.host;
	return [
		...tools.map((tool) => checkTool(tool, facts)),
		checkLibvirt(facts),
		checkBridges(facts),
		checkBridgeNetfilter(facts),
	];
}

function checkTool(
	{ name, version, gap }: ToolFact,
	facts: DoctorFacts,
): Check {
	if (gap === null) {
		return { name, status: "ok", found: makeSafe(version), ...noFix };
	}
	const hasNft = facts.host.tools.some(
		(tool) => tool.name === "nft" && tool.gap === null,
	);
	if (name === "iptables-save" && hasNft) {
		const found = `${makeSafe(gap.reason)}: nft lists the rules of iptables-nft too`;
		return { name, status: "ok", found, ...noFix };
	}
	return {
		name,
		status: name === "ip" ? "failure" : "warning",
		found: `${makeSafe(gap.reason)}: it tells ${uses[name] ?? "more"}`,
		...fixOf(gap, facts),
	};
}

function checkLibvirt(facts: DoctorFacts): Check {
	const { uri, running, gap } = facts.host.libvirt;
	const name = "libvirt";
	if (gap !== null) {
		const isMissing = facts.host.tools.some(
			(tool) => tool.name === "virsh" && tool.gap !== null,
		);
		const found = isMissing
			? "cannot be asked without virsh"
			: `${makeSafe(gap.reason)}: VMs are told by their MAC addresses only`;
		return {
			name,
			status: "warning",
			found,
			...(isMissing ? noFix : fixOf(gap, facts)),
		};
	}
	const vms =
		running.length === 0
			? "no VM is running"
			: `running: ${listNames(running)}`;
	return { name, status: "ok", found: `${makeSafe(uri)}, ${vms}`, ...noFix };
}

function checkBridges(facts: DoctorFacts): Check {
	const { bridgePorts, bridgeGap } = facts.host;
	const name = "VM taps";
	if (bridgeGap !== null) {
		const found = `unknown: ${makeSafe(bridgeGap.reason)}`;
		return { name, status: "warning", found, ...noFix };
	}
	const taps = bridgePorts.filter(isTap);
	const bridges = [...new Set(taps.map(({ bridge }) => bridge))];
	if (bridges.length === 0) {
		const found = "no bridge has the tap of a VM: is a VM running?";
		const fix = "virsh list --all";
		return { name, status: "warning", found, fix, note: null };
	}
	const found = bridges.map((bridge) => {
		const names = taps.filter((tap) => tap.bridge === bridge);
		return `${makeSafe(bridge)}: ${listNames(names.map((tap) => tap.name))}`;
	});
	return { name, status: "ok", found: found.join("; "), ...noFix };
}

/** A common cause of lost frames, and nothing that is in the way of seeing them. */
function checkBridgeNetfilter(facts: DoctorFacts): Check {
	const { callsIptables, tools } = facts.host;
	const name = "bridged frames";
	if (callsIptables !== true) {
		const found = "pass the rules of the bridge family only";
		return { name, status: "ok", found, ...noFix };
	}
	const hasIptables = tools.some(
		(tool) => tool.name === "iptables-save" && tool.gap === null,
	);
	const off = asRoot(facts, "sysctl -w net.bridge.bridge-nf-call-iptables=0");
	return {
		name,
		status: "warning",
		found:
			"iptables' FORWARD rules apply to bridged frames (bridge-nf-call-iptables = 1): those that Docker or a firewall sets can drop what VMs send and get",
		fix: asRoot(
			facts,
			hasIptables ? "iptables -S FORWARD" : "nft list ruleset",
		),
		note: `shows the rules. Where they drop frames of VMs: ${off} (and in /etc/sysctl.d, to keep it), unless Kubernetes or a libvirt nwfilter needs it`,
	};
}

/** `tun` is the kernel's word for taps; in a container they may be veths named so. */
function isTap({ name, kind }: BridgePortFact): boolean {
	return kind === "tun" || inferRole(name) === "tap";
}

const noFix = { fix: null, note: null } as const;

/** Packages are installed by root, and daemons started; what is no command is a note. */
function fixOf({ fix }: Gap, facts: DoctorFacts): Pick<Check, "fix" | "note"> {
	const [, command, aside] = /^(.*?)(?: \((.*)\))?$/.exec(fix ?? "") ?? [];
	if (!command) {
		return noFix;
	}
	const isForRoot = /^(\w+ (install|add|-S)|systemctl) /.test(command);
	return {
		fix: isForRoot ? asRoot(facts, command) : command,
		note: aside ?? null,
	};
}

function listNames(names: readonly string[]): string {
	const shown = names.slice(0, namesLimit).map((name) => makeSafe(name));
	const more = names.length - shown.length;
	return shown.join(", ") + (more > 0 ? ` and ${more} more` : "");
}
