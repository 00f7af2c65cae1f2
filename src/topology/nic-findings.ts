import { type Mac, zeroMac } from "../model/address.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import type { Domain, Finding, Nic } from "../model/topology.js";
import { bridgedPart, type Grounds } from "./finding.js";
import { listNames, safe, shellWord } from "./safe-template.js";

/** Kinds of NICs that have a tap in a bridge while their VM runs. */
const bridgedKinds = new Set(["bridge", "network"]);

/** What is wrong between a VM's NICs and the interfaces they should have. */
export function findNicFaults(grounds: Grounds): Finding[] {
	const running = grounds.domains.filter(({ isRunning }) => isRunning);
	return [
		...running.flatMap((domain) =>
			domain.nics.flatMap((nic) => [
				...judgeTap(grounds, domain, nic),
				...judgeLink(domain, nic),
			]),
		),
		...findSharedMacs(grounds, running),
	];
}

function judgeTap(grounds: Grounds, domain: Domain, nic: Nic): Finding[] {
	const { index, ports } = grounds;
	if (!bridgedKinds.has(nic.kind) || ports.length === 0) {
		return [];
	}
	const tap = index.find(nic.tap);
	if (tap === null) {
		return [describeMissingTap(domain, nic)];
	}
	const meant = findMeantBridge(grounds, nic);
	if (tap.master === null) {
		return [describeUnplugged(domain, tap.name, meant)];
	}
	return tap.isUp
		? judgeBridge(grounds, domain, tap.name, meant)
		: [describeDown(domain, tap.name)];
}

function describeUnplugged(
	{ name }: Domain,
	tap: SafeText,
	meant: SafeText | null,
): Finding {
	const port = shellWord(tap);
	return {
		id: "tap-not-in-bridge",
		message: safe`${tap} of ${name} is in no bridge; the VM is set to use ${meant ?? safe`a bridge`}`,
		isProblem: true,
		evidence: safe`ip -d link show dev ${port}`,
		fix:
			meant === null
				? null
				: safe`ip link set ${port} master ${shellWord(meant)}`,
		concerns: [tap, name],
	};
}

function describeDown({ name }: Domain, tap: SafeText): Finding {
	const port = shellWord(tap);
	return {
		id: "tap-down",
		message: safe`${tap} of ${name} is down`,
		isProblem: true,
		evidence: safe`ip -d link show dev ${port}`,
		fix: safe`ip link set ${port} up`,
		concerns: [tap, name],
	};
}

function describeMissingTap({ name }: Domain, { tap, mac }: Nic): Finding {
	const nic = makeSafe(mac ?? "without MAC address");
	return {
		id: "no-tap",
		message:
			tap === null
				? safe`the card ${nic} of ${name} has no interface on this host`
				: safe`there is no interface ${tap}, which ${name} is to have for its card ${nic}`,
		isProblem: true,
		evidence: safe`virsh domiflist ${shellWord(name)}; ip -br link`,
		fix: null,
		concerns: tap === null ? [name] : [tap, name],
	};
}

/** The bridge that a NIC is meant for, where that is a Linux bridge of this host. */
function findMeantBridge(
	{ index, networks }: Grounds,
	{ bridge, network, kind }: Nic,
): SafeText | null {
	const named =
		kind === "network"
			? networks.find(({ name }) => name === network)?.bridge
			: null;
	const meant = index.find(bridge ?? named ?? null);
	return meant?.role === "bridge" ? meant.name : null;
}

/** Between the tap and the bridge meant there may be another, as Proxmox's firewall has. */
function judgeBridge(
	{ pathsByTap }: Grounds,
	{ name }: Domain,
	tap: SafeText,
	meant: SafeText | null,
): Finding[] {
	const path = pathsByTap.get(tap);
	const [, bridge] = path?.ports ?? [];
	const isReached =
		meant === null ||
		path === undefined ||
		bridge === undefined ||
		bridgedPart(path).includes(meant);
	return isReached
		? []
		: [
				{
					id: "tap-in-other-bridge",
					message: safe`${tap} of ${name} is in ${bridge}; the VM is set to use ${meant}`,
					isProblem: true,
					evidence: safe`ip -br link show master ${shellWord(bridge)}`,
					fix: safe`ip link set ${shellWord(tap)} master ${shellWord(meant)}`,
					concerns: [tap, bridge, meant, name],
				},
			];
}

/** `virsh domif-setlink`: nothing of it shows on the host's tap. */
function judgeLink({ name, source }: Domain, { link, mac }: Nic): Finding[] {
	if (link !== "down" || mac === null) {
		return [];
	}
	const words = safe`${shellWord(name)} ${makeSafe(mac)}`;
	const isLibvirt = source === "libvirt";
	return [
		{
			id: "guest-link-down",
			message: safe`the card ${makeSafe(mac)} of ${name} is unplugged: its link is set to down`,
			isProblem: true,
			evidence: isLibvirt
				? safe`virsh domif-getlink ${words}`
				: safe`${source}`,
			fix: isLibvirt ? safe`virsh domif-setlink ${words} up` : null,
			concerns: [name],
		},
	];
}

/**
 * One address of two VMs that run. A VM with a card given to it and a virtio one that
 * stands in for it (`teaming`) has the address of both.
 */
function findSharedMacs(
	{ paths }: Grounds,
	running: readonly Domain[],
): Finding[] {
	const holders = new Map<Mac, Set<Domain>>();
	for (const domain of running) {
		for (const { mac } of domain.nics) {
			if (mac !== null && mac !== zeroMac) {
				holders.set(mac, (holders.get(mac) ?? new Set()).add(domain));
			}
		}
	}
	return [...holders].flatMap(([mac, domains]) => {
		const names = [...domains].map(({ name }) => name);
		if (names.length < 2) {
			return [];
		}
		const places = paths.filter((path) => path.mac === mac).map(bridgedPart);
		const [first = [], ...others] = places;
		const isShared = others.some((ports) =>
			ports.some((port) => first.includes(port)),
		);
		return [
			{
				id: "duplicate-mac",
				message: safe`${listNames(names)} have one MAC address, ${makeSafe(mac)}${makeSafe(isShared ? ", on one bridge" : "")}`,
				isProblem: isShared,
				evidence: safe`virsh domiflist ${shellWord(names[0] ?? makeSafe(""))}`,
				fix: null,
				concerns: names,
			},
		];
	});
}
