import { makeSafe } from "../model/safe-text.js";
import { cut, splitCharacters, widthOf } from "../show/cell-width.js";
import type { Look } from "./look.js";

/** Less than this is no column to break a text in. */
const leastColumns = 8;

/** A text without codes on lines of so many cells, broken between words where it can be. */
export function wrapWords(text: string, columns: number): string[] {
	const room = Math.max(leastColumns, columns);
	const lines: string[] = [];
	let line = "";
	for (const word of text.split(" ")) {
		const longer = line === "" ? word : `${line} ${word}`;
		if (widthOf(longer) <= room) {
			line = longer;
			continue;
		}
		if (line !== "") {
			lines.push(line);
		}
		const parts = breakWord(word, room);
		line = parts.pop() ?? "";
		lines.push(...parts);
	}
	return line === "" ? lines : [...lines, line];
}

/** A word on as many lines as it needs. */
function breakWord(word: string, columns: number): string[] {
	if (widthOf(word) <= columns) {
		return [word];
	}
	const parts: string[] = [];
	let part = "";
	for (const character of splitCharacters(word)) {
		if (widthOf(part + character) > columns) {
			parts.push(part);
			part = "";
		}
		part += character;
	}
	return [...parts, part];
}

/** A text behind a lead of some cells; what follows its first line is indented as far. */
export function hang(
	lead: string,
	text: string,
	columns: number,
	paint: (line: string) => string = (line) => line,
): string[] {
	const indent = widthOf(lead);
	const lines = wrapWords(text, columns - indent);
	return (lines.length === 0 ? [""] : lines).map((line, at) =>
		cut((at === 0 ? lead : " ".repeat(indent)) + paint(line), columns),
	);
}

/** `─ hop 2 of 3 ───────────`: where a part of a page begins. */
export function drawSection(
	title: string,
	columns: number,
	{ paint }: Look,
): string {
	const shown = cut(title, columns - 4);
	const dashes = "─".repeat(Math.max(0, columns - widthOf(shown) - 3));
	return `${paint("bar", "─")} ${paint("strong", shown)} ${paint("bar", dashes)}`;
}

const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/** What nobody promised to be safe; safe text stays as it is. */
export function guard(text: string): string {
	return unsafe.test(text) ? makeSafe(text) : text;
}
