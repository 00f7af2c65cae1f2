import { cut, cutFront, widthOf } from "../show/cell-width.js";
import { takeFitting } from "./cells.js";
import { type KeyLine, linesOf } from "./keys.js";
import type { Look, Size } from "./look.js";
import { wrapWords } from "./page-lines.js";
import { splitAtCaret } from "./prompt-steps.js";
import type { Prompt, View } from "./view.js";
import type { World } from "./world.js";

/** A prompt, a message, or the keys that matter now; the last rows of the screen. */
export function drawFooter(
	world: World,
	view: View,
	{ columns, rows }: Size,
	look: Look,
): string[] {
	const { prompt, message } = view;
	const most = rows < 20 ? 1 : 2;
	if (prompt !== null) {
		const { problem } = prompt;
		const below =
			problem === null
				? [look.paint("quiet", hints[prompt.kind])]
				: drawText(`✗ ${problem}`, columns, most).map((line) =>
						look.paint("bad", line),
					);
		const last = addKeys(below.pop() ?? "", view, columns, look);
		return [drawPrompt(prompt, columns, look), ...below, last];
	}
	return message === null
		? [drawKeys(world, view, columns, look)]
		: drawText(message, columns, most).map((line) =>
				look.paint("unsure", line),
			);
}

/** On as many rows as it needs, and may have. */
function drawText(text: string, columns: number, most: number): string[] {
	const lines = wrapWords(text, columns - 2);
	const last = lines.slice(most - 1).join(" ");
	return [...lines.slice(0, most - 1), last]
		.filter((line) => line !== "")
		.map((line) => cut(` ${line}`, columns));
}

function drawKeys(
	world: World,
	view: View,
	columns: number,
	look: Look,
): string {
	const lines = linesOf(view).filter(({ brief }) => brief !== null);
	// Whoever knows these two finds the others, or the way out.
	const isFirst = ({ action: { kind } }: KeyLine) =>
		kind === "help" || kind === "quit";
	const sorted = [
		...lines.filter(isFirst),
		...lines.filter((line) => !isFirst(line)),
	];
	const parts = sorted.map((line) =>
		drawKey(line, nameKey(line, world, view), look),
	);
	return ` ${takeFitting(parts, "  ", columns - 2)}`;
}

function drawKey({ keys }: KeyLine, brief: string, { paint }: Look): string {
	return `${paint("accent", keys[0] ?? "")} ${brief}`;
}

/** What a key does now, where it does something else the next time. */
function nameKey(
	{ action: { kind }, brief }: KeyLine,
	{ isOpen }: World,
	{ frozen, player }: View,
): string {
	if (kind === "freeze" && frozen !== null) {
		return "go on";
	}
	const isMoving =
		player?.isPlaying ||
		(isOpen && player !== null && player.positionNs === null);
	return kind === "play" && isMoving ? "pause" : (brief ?? "");
}

const titles: Readonly<Record<Prompt["kind"], string>> = {
	filter: "/",
	seek: "to time: ",
	write: "write to file: ",
};

/** The line being typed; where it is edited stays in sight. */
function drawPrompt(prompt: Prompt, columns: number, { paint }: Look): string {
	const title = ` ${paint("accent", titles[prompt.kind])}`;
	const room = columns - widthOf(title) - 1;
	const { before, after } = splitAtCaret(prompt);
	if (prompt.isSelected) {
		return title + paint("selected", cutFront(prompt.text, room) || " ");
	}
	const [at = " ", ...rest] = after;
	const begin = cutFront(before.join(""), room - widthOf(at));
	const end = cut(rest.join(""), room - widthOf(begin) - widthOf(at));
	return cut(title + begin + paint("selected", at) + end, columns);
}

/** What can be typed. */
const hints: Readonly<Record<Prompt["kind"], string>> = {
	filter: " vm: proto: mac: ip: iface: outcome: or text, -not",
	seek: " 13:48:57.9, +10s, -200ms or 50%",
	write: " the frames of what is shown, as pcapng",
};

/** Behind a row, as far as there is room: how one gets out of what is open. */
function addKeys(row: string, view: View, columns: number, look: Look): string {
	const keys = linesOf(view).filter(({ brief }) => brief !== null);
	const parts = keys.map((line) => drawKey(line, line.brief ?? "", look));
	return takeFitting([cut(row, columns), ...parts], "  ", columns);
}
