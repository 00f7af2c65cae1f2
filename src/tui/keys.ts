import type { Action } from "./action.js";
import { type KeyLine, keyTable, type Scope } from "./key-table.js";
import type { View } from "./view.js";

export { type KeyLine, keyTable, type Scope } from "./key-table.js";

/** A key that was pressed. */
export interface Key {
	/**
	 * Of a printable key the character itself (`a`, `G`, `/`), else `space`, `enter`,
	 * `esc`, `tab`, `shift-tab`, `backspace`, `up`, `down`, `left`, `right`, `home`,
	 * `end`, `pgup`, `pgdn`, `ctrl-c`, `f1`, …; `paste` of what was pasted.
	 */
	readonly name: string;
	/** What it types; nothing: "". */
	readonly text: string;
}

/** The longest line that can be typed, in UTF-16 units. */
const typedLimit = 200;

/** What cannot be typed: controls, and what has no picture. */
const untypable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** The parts of the key table that hold as things are. */
export function scopesOf(view: View): readonly Scope[] {
	if (view.prompt !== null) {
		return ["prompt", "always"];
	}
	const source = view.player === null ? "live" : "player";
	switch (view.overlay?.kind) {
		case undefined:
			return ["move", "list", `${source} list`, "rows", source, "always"];
		case "details":
			return ["move", "details", "rows", source, "always"];
		case "vms":
			return ["move", "vms", "always"];
		case "help":
			return ["move", "help", "always"];
	}
}

/** The lines of the key table that hold as things are, in its order. */
export function linesOf(view: View): readonly KeyLine[] {
	const scopes = scopesOf(view);
	return keyTable.filter(
		({ when, on }) => scopes.includes(when) && on.includes(view.page),
	);
}

/** What a key asks for as things are; null: nothing. */
export function actionOf({ name, text }: Key, view: View): Action | null {
	const called = name === " " ? "space" : name;
	const line = linesOf(view).find(({ keys }) => keys.includes(called));
	if (line !== undefined) {
		return line.action;
	}
	const typed = text.slice(0, typedLimit).replace(untypable, "");
	return view.prompt === null || typed === ""
		? null
		: { kind: "type", text: typed };
}

/** What a key asks for where nobody sees what it would do: to leave; null: nothing. */
export function unseenActionOf({ name }: Key): Action | null {
	const isAlways = ({ when }: KeyLine) => when === "always";
	const line = keyTable.find((one) => isAlways(one) && one.keys.includes(name));
	return line?.action ?? (name === "q" ? { kind: "quit" } : null);
}
