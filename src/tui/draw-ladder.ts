import type { Mac } from "../model/address.js";
import { elapsedNs } from "../model/capture.js";
import type { Hop, Journey } from "../model/journey.js";
import { cutMiddle, widthOf } from "../show/cell-width.js";
import { marks } from "../show/journey-text.js";
import { labelOf } from "../show/ladder-words.js";
import {
	formatCount,
	formatDay,
	formatElapsed,
	formatTimeOfDay,
} from "../show/units.js";
import { fit } from "./cells.js";
import { drawArrow } from "./ladder-arrow.js";
import { type LadderPlan, planLadder } from "./ladder-plan.js";
import type { Look } from "./look.js";

/** Rows of a ladder; of more, those in the middle are counted. */
const rowLimit = 40;
const timeColumns = 12;
/** From here on the time since the message before is told. */
const stepFrom = 104;
const stepColumns = 9;

/** What is drawn as a ladder. */
export interface Ladder {
	readonly journeys: readonly Journey[];
	/** Of the VM: what it sent goes from left to right. */
	readonly mac: Mac | null;
	/** The message and the hop of it that are selected; null: none. */
	readonly selected: { readonly journey: number; readonly hop: Hop } | null;
}

interface Grid {
	readonly plan: LadderPlan;
	readonly label: number;
	readonly hasStep: boolean;
}

/**
 * The messages of an exchange, each as an arrow over the ports that saw it, with the time
 * from port to port; where it stopped there is a mark.
 */
export function drawLadder(
	ladder: Ladder,
	columns: number,
	look: Look,
): string[] {
	const { journeys, mac } = ladder;
	const hasStep = columns >= stepFrom;
	const labels = journeys.map((one) => widthOf(labelOf(one)));
	const label = Math.min(17, Math.max(8, ...labels));
	const left = 5 + timeColumns + 2 + label + (hasStep ? stepColumns + 2 : 0);
	const plan = planLadder(journeys, mac, columns - left);
	const grid = { plan, label, hasStep };
	const [first] = journeys;
	return [
		drawPorts(first, grid, look),
		...drawMessages(ladder, grid, look),
		...(plan.hidden === 0
			? []
			: [
					look.paint(
						"unsure",
						`   no room for ${formatCount(plan.hidden, "port")} more`,
					),
				]),
	];
}

function drawPorts(first: Journey | undefined, grid: Grid, look: Look): string {
	const { plan, label, hasStep } = grid;
	const begun = first?.hops[0]?.time;
	const day = begun === undefined ? "" : formatDay(begun);
	const names = plan.ports.map((name) => {
		const shown = cutMiddle(name, plan.pitch - 1);
		const space = Math.max(
			0,
			Math.floor(plan.pitch / 2) - Math.floor(widthOf(shown) / 2),
		);
		return fit(" ".repeat(space) + shown, plan.pitch);
	});
	const step = hasStep ? `${fit("AFTER", stepColumns)}  ` : "";
	const head = `   ${fit(day, timeColumns)}  ${step}${fit("MESSAGE", label)}  `;
	return look.paint("quiet", (head + names.join("")).trimEnd());
}

function drawMessage(
	before: Journey | undefined,
	journey: Journey,
	{ selected }: Ladder,
	{ plan, label, hasStep }: Grid,
	look: Look,
): string {
	const { mark, tone } = marks[journey.outcome];
	const [first] = journey.hops;
	const own = selected?.journey === journey.id ? selected : null;
	const time = fit(
		first ? formatTimeOfDay(first.time) : "no time",
		timeColumns,
	);
	const text = fit(labelOf(journey), label);
	const since = before?.hops[0]?.time;
	const ns = first && since ? elapsedNs(since, first.time) : null;
	const after = ns === null ? "" : `${ns < 0 ? "" : "+"}${formatElapsed(ns)}`;
	return [
		` ${own ? look.paint("accent", "▸") : " "}${look.paint(tone, mark)} `,
		`${look.paint("quiet", time.slice(0, timeColumns))}  `,
		hasStep ? `${fit(after, stepColumns)}  ` : "",
		`${own ? look.paint("strong", text) : text}  `,
		drawArrow(journey, own?.hop ?? null, plan, look),
	].join("");
}

/** The first and the last messages, and the one that is selected; others are counted. */
function drawMessages(ladder: Ladder, grid: Grid, look: Look): string[] {
	const { journeys, selected } = ladder;
	const half = rowLimit / 2;
	const lines: string[] = [];
	let left = 0;
	const tell = () => {
		if (left > 0) {
			const text = `   … ${formatCount(left, "more message")}`;
			lines.push(look.paint("quiet", text));
		}
		left = 0;
	};
	for (const [at, journey] of journeys.entries()) {
		const isEnd = at < half || at >= journeys.length - half;
		if (isEnd || journey.id === selected?.journey) {
			tell();
			lines.push(drawMessage(journeys[at - 1], journey, ladder, grid, look));
		} else {
			left += 1;
		}
	}
	return lines;
}
