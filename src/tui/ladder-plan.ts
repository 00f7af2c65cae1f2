import type { Mac } from "../model/address.js";
import type { Hop, Journey } from "../model/journey.js";

/** Where the ports of a ladder stand. */
export interface LadderPlan {
	/** The VM's side first. */
	readonly ports: readonly string[];
	/** Cells from one port to the next. */
	readonly pitch: number;
	/** Cells of all of them. */
	readonly columns: number;
	/** Ports there is no room for. */
	readonly hidden: number;
}

/** A port needs room for its mark and an arrow; more than the widest looks empty. */
const pitches = { least: 5, most: 26 } as const;

/** Ports in the order of the paths, and as far from each other as there is room. */
export function planLadder(
	journeys: readonly Journey[],
	mac: Mac | null,
	columns: number,
): LadderPlan {
	const all = orderPorts(journeys, mac);
	const fitting = Math.max(1, Math.floor(columns / pitches.least));
	const ports = all.slice(0, fitting);
	const even = Math.floor(columns / Math.max(1, ports.length));
	const pitch = Math.max(pitches.least, Math.min(pitches.most, even));
	return {
		ports,
		pitch,
		columns: pitch * ports.length,
		hidden: all.length - ports.length,
	};
}

/** The cell of a port; null: it has none. */
export function cellOf(
	{ ports, pitch }: LadderPlan,
	name: string | null,
): number | null {
	const index = ports.indexOf(name ?? unnamed);
	return index < 0 ? null : Math.floor(pitch / 2) + index * pitch;
}

/** Captures that do not tell interfaces apart (SLL) have hops without a name. */
export const unnamed = "unnamed";

/** Name of a hop's port. */
export function nameOf(hop: Hop): string {
	return hop.interface ?? unnamed;
}

/** Whether the VM itself sent it. */
export function isOwn(journey: Journey, mac: Mac | null): boolean {
	return journey.source === "vm" && (mac === null || journey.mac === mac);
}

function orderPorts(journeys: readonly Journey[], mac: Mac | null): string[] {
	const ports: string[] = [];
	for (const journey of journeys) {
		let at = -1;
		for (const name of pathOf(journey, isOwn(journey, mac))) {
			if (!ports.includes(name)) {
				ports.splice(at + 1, 0, name);
			}
			at = ports.indexOf(name);
		}
	}
	return ports;
}

function pathOf(journey: Journey, isOutwards: boolean): string[] {
	const { hops, expected, firstMissing } = journey;
	const seen = hops.map(nameOf);
	const names: readonly string[] = expected;
	const path = seen.every((name) => names.includes(name))
		? [...names]
		: [...seen, ...(firstMissing === null ? [] : [firstMissing])];
	const once = path.filter((name, at) => path.indexOf(name) === at);
	return isOutwards ? once : once.reverse();
}
