import type { Mac } from "../model/address.js";
import type { Journey } from "../model/journey.js";
import { orderPorts, unnamed } from "../show/ladder-words.js";

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
