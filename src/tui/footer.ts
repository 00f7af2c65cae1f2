import { cut } from "../show/cell-width.js";
import { takeFitting } from "./cells.js";
import { type KeyLine, linesOf } from "./keys.js";
import type { Look } from "./look.js";
import type { Prompt, View } from "./view.js";

/** A prompt, a message, or the keys that matter now. */
export function drawFooter(view: View, columns: number, look: Look): string {
	if (view.prompt !== null) {
		return drawPrompt(view.prompt, columns, look);
	}
	if (view.message !== null) {
		return cut(` ${look.paint("unsure", view.message)}`, columns);
	}
	const lines = linesOf(view).filter(({ brief }) => brief !== null);
	// Whoever knows these two finds the others, or the way out.
	const isFirst = ({ action: { kind } }: KeyLine) =>
		kind === "help" || kind === "quit";
	const sorted = [
		...lines.filter(isFirst),
		...lines.filter((line) => !isFirst(line)),
	];
	const parts = sorted.map(
		({ keys, brief }) => `${look.paint("accent", keys[0] ?? "")} ${brief}`,
	);
	return ` ${takeFitting(parts, "  ", columns - 2)}`;
}

const titles: Readonly<Record<Prompt["kind"], string>> = {
	filter: "/",
	seek: "to time: ",
	write: "write to file: ",
};

/** The end of what is typed stays in sight. */
function drawPrompt(
	{ kind, text, problem }: Prompt,
	columns: number,
	{ paint }: Look,
): string {
	const title = ` ${paint("accent", titles[kind])}`;
	const note =
		problem === null
			? ""
			: `  ${paint("bad", cut(`✗ ${problem}`, columns / 2))}`;
	const line = `${title}${text}${paint("selected", " ")}${note}`;
	return cut(line, columns);
}
