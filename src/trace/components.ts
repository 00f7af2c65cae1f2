import type { SafeText } from "../model/safe-text.js";
import type { TopologyPort } from "../model/topology.js";

/**
 * Numbers the parts of the host that frames can get between without being routed: ports
 * and their bridges or bonds, what lies upon what, the two ends of a cable.
 */
export function findComponents(
	ports: readonly TopologyPort[],
): Map<SafeText, number> {
	const neighbours = new Map<SafeText, SafeText[]>();
	for (const { name, master, link, peer } of ports) {
		for (const other of [master, link, peer]) {
			if (other !== null) {
				join(neighbours, name, other);
				join(neighbours, other, name);
			}
		}
	}
	const components = new Map<SafeText, number>();
	for (const [index, { name }] of ports.entries()) {
		const waiting = [name];
		for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
			if (!components.has(at)) {
				components.set(at, index);
				waiting.push(...(neighbours.get(at) ?? []));
			}
		}
	}
	return components;
}

function join(
	neighbours: Map<SafeText, SafeText[]>,
	name: SafeText,
	other: SafeText,
): void {
	const others = neighbours.get(name) ?? [];
	others.push(other);
	neighbours.set(name, others);
}
