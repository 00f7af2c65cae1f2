import { makeSafe } from "../model/safe-text.js";
import { asRoot, type Check, type DoctorFacts, quote } from "./doctor-facts.js";
import { wantedBuffer } from "./doctor-probe.js";

const oldestNode = [20, 12] as const;

/** Whether this is a machine frames can be captured on, and what of it decides that. */
export function checkMachine(facts: DoctorFacts): readonly Check[] {
	return [checkSystem(facts), checkNode(facts)];
}

/** Whether frames can be captured, and how well. */
export function checkCapture(facts: DoctorFacts): readonly Check[] {
	return [
		checkKoffi(facts),
		checkPacketSocket(facts),
		checkBuffer(facts),
		checkCap(facts),
		checkLibpcap(facts),
	];
}

function checkSystem({ host }: DoctorFacts): Check {
	const { system, release, machine } = host;
	const isLinux = system === "Linux";
	const found = makeSafe(`${system} ${release}, ${machine}`);
	return {
		name: "system",
		status: isLinux ? "ok" : "failure",
		found: isLinux ? found : `${found}: frames are captured on Linux only`,
		fix: isLinux ? null : "run vmpath on the KVM host",
		note: null,
	};
}

function checkNode({ nodeVersion }: DoctorFacts): Check {
	const [major = 0, minor = 0] = nodeVersion
		.replace("v", "")
		.split(".")
		.map(Number);
	const [leastMajor, leastMinor] = oldestNode;
	const isNew =
		major > leastMajor || (major === leastMajor && minor >= leastMinor);
	return {
		name: "node",
		status: isNew ? "ok" : "failure",
		found: makeSafe(nodeVersion),
		fix: isNew ? null : `install Node ${oldestNode.join(".")} or later`,
		note: null,
	};
}

/** Frames come by the other engine where this one has no way. */
function hasOtherEngine({ host, capture }: DoctorFacts): boolean {
	return capture.cap === null && host.capabilities.netRaw;
}

function checkKoffi(facts: DoctorFacts): Check {
	const { koffi } = facts.capture;
	if (koffi === null) {
		return ok("koffi", "loads");
	}
	return {
		name: "koffi",
		status: hasOtherEngine(facts) ? "warning" : "failure",
		found: makeSafe(koffi),
		fix: "npm install --include=optional",
		note: null,
	};
}

function checkPacketSocket(facts: DoctorFacts): Check {
	const { host, capture } = facts;
	const name = "packet socket";
	if (capture.packetSocket === null) {
		return ok(name, "can be opened, and made promiscuous");
	}
	const status = hasOtherEngine(facts) ? "warning" : "failure";
	if (capture.koffi !== null) {
		const found = "not tried, because koffi does not load";
		return { name, status, found, fix: null, note: null };
	}
	if (host.capabilities.netRaw) {
		const found = makeSafe(capture.packetSocket);
		return { name, status, found, fix: null, note: null };
	}
	const found = host.isRoot
		? "refused: this root has no CAP_NET_RAW, as in a container"
		: "refused: capturing needs root, or CAP_NET_RAW";
	return { name, status, found, ...wayToCapture(facts) };
}

/** How to get the right to capture. */
function wayToCapture(facts: DoctorFacts): Pick<Check, "fix" | "note"> {
	if (facts.host.isRoot) {
		return {
			fix: "run vmpath on the host itself, or give the container CAP_NET_RAW and the host's network",
			note: null,
		};
	}
	const node = quote(facts.nodePath);
	const program = quote(facts.programPath);
	const grant = asRoot(
		facts,
		"setcap cap_net_raw,cap_net_admin+ep ~/vmpath-node",
	);
	return {
		fix: asRoot(facts, `${node} ${program} watch`),
		note: `or, without root each time, a copy of node that may capture: install -m 700 ${node} ~/vmpath-node && ${grant}, then ~/vmpath-node ${program} watch. Never do that to ${node} itself: every script anyone runs with it could read and change the network`,
	};
}

function checkBuffer(facts: DoctorFacts): Check {
	const { capabilities, rmemMax } = facts.host;
	const name = "receive buffer";
	const wanted = formatBytes(wantedBuffer);
	if (capabilities.netAdmin) {
		return ok(
			name,
			`${wanted} a port: CAP_NET_ADMIN may have what it asks for`,
		);
	}
	if (rmemMax !== null && rmemMax >= wantedBuffer) {
		return ok(name, `${wanted} a port: net.core.rmem_max allows it`);
	}
	const limit = rmemMax === null ? "unknown" : formatBytes(rmemMax);
	return {
		name,
		status: "warning",
		found: `limited to ${limit} a port by net.core.rmem_max: bursts can be lost, which is counted and told`,
		fix: asRoot(facts, `sysctl -w net.core.rmem_max=${wantedBuffer}`),
		note: null,
	};
}

function checkCap({ capture }: DoctorFacts): Check {
	return ok(
		"package cap",
		capture.cap === null
			? "installed: --engine cap can be used"
			: "not installed, and not needed: --engine cap cannot be used",
	);
}

function checkLibpcap(facts: DoctorFacts): Check {
	const { capture, host } = facts;
	const name = "libpcap";
	if (capture.libpcap === null) {
		return ok(name, "compiles what --filter says");
	}
	if (capture.koffi !== null) {
		const found = "not tried, because koffi does not load";
		return { name, status: "warning", found, fix: null, note: null };
	}
	return {
		name,
		status: "warning",
		found: "not installed: --filter cannot be used",
		fix:
			host.libpcapFix === null
				? "install libpcap"
				: asRoot(facts, host.libpcapFix),
		note: null,
	};
}

function ok(name: string, found: string): Check {
	return { name, status: "ok", found, fix: null, note: null };
}

function formatBytes(bytes: number): string {
	const kibibytes = Math.floor(bytes / 1024);
	return kibibytes >= 1024
		? `${Math.floor(kibibytes / 1024)} MiB`
		: `${kibibytes} KiB`;
}
