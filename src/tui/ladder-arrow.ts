import type { Hop, Journey } from "../model/journey.js";
import { marks } from "../show/journey-text.js";
import { nameOf } from "../show/ladder-words.js";
import { formatElapsed } from "../show/units.js";
import { cellOf, type LadderPlan } from "./ladder-plan.js";
import type { Look } from "./look.js";
import { RowCanvas } from "./row-canvas.js";

/**
 * A message over the ports of a ladder: a mark where it was seen, an arrow from one to
 * the next with the time that took, and a mark where it should have been seen next.
 */
export function drawArrow(
	journey: Journey,
	selected: Hop | null,
	plan: LadderPlan,
	look: Look,
): string {
	const { hops, firstMissing, outcome } = journey;
	const canvas = new RowCanvas(plan.columns);
	for (const name of plan.ports) {
		canvas.put(cellOf(plan, name) ?? 0, "│", "quiet");
	}
	for (const [at, hop] of hops.entries()) {
		drawStep(canvas, plan, hops[at - 1], hop, hop === selected ? 2 : 1);
	}
	const missing = cellOf(plan, firstMissing);
	const last = hops.at(-1);
	if (firstMissing !== null && missing !== null) {
		const { mark, tone } = marks[outcome];
		const from = last === undefined ? null : cellOf(plan, nameOf(last));
		if (from !== null) {
			const begin = Math.min(from, missing);
			canvas.put(begin, "·".repeat(Math.abs(missing - from)), tone);
		}
		canvas.put(missing, mark, tone);
	}
	for (const hop of hops) {
		const cell = cellOf(plan, nameOf(hop));
		if (cell !== null) {
			canvas.put(cell, marks.delivered.mark, marks.delivered.tone);
		}
	}
	const chosen = selected === null ? null : cellOf(plan, nameOf(selected));
	if (chosen !== null) {
		canvas.put(chosen - 1, "[", "accent");
		canvas.put(chosen, marks.delivered.mark, "accent");
		canvas.put(chosen + 1, "]", "accent");
	}
	return canvas.toRow(look);
}

/**
 * The arrow from one port to the next, and the time it took where there is room.
 *
 * @param short how many cells before the port it ends
 */
function drawStep(
	canvas: RowCanvas,
	plan: LadderPlan,
	before: Hop | undefined,
	hop: Hop,
	short: number,
): void {
	const from = before === undefined ? null : cellOf(plan, nameOf(before));
	const to = cellOf(plan, nameOf(hop));
	if (before === undefined || from === null || to === null || from === to) {
		return;
	}
	const begin = Math.min(from, to) + 1;
	const room = Math.abs(to - from) - 1;
	canvas.put(begin, "─".repeat(room), null);
	const head = from < to ? to - short : to + short;
	canvas.put(head, from < to ? "→" : "←", null);
	const ns = hop.elapsedNs - before.elapsedNs;
	// A bridge's copy carries the stamp of the ingress: it has no time of its own.
	if (ns === 0) {
		return;
	}
	const tight = `${ns > 0 ? "+" : ""}${formatElapsed(ns)}`;
	const fitting = [` ${tight} `, tight];
	const label = fitting.find(
		(one, at) => one.length <= room - (at > 0 ? 2 * short : 4),
	);
	if (label !== undefined) {
		const at = begin + Math.floor((room - label.length) / 2);
		canvas.put(at, label, "quiet");
	}
}
