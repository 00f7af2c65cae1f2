import type { Journey } from "../model/journey.js";
import { cut } from "../show/cell-width.js";
import { fit } from "./cells.js";
import type { Look } from "./look.js";
import { type Brush, type CellDrawer, cellDrawers } from "./path-cells.js";
import {
	type Bands,
	describeEnd,
	layOutColumns,
	marginColumns,
	type PathStop,
} from "./path-columns.js";
import { type Light, toLight } from "./path-light.js";
import type { World } from "./world.js";

/** How much of a path is drawn: three rows of counts, one, or none. */
export type Density = "full" | "compact" | "tiny";

const rowsOf: Readonly<Record<Density, number>> = {
	full: 7,
	compact: 4,
	tiny: 2,
};

/** What the picture of a path is made of, and how high it is. */
export interface PathPlan {
	readonly bands: Bands;
	readonly density: Density;
	readonly rows: number;
}

/** Lays out the path of the chosen VM; null: none is known. */
export function planPath(
	world: World,
	columns: number,
	density: Density,
): PathPlan | null {
	const { path } = world;
	if (path === null) {
		return null;
	}
	const bands = layOutColumns(path, columns, wordForRouting(world));
	const shorter = { full: "compact", compact: "tiny", tiny: "tiny" } as const;
	const fitting = bands.length === 1 ? density : shorter[density];
	return { bands, density: fitting, rows: bands.length * rowsOf[fitting] };
}

/** By libvirt's word for the network, or by the frames; of others it is only known that they route. */
function wordForRouting({ path, topology }: World): string {
	const network = topology?.networks.find(
		({ bridge }) => bridge !== null && bridge === path?.routedAfter,
	);
	return network?.forward === "nat" || path?.isTranslated ? "NAT" : "routed";
}

/** The rows of a path, the hops of a frame lit up. */
export function drawPath(
	world: World,
	plan: PathPlan,
	journey: Journey | null,
	columns: number,
	look: Look,
): string[] {
	const { path } = world;
	if (path === null) {
		return [];
	}
	const ports = path.ports.map(({ name }) => name as string);
	const light = toLight(journey, ports);
	const state = world.vms.find(({ name }) => name === path.vm)?.state;
	const gateway = describeEnd(path);
	const brush = { look, light, state: state ?? "", gateway };
	return plan.bands.flatMap((band) =>
		rowsFor(plan.density, light).map((draw) =>
			drawRow(band, draw, columns, brush),
		),
	);
}

function rowsFor(density: Density, { hops }: Light): readonly CellDrawer[] {
	const { name, state, dhcp, arp, icmp, counts, latency, frame } = cellDrawers;
	switch (density) {
		case "full":
			return [name, state, dhcp, arp, icmp, latency, frame];
		case "compact":
			return [name, state, counts, hops.size > 0 ? frame : latency];
		case "tiny":
			return [name, hops.size > 0 ? frame : state];
	}
}

function drawRow(
	band: readonly PathStop[],
	draw: CellDrawer,
	columns: number,
	brush: Brush,
): string {
	const cells = band.map((stop, index) =>
		fit(draw(stop, brush, band[index + 1] ?? null), stop.width),
	);
	return cut(" ".repeat(marginColumns) + cells.join(""), columns).trimEnd();
}
