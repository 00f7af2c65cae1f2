import type { Exchange } from "../model/exchange.js";
import type { Hop, Journey } from "../model/journey.js";
import { cut, widthOf } from "../show/cell-width.js";
import { exchangeToText } from "../show/exchange-text.js";
import { journeyToText } from "../show/journey-text.js";
import { labelOf, nameOf } from "../show/ladder-words.js";
import { formatDay } from "../show/units.js";
import { drawFrame, tellNotKept } from "./draw-fields.js";
import { drawHops } from "./draw-hops.js";
import { drawLadder } from "./draw-ladder.js";
import { drawCauses, drawFacts, drawOutcome } from "./exchange-facts.js";
import type { Look } from "./look.js";
import { drawSection, hang } from "./page-lines.js";
import { hopsOf, selectedRow } from "./selected-frame.js";
import type { View } from "./view.js";
import type { Details, ListRow, World } from "./world.js";

/**
 * All of what is selected: the ladder of its exchange over the ports, what became of it
 * and why, the hops of the selected message, and the frame at the selected hop with its
 * fields and bytes.
 */
export function drawDetails(
	world: World,
	view: View,
	details: Details,
	columns: number,
	look: Look,
): string[] {
	const row = selectedRow(world, view, details);
	if (row === null) {
		return [look.paint("quiet", " nothing is selected")];
	}
	const told = findTold(row, details);
	const { overlay } = view;
	const isOpen = overlay?.kind === "details";
	const index = isOpen ? overlay.hop : 0;
	const chosen = chooseHop(row, told, details, index);
	const { exchange, journeys } = told;
	const { mac } = row.kind === "exchange" ? row.exchange : row.journey;
	const selected = chosen && { journey: chosen.journey.id, hop: chosen.hop };
	const isExchange = row.kind === "exchange";
	return [
		...drawHead(row, columns, look),
		...drawLadder({ journeys, mac, selected }, columns, look),
		...tellForgotten(told, look),
		...(isExchange
			? drawFacts(row.exchange, columns, look)
			: drawOutcome(row.journey, exchange, columns, look)),
		...drawCauses(exchange?.causes ?? [], 3, columns, look),
		...(chosen === null
			? []
			: drawChosen(chosen, isOpen, details, columns, look)),
	].map((line) => cut(line, columns));
}

/** The messages that are shown together. */
interface Told {
	readonly exchange: Exchange | null;
	readonly journeys: readonly Journey[];
	/** Messages that are not kept any more. */
	readonly forgotten: number;
}

function findTold(row: ListRow, details: Details): Told {
	const isExchange = row.kind === "exchange";
	const exchange = isExchange
		? row.exchange
		: details.exchangeOf(row.journey.id);
	const messages = exchange?.messages ?? [];
	const found = messages.flatMap(
		({ journey }) => details.journey(journey) ?? [],
	);
	const isAmong =
		isExchange || found.some((journey) => journey.id === row.journey.id);
	return {
		exchange,
		journeys: isAmong ? found : [row.journey],
		forgotten: isAmong ? messages.length - found.length : 0,
	};
}

function tellForgotten({ forgotten }: Told, { paint }: Look): string[] {
	return forgotten === 0
		? []
		: [
				paint(
					"unsure",
					`   … and ${forgotten} not kept any more, or not yet told`,
				),
			];
}

/** A hop, the message it is of, and where it stands among those one goes through. */
interface Chosen {
	readonly hop: Hop;
	readonly journey: Journey;
	/** In the journey. */
	readonly at: number;
	readonly index: number;
	readonly count: number;
}

function chooseHop(
	row: ListRow,
	{ journeys }: Told,
	details: Details,
	wanted: number,
): Chosen | null {
	const hops = hopsOf(row, details);
	const index = Math.max(0, Math.min(wanted, hops.length - 1));
	const hop = hops[index];
	const shown = row.kind === "journey" ? [row.journey] : journeys;
	const journey = shown.find((one) => hop && one.hops.includes(hop));
	return hop === undefined || journey === undefined
		? null
		: {
				hop,
				journey,
				at: journey.hops.indexOf(hop),
				index,
				count: hops.length,
			};
}

function drawHead(row: ListRow, columns: number, look: Look): string[] {
	const { paint } = look;
	const isExchange = row.kind === "exchange";
	const text = isExchange
		? exchangeToText(row.exchange, paint)
		: journeyToText(row.journey, paint);
	const lead = ` ${text.mark} ${text.time}  `;
	const head = hang(lead, text.summary, columns, (line) =>
		paint("strong", line),
	);
	// Causes are told in full below.
	const remark = isExchange ? (row.exchange.reason ?? "") : text.remark;
	const parts = [...text.path, text.copies.counted];
	const way = `   ${parts.filter((part) => part !== "").join(" ")}`;
	if (remark === "") {
		return [...head, way];
	}
	const isShort = widthOf(way) + 2 + widthOf(remark) <= columns;
	return [
		...head,
		...(isShort
			? [`${way}  ${text.paintRemark(remark)}`]
			: [cut(way, columns)]),
		...(isShort ? [] : hang("   ", remark, columns, text.paintRemark)),
	];
}

function drawChosen(
	{ hop, journey, at, index, count }: Chosen,
	canTurn: boolean,
	details: Details,
	columns: number,
	look: Look,
): string[] {
	const place = [nameOf(hop), hop.direction].filter(Boolean).join(" ");
	const turn = canTurn && count > 1 ? " (← → others)" : "";
	const title = `hop ${index + 1} of ${count}: ${labelOf(journey)} at ${place}, ${formatDay(hop.time)}${turn}`;
	const kept = details.frameAt(hop);
	return [
		drawSection(title, columns, look),
		...drawHops(journey, at, columns, look),
		...(kept === null
			? tellNotKept(place, columns, look)
			: drawFrame(kept, place, columns, look)),
	];
}
