import type { PortRole } from "../model/port.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import type { Topology, TopologyPort } from "../model/topology.js";
import { chooseVm } from "./chosen-vm.js";
import { PortSelection } from "./port-selection.js";
import { listNames } from "./safe-template.js";

/** What the user asked to capture; all empty: whatever VMs are plugged into. */
export interface CaptureSelection {
	/** Names, UUIDs, MAC addresses, taps or IP addresses. */
	readonly vms: readonly string[];
	readonly bridges: readonly string[];
	readonly interfaces: readonly string[];
}

/** An interface to capture at. */
export interface CaptureChoice {
	readonly name: SafeText;
	/** ifindex */
	readonly index: number;
	/** Only a bridge needs it: its ports are promiscuous already. */
	readonly isPromiscuous: boolean;
	/** LINKTYPE_ number: 1 Ethernet, 101 raw IP. */
	readonly linkType: number;
}

/** What is to be captured, and why that cannot be done; one line each. */
export interface CapturePlan {
	/** In order of the index. */
	readonly ports: readonly CaptureChoice[];
	readonly problems: readonly string[];
}

/** LINKTYPE_ numbers by link_type: what has no Ethernet header is raw IP. */
const linkTypes: Readonly<Record<string, number>> = {
	ether: 1,
	none: 101,
	rawip: 101,
	ppp: 101,
};

/**
 * Chooses the interfaces to capture at:
 *
 * - nothing asked for: each bridge that VMs are plugged into with all its ports, what lies
 *   beneath its uplinks, what cables lead to, and the way out behind NAT;
 * - a VM: its taps and all of their paths. Of one that is off, the bridges it means;
 * - a bridge: it, its ports, what lies beneath them and what cables lead to;
 * - an interface: that one.
 *
 * The loopback interface never, nor what carries neither Ethernet nor IP.
 */
export function chooseCapturePorts(
	topology: Topology,
	{ vms, bridges, interfaces }: CaptureSelection,
): CapturePlan {
	const selection = new PortSelection(topology);
	const isOpen = vms.length + bridges.length + interfaces.length === 0;
	const problems = isOpen
		? chooseAll(selection, topology)
		: [
				...vms.flatMap((vm) => chooseVm(selection, topology, vm)),
				...bridges.flatMap((name) => chooseBridge(selection, topology, name)),
				...interfaces.flatMap((name) =>
					chooseInterface(selection, topology, name),
				),
			];
	const ports = selection.chosen.flatMap(toChoice);
	return { ports: ports.sort((a, b) => a.index - b.index), problems };
}

function toChoice(port: TopologyPort): CaptureChoice[] {
	const linkType = linkTypeOf(port);
	const { name, index, role } = port;
	const isPromiscuous = role === "bridge";
	return linkType === null ? [] : [{ name, index, isPromiscuous, linkType }];
}

/** Null: it cannot be captured, or it makes no sense to. */
function linkTypeOf({ linkType }: TopologyPort): number | null {
	return linkType === null ? 1 : (linkTypes[linkType] ?? null);
}

/**
 * A host whose VMs are all off is captured at the bridges that VMs and networks name, or
 * else at those that lead to the LAN: the taps are added as they come.
 */
function chooseAll(selection: PortSelection, topology: Topology): string[] {
	const { ports, domains, networks, paths } = topology;
	for (const path of paths) {
		selection.addPath(path.ports);
	}
	const inBridges = (wanted: PortRole) =>
		ports.flatMap(({ role, master }) =>
			role === wanted && master !== null ? [master] : [],
		);
	addBridges(selection, inBridges("tap"));
	if (selection.chosen.length === 0) {
		addBridges(selection, [
			...domains.flatMap(({ nics }) => nics.map(({ bridge }) => bridge)),
			...networks.map(({ bridge, isActive }) => (isActive ? bridge : null)),
		]);
	}
	if (selection.chosen.length === 0) {
		addBridges(selection, inBridges("uplink"));
	}
	return selection.chosen.length > 0
		? []
		: [
				"no VM is plugged into a bridge here, and no bridge leads to the LAN: name what to capture with --interface or --bridge",
			];
}

function addBridges(
	selection: PortSelection,
	bridges: readonly (SafeText | null)[],
): void {
	for (const bridge of new Set(bridges)) {
		if (selection.find(bridge)?.role === "bridge" && bridge !== null) {
			selection.addBridge(bridge);
			selection.addWayOut(bridge);
		}
	}
}

function chooseBridge(
	selection: PortSelection,
	{ ports }: Topology,
	name: string,
): string[] {
	const bridges = ports.filter(({ role }) => role === "bridge");
	const bridge = bridges.find((port) => port.name === makeSafe(name));
	if (bridge === undefined) {
		return [describeMissing("bridge", name, bridges)];
	}
	selection.addBridge(bridge.name);
	return [];
}

function chooseInterface(
	selection: PortSelection,
	{ ports }: Topology,
	name: string,
): string[] {
	const useful = ports.filter((port) => linkTypeOf(port) !== null);
	const port = ports.find((candidate) => candidate.name === makeSafe(name));
	if (port === undefined) {
		return [describeMissing("interface", name, useful)];
	}
	if (linkTypeOf(port) === null) {
		return [
			`${port.name} carries neither Ethernet nor IP of a VM (link type ${port.linkType}): there are ${listPorts(useful)}`,
		];
	}
	selection.add(port);
	return [];
}

function describeMissing(
	what: string,
	name: string,
	others: readonly TopologyPort[],
): string {
	return others.length === 0
		? `there is no ${what} ${makeSafe(name)}, nor any other one`
		: `there is no ${what} ${makeSafe(name)}: there ${others.length === 1 ? "is" : "are"} ${listPorts(others)}`;
}

function listPorts(ports: readonly TopologyPort[]): SafeText {
	return listNames(ports.map(({ name }) => name));
}
