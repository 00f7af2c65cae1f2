import type { SafeText } from "../model/safe-text.js";
import type { Topology } from "../model/topology.js";

/**
 * Bridges of which no port leads out of the host, by what it says of itself: those of
 * networks that the host itself leads out of, if anything does, and those of taps alone.
 */
export function findClosedBridges({
	ports,
	networks,
}: Topology): ReadonlySet<SafeText> {
	const closed = new Set(
		networks
			.filter(({ forward }) => `${forward}` !== "bridge")
			.flatMap(({ bridge }) => bridge ?? []),
	);
	for (const { name } of ports.filter(({ role }) => role === "bridge")) {
		const own = ports.filter(({ master }) => master === name);
		if (own.length > 0 && own.every(({ role }) => role === "tap")) {
			closed.add(name);
		}
	}
	return closed;
}
