import { widthOf } from "../show/cell-width.js";
import { formatCount } from "../show/units.js";
import { pad } from "./cells.js";
import type { Layer } from "./field.js";
import { listLayers } from "./frame-fields.js";
import { dumpBytes } from "./hex-dump.js";
import type { Look } from "./look.js";
import { drawSection, hang } from "./page-lines.js";
import type { KeptFrame } from "./world.js";

/** From here on fields stand in two columns. */
const twoFrom = 70;
/** From here on the long ones as well. */
const twoWideFrom = 108;
const gap = 2;
/** Names that are longer push their own value only. */
const nameLimit = 30;

/** The decoded fields of a frame and its bytes, as far as they are kept. */
export function drawFrame(
	kept: KeptFrame,
	place: string,
	columns: number,
	look: Look,
): string[] {
	const { captured, frame } = kept;
	const { bytes, length, number } = captured;
	const had =
		bytes.length < length
			? `${bytes.length} of ${formatCount(length, "byte")} captured`
			: formatCount(length, "byte");
	const isWhole = bytes.length > 0;
	const body =
		frame.bodyEnd > frame.bodyStart
			? `: ${frame.protocol?.toUpperCase()} begins at ${frame.bodyStart} (0x${frame.bodyStart.toString(16).padStart(4, "0")})`
			: "";
	const problem =
		frame.problem === null
			? []
			: hang("   problem: ", frame.problem, columns).map((line) =>
					look.paint("bad", line),
				);
	return [
		drawSection(
			`frame ${number} of the capture, at ${place}: ${had}`,
			columns,
			look,
		),
		...problem,
		...layOutLayers(listLayers(kept), columns, look),
		...(isWhole ? [drawSection(`bytes${body}`, columns, look)] : []),
		...dumpBytes(bytes, [frame.bodyStart, frame.bodyEnd], columns, look),
	];
}

/** Said of a frame that is not there any more. */
export function tellNotKept(
	place: string,
	columns: number,
	look: Look,
): string[] {
	return [
		drawSection(`frame at ${place}`, columns, look),
		...hang(
			"   ",
			"its fields and bytes are not kept any more: of a long log only the latest frames are",
			columns,
			(line) => look.paint("unsure", line),
		),
	];
}

/** Layers in one column, or in two of about the same height. */
function layOutLayers(
	layers: readonly Layer[],
	columns: number,
	look: Look,
): string[] {
	const isBelow = (layer: Layer) =>
		columns < twoWideFrom && layer.isWide === true;
	const beside = layers.filter((layer) => !isBelow(layer));
	const below = layers.filter(isBelow);
	return [
		...layOutBeside(beside, columns, look),
		...below.flatMap((layer) => drawLayer(layer, columns, look)),
	];
}

function layOutBeside(
	layers: readonly Layer[],
	columns: number,
	look: Look,
): string[] {
	const isTwo = columns >= twoFrom && layers.length > 1;
	const width = isTwo ? Math.floor((columns - gap) / 2) : columns;
	const blocks = layers.map((layer) => drawLayer(layer, width, look));
	if (!isTwo) {
		return blocks.flat();
	}
	const [left, right] = balance(blocks);
	const height = Math.max(left.length, right.length);
	return Array.from({ length: height }, (_, at) => {
		const end = right[at] ?? "";
		const begin = left[at] ?? "";
		return end === "" ? begin : pad(begin, width + gap) + end;
	});
}

/** Blocks in order, so many of them at the left that both sides are lowest. */
function balance(
	blocks: readonly (readonly string[])[],
): readonly [string[], string[]] {
	const heights = blocks.map((_, at) => {
		const left = blocks.slice(0, at).flat().length;
		const all = blocks.flat().length;
		return Math.max(left, all - left);
	});
	const at = heights.indexOf(Math.min(...heights));
	return [blocks.slice(0, at).flat(), blocks.slice(at).flat()];
}

function drawLayer(
	{ title, fields }: Layer,
	columns: number,
	{ paint }: Look,
): string[] {
	const longest = Math.max(...fields.map(([name]) => widthOf(name)));
	const width = Math.min(nameLimit, longest, Math.floor(columns / 2));
	return [
		`   ${paint("accent", title)}`,
		...fields.flatMap(([name, value]) =>
			hang(`     ${paint("quiet", pad(name, width))}  `, value, columns),
		),
	];
}
