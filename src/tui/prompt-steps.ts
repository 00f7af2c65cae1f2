import { splitCharacters } from "../show/cell-width.js";
import type { Action, Effect } from "./action.js";
import { parseFilter } from "./filter.js";
import { following } from "./list-cursor.js";
import { seek } from "./player.js";
import type { Prompt, View } from "./view.js";
import type { World } from "./world.js";

/** The longest line that can be typed, in UTF-16 units. */
const textLimit = 200;

/** Opens a prompt: a filter begins with the one that holds, a file with a name for it. */
export function openPrompt(view: View, kind: Prompt["kind"]): View {
	if (kind === "seek" && view.player === null) {
		return { ...view, message: "only a replay can go to a time" };
	}
	const texts = { filter: view.filter, seek: "", write: "vmpath.pcapng" };
	const prompt = { kind, text: texts[kind], problem: null };
	return {
		...view,
		prompt: kind === "write" ? { ...prompt, isSelected: true } : prompt,
	};
}

/** What changes a line that is being typed. */
export type EditAction = Extract<
	Action,
	{
		readonly kind:
			| "type"
			| "caret"
			| "erase"
			| "erase next"
			| "erase word"
			| "erase all";
	}
>;

/** Types, erases, or moves the caret; what is wrong with a filter is told at once. */
export function editPrompt(view: View, action: EditAction): View {
	const { prompt } = view;
	if (prompt === null) {
		return view;
	}
	const { kind } = prompt;
	const { before, after } = edit(splitAtCaret(prompt), action, prompt);
	const text = [...before, ...after].join("");
	const isSame = text === prompt.text;
	const problem = kind === "filter" ? problemOf(text) : null;
	return {
		...view,
		prompt: {
			kind,
			text,
			problem: isSame ? prompt.problem : problem,
			// Characters that join what they are typed beside are one with it.
			caret: splitCharacters(before.join("")).length,
		},
	};
}

/** The characters of a line, before and behind the caret. */
export interface SplitLine {
	readonly before: readonly string[];
	readonly after: readonly string[];
}

/** Where a line is edited. */
export function splitAtCaret({ text, caret }: Prompt): SplitLine {
	const characters = splitCharacters(text);
	const at = caret ?? characters.length;
	return { before: characters.slice(0, at), after: characters.slice(at) };
}

function edit(
	{ before, after }: SplitLine,
	action: EditAction,
	{ isSelected = false }: Prompt,
): SplitLine {
	switch (action.kind) {
		case "type":
			return isSelected
				? insert({ before: [], after: [] }, action.text)
				: insert({ before, after }, action.text);
		case "caret":
			return moveCaret({ before, after }, action.to);
		case "erase":
			return { before: before.slice(0, -1), after };
		case "erase next":
			return { before, after: after.slice(1) };
		case "erase word": {
			const left = before.join("").replace(/\S*\s*$/, "");
			return { before: splitCharacters(left), after };
		}
		case "erase all":
			return { before: [], after: [] };
	}
}

/** As much of what is typed as there is room for. */
function insert({ before, after }: SplitLine, typed: string): SplitLine {
	let room = textLimit - [...before, ...after].join("").length;
	const fitting: string[] = [];
	for (const character of splitCharacters(typed)) {
		room -= character.length;
		if (room < 0) {
			break;
		}
		fitting.push(character);
	}
	return { before: [...before, ...fitting], after };
}

function moveCaret(
	{ before, after }: SplitLine,
	to: Extract<EditAction, { readonly kind: "caret" }>["to"],
): SplitLine {
	const all = [...before, ...after];
	const places = {
		left: Math.max(0, before.length - 1),
		right: before.length + 1,
		begin: 0,
		end: all.length,
	};
	return { before: all.slice(0, places[to]), after: all.slice(places[to]) };
}

function problemOf(filter: string): string | null {
	const parsed = parseFilter(filter);
	return "problem" in parsed ? parsed.problem : null;
}

/** Takes what was typed; what cannot be taken stays, with the reason. */
export function takePrompt(
	view: View,
	world: World,
): { readonly view: View; readonly effect: Effect | null } {
	const { prompt } = view;
	if (prompt === null) {
		return { view, effect: null };
	}
	const text = prompt.text.trim();
	const refuse = (problem: string) => ({
		view: {
			...view,
			prompt: {
				kind: prompt.kind,
				text: prompt.text,
				problem,
				isSelected: true,
			},
		},
		effect: null,
	});
	const closed = { ...view, prompt: null };
	if (prompt.kind === "filter") {
		const problem = problemOf(text);
		return problem === null
			? { view: { ...closed, filter: text, scroll: 0 }, effect: null }
			: refuse(problem);
	}
	if (prompt.kind === "write") {
		return text === ""
			? refuse("the file needs a name")
			: { view: closed, effect: { kind: "write", file: text } };
	}
	const positionNs = view.player?.positionNs ?? null;
	const found = seek(text, { begin: world.begin, end: world.end, positionNs });
	return "problem" in found
		? refuse(found.problem)
		: { view: goTo(closed, found.positionNs), effect: null };
}

/** The replay stands at another time, and the list at its end. */
function goTo(view: View, positionNs: number): View {
	const { player } = view;
	return player === null
		? view
		: {
				...view,
				player: { ...player, positionNs, isPlaying: false },
				cursor: following,
			};
}
