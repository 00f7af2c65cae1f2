import type { Action, Effect } from "./action.js";
import { parseFilter } from "./filter.js";
import { following } from "./list-cursor.js";
import { seek } from "./player.js";
import type { Prompt, View } from "./view.js";
import type { World } from "./world.js";

/** The longest line that can be typed, in UTF-16 units. */
const textLimit = 200;

/** Opens a prompt: a filter begins with the one that holds. */
export function openPrompt(view: View, kind: Prompt["kind"]): View {
	if (kind === "seek" && view.player === null) {
		return { ...view, message: "only a replay can go to a time" };
	}
	const texts = { filter: view.filter, seek: "", write: "vmpath.pcapng" };
	return { ...view, prompt: { kind, text: texts[kind], problem: null } };
}

/** Types, or erases. */
export function editPrompt(
	view: View,
	action: Extract<
		Action,
		{ readonly kind: "type" | "erase" | "erase word" | "erase all" }
	>,
): View {
	const { prompt } = view;
	if (prompt === null) {
		return view;
	}
	const text = edit(prompt.text, action).slice(0, textLimit);
	const problem = prompt.kind === "filter" ? problemOf(text) : null;
	return { ...view, prompt: { ...prompt, text, problem } };
}

function edit(text: string, action: Parameters<typeof editPrompt>[1]): string {
	switch (action.kind) {
		case "type":
			return text + action.text;
		case "erase":
			return [...text].slice(0, -1).join("");
		case "erase word":
			return text.replace(/\S*\s*$/, "");
		case "erase all":
			return "";
	}
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
		view: { ...view, prompt: { ...prompt, problem } },
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
