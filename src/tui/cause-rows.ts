import type { Cause } from "../model/exchange.js";
import { nameCauses } from "../show/cause-lines.js";
import { widthOf } from "../show/cell-width.js";

/** What went wrong somewhere, and why. */
export interface Happening {
	/** `✗ 3 lost inwards between br0 and vnet0` */
	readonly text: string;
	/** The same in fewer words: `✗ 3 lost br0 → vnet0` */
	readonly brief: string;
	/** In the fewest words; absent: there are no fewer. */
	readonly least?: string;
	readonly causes: readonly Cause[];
}

/**
 * What went wrong with its causes: on one row, in fewer words should that be needed, else
 * on two. How certain a cause is stands in sight wherever the cause does.
 *
 * @param most rows there are
 */
export function drawHappening(
	{ text, brief, least = brief, causes }: Happening,
	columns: number,
	most: number,
): string[] {
	if (causes.length === 0) {
		const words = [text, brief].find((row) => widthOf(row) <= columns);
		return [words ?? least];
	}
	const [first = nameCauses(causes, 1)] = nameToFit(causes, columns - 2);
	const named = nameCauses(causes);
	const whole = [text, brief]
		.map((words) => `${words}: ${named}`)
		.find((row) => widthOf(row) <= columns);
	if (whole !== undefined) {
		return [whole];
	}
	if (most > 1) {
		const words = widthOf(text) <= columns ? text : brief;
		return [words, `  ${first}`];
	}
	const [behind] = [brief, least].flatMap((words) =>
		nameToFit(causes, columns - widthOf(`${words}: `)).map(
			(told) => `${words}: ${told}`,
		),
	);
	return [behind ?? `${first}: ${least}`];
}

/** The causes in so many cells, the last ones by number only. */
function nameToFit(causes: readonly Cause[], columns: number): string[] {
	return causes
		.map((_cause, at) => nameCauses(causes, causes.length - at))
		.filter((text) => widthOf(text) <= columns);
}
