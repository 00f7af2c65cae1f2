import type { SafeText } from "../model/safe-text.js";
import type { Finding, NicPath, Topology } from "../model/topology.js";
import type { Listener } from "./services.js";
import { PortIndex } from "./wiring.js";

/** What findings are looked for in. */
export interface Facts
	extends Pick<
		Topology,
		"ports" | "networks" | "wayOut" | "gateways" | "domains" | "paths"
	> {
	/** Who waits at UDP port 67; null: not known. */
	readonly listeners: readonly Listener[] | null;
	readonly wirelessCards: readonly SafeText[];
	/** net.ipv4.ip_forward; null: not known. */
	readonly ipForward: string | null;
}

/** Facts with what most findings look up in them. */
export interface Grounds extends Facts {
	readonly index: PortIndex;
	/** Bridges that a path of a VM leads through, and those that have taps or an uplink. */
	readonly bridges: ReadonlySet<SafeText>;
	/** Paths by their tap. */
	readonly pathsByTap: ReadonlyMap<SafeText, NicPath>;
}

export function layGrounds(facts: Facts): Grounds {
	const index = new PortIndex(facts.ports);
	const named = [
		...facts.paths.flatMap(({ ports }) => ports),
		...facts.ports.flatMap(({ role, master }) =>
			(role === "uplink" || role === "tap") && master !== null ? [master] : [],
		),
	];
	const bridges = named.filter((name) => index.find(name)?.role === "bridge");
	const pathsByTap = new Map(
		facts.paths.flatMap((path) =>
			path.ports.slice(0, 1).map((tap) => [tap, path]),
		),
	);
	return { ...facts, index, bridges: new Set(bridges), pathsByTap };
}

/** The part of a path along which frames are bridged: a router may make them smaller. */
export function bridgedPart({
	ports,
	routedAfter,
}: NicPath): readonly SafeText[] {
	return routedAfter === null
		? ports
		: ports.slice(0, ports.indexOf(routedAfter) + 1);
}

/** Each finding once: many VMs may share the port that is mended. */
export function dropRepeats(findings: readonly Finding[]): Finding[] {
	const known = new Map(
		findings.map((finding) => [
			`${finding.id} ${finding.fix ?? finding.message}`,
			finding,
		]),
	);
	return [...known.values()];
}
