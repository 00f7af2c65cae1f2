import type { SafeText } from "../model/safe-text.js";
import type {
	Nic,
	NicKind,
	Topology,
	TopologyPort,
} from "../model/topology.js";

/** Kinds of NICs that have a tap in a bridge while their VM runs. */
const bridgedKinds: ReadonlySet<NicKind> = new Set(["bridge", "network"]);

/**
 * Taps of running VMs that are in no bridge, and the bridge of this host that their VM is
 * set to use. A tap that something lies upon, or whose bridge is not known, is none.
 */
export function findUnplugged({
	ports,
	domains,
	networks,
}: Topology): ReadonlyMap<SafeText, SafeText> {
	const byName = new Map(ports.map((port) => [port.name, port]));
	const lower = new Set(ports.flatMap(({ link }) => link ?? []));
	const unplugged = new Map<SafeText, SafeText>();
	const findMeant = ({ kind, bridge, network }: Nic) => {
		const named = networks.find(({ name }) => name === network)?.bridge;
		const meant = bridge ?? (kind === "network" ? named : null) ?? null;
		return meant === null ? undefined : byName.get(meant);
	};
	for (const { isRunning, nics } of domains) {
		for (const nic of nics) {
			const tap = nic.tap === null ? undefined : byName.get(nic.tap);
			const bridge = findMeant(nic);
			const isFree =
				tap?.role === "tap" &&
				tap.master === null &&
				tap.link === null &&
				!lower.has(tap.name);
			if (
				isRunning &&
				bridgedKinds.has(nic.kind) &&
				isFree &&
				bridge?.role === "bridge"
			) {
				unplugged.set(tap.name, bridge.name);
			}
		}
	}
	return unplugged;
}

/**
 * Whether an interface was given an IP address. A link-local one the kernel gives to
 * whatever is in no bridge.
 */
export function hasAddress({ addresses }: TopologyPort): boolean {
	return addresses.some(({ address }) => !address.startsWith("fe80:"));
}
