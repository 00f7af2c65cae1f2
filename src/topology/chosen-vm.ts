import { parseMac } from "../model/address.js";
import { makeSafe } from "../model/safe-text.js";
import type { Domain, Nic, Topology, TopologyPort } from "../model/topology.js";
import { parseIpv4 } from "./ipv4.js";
import type { PortSelection } from "./port-selection.js";
import { inferRole } from "./roles.js";
import { listNames } from "./safe-template.js";

/** Adds a VM's taps and paths; returns why that cannot be done, in one line. */
export function chooseVm(
	selection: PortSelection,
	topology: Topology,
	vm: string,
): string[] {
	const found = findNics(topology, vm);
	const taps = found.flatMap(({ nic }) => selection.find(nic.tap) ?? []);
	const named = selection.find(makeSafe(vm));
	const isTap = named !== null && isTapLike(named) && found.length === 0;
	for (const tap of isTap && named ? [named] : taps) {
		selection.add(tap);
		const path = topology.paths.find(({ ports }) => ports[0] === tap.name);
		if (path !== undefined) {
			selection.addPath(path.ports);
		} else if (tap.master !== null) {
			selection.addWayOut(tap.master);
		}
	}
	if (isTap || taps.length > 0) {
		return [];
	}
	return found.length === 0
		? [describeUnknown(topology, vm)]
		: chooseMeant(selection, topology, found);
}

/** A tap, or what is called as one and is plugged in nowhere: a VM's all the same. */
export function isTapLike({ name, role, master }: TopologyPort): boolean {
	const isUnplugged = role === "unknown" && master === null;
	return role === "tap" || (isUnplugged && inferRole(name) === "tap");
}

/** A NIC, and whose it is. */
export interface FoundNic {
	readonly domain: Domain;
	readonly nic: Nic;
}

/** All NICs of a VM by its name or UUID; the one NIC by address or tap. */
export function findNics(topology: Topology, vm: string): FoundNic[] {
	const name = makeSafe(vm);
	const all = topology.domains.flatMap((domain) =>
		domain.nics.map((nic) => ({ domain, nic })),
	);
	const byName = all.filter(
		({ domain }) =>
			domain.name === name || domain.uuid?.toLowerCase() === vm.toLowerCase(),
	);
	if (byName.length > 0) {
		return byName;
	}
	const address = parseIpv4(vm);
	const holders = topology.addresses.filter((held) => held.address === address);
	const macs = [parseMac(vm), ...holders.map(({ mac }) => mac)];
	return all.filter(
		({ nic }) =>
			(nic.tap !== null && nic.tap === name) ||
			(nic.mac !== null && macs.includes(nic.mac)),
	);
}

/** A VM that is off gets its taps when it starts: until then, where it will be. */
function chooseMeant(
	selection: PortSelection,
	{ networks, paths }: Topology,
	found: readonly FoundNic[],
): string[] {
	const bridges = found.flatMap(({ nic }) => {
		const network = networks.find(({ name }) => name === nic.network);
		return selection.find(nic.bridge ?? network?.bridge ?? null) ?? [];
	});
	for (const bridge of bridges) {
		selection.add(bridge);
		selection.addWayOut(bridge.name);
	}
	const [first] = found;
	if (bridges.length > 0 || first === undefined) {
		return [];
	}
	const { domain, nic } = first;
	const path = paths.find(
		(candidate) =>
			candidate.domain === domain.name && candidate.mac === nic.mac,
	);
	const why =
		path?.reason ?? (domain.isRunning ? "it has no tap" : domain.state);
	return [`nothing of VM ${domain.name} can be captured here: ${why}`];
}

/** Why a VM is not found: what there is instead; one line. */
export function describeUnknown(
	{ domains, ports }: Topology,
	vm: string,
): string {
	const names = domains.map(({ name }) => name);
	if (names.includes(makeSafe(vm))) {
		return `VM ${makeSafe(vm)} has no network card`;
	}
	if (names.length > 0) {
		return `there is no VM ${makeSafe(vm)}: there ${names.length === 1 ? "is" : "are"} ${listNames(names)}`;
	}
	const taps = ports.filter(isTapLike).map(({ name }) => name);
	const instead =
		taps.length === 0
			? "and there is no tap"
			: `name it by its tap: ${listNames(taps)}`;
	return `there is no VM ${makeSafe(vm)}: nobody names the VMs of this host (\`vmpath topology\` says why), ${instead}`;
}
