import type { Paint, Tone } from "../show/style.js";
import { wrap } from "../show/wrap.js";
import type { Check, CheckStatus } from "./doctor-facts.js";

const marks: Readonly<Record<CheckStatus, readonly [string, Tone]>> = {
	ok: ["✓", "good"],
	warning: ["!", "unsure"],
	failure: ["✗", "bad"],
};

const nameColumns = 15;
const indent = " ".repeat(2 + nameColumns + 2);

/**
 * The checks as a table. A fix stands on a line of its own, whole, so that it can be
 * copied.
 *
 * @param columns of the terminal; null: lines are not broken
 */
export function layOutChecks(
	checks: readonly Check[],
	columns: number | null,
	paint: Paint,
): string {
	return checks
		.flatMap((check) => layOutCheck(check, columns, paint))
		.map((line) => `${line}\n`)
		.join("");
}

function layOutCheck(
	{ status, name, found, fix, note }: Check,
	columns: number | null,
	paint: Paint,
): string[] {
	const [mark, tone] = marks[status];
	const [first = "", ...rest] = breakText(found, columns);
	const start = `${paint(tone, mark)} ${name.padEnd(nameColumns)}  `;
	return [
		start + first,
		...rest.map((line) => indent + line),
		...(fix === null ? [] : [`${indent}${paint("strong", `→ ${fix}`)}`]),
		...(note === null
			? []
			: breakText(note, columns).map((line) => indent + paint("quiet", line))),
	];
}

function breakText(text: string, columns: number | null): string[] {
	return columns === null
		? [text]
		: wrap(text.split(" "), Math.max(20, columns - indent.length));
}
