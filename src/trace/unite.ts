import type { Port } from "../model/port.js";

/**
 * Makes one group of two ports' groups, in place: those of the first stand before those of
 * the second. All ports of a group have the same list.
 *
 * @param groups by port; who is with nobody need not be there
 */
export function unite(groups: Map<Port, Port[]>, a: Port, b: Port): void {
	const group = groups.get(a) ?? [a];
	const other = groups.get(b) ?? [b];
	if (a === b || group === other) {
		return;
	}
	groups.set(a, group);
	for (const port of other) {
		group.push(port);
		groups.set(port, group);
	}
}
