import type { Action } from "./action.js";
import { type Page, pages } from "./view.js";

/** Where a key means what it says. */
export type Scope =
	/** Whatever scrolls: pages, details, the list of VMs, help. */
	| "move"
	/** The pages, with nothing open over them. */
	| "list"
	/** The pages, and details over them; `live` and `player` with what is looked at. */
	| "rows"
	| "live"
	| "player"
	/** The pages with nothing over them, live or of a replay. */
	| "live list"
	| "player list"
	| "details"
	| "vms"
	| "help"
	| "prompt"
	/** Wherever one is, prompts included. */
	| "always";

/** A line of the key table. */
export interface KeyLine {
	readonly when: Scope;
	readonly keys: readonly string[];
	readonly action: Action;
	/** What help says. */
	readonly help: string;
	/** What the last line of the screen says; null: it does not tell this key. */
	readonly brief: string | null;
	/** The pages on which it means this. */
	readonly on: readonly Page[];
}

function keys(
	when: Scope,
	names: string,
	action: Action,
	help: string,
	brief: string | null = null,
	on: readonly Page[] = pages,
): KeyLine {
	return { when, keys: names.split(" "), action, help, brief, on };
}

/** Every key there is; help and the last line of the screen are made of it. */
export const keyTable: readonly KeyLine[] = [
	keys("move", "up k", { kind: "move", by: -1 }, "up"),
	keys(
		"move",
		"down j",
		{ kind: "move", by: 1 },
		"down; past the last row: follow again",
	),
	keys("move", "pgup ctrl-b", { kind: "page move", by: -1 }, "a page up"),
	keys("move", "pgdn ctrl-f", { kind: "page move", by: 1 }, "a page down"),
	keys("move", "ctrl-u", { kind: "half page move", by: -1 }, "half a page up"),
	keys("move", "ctrl-d", { kind: "half page move", by: 1 }, "half a page down"),
	keys("move", "home g", { kind: "to first" }, "to the first"),
	keys(
		"move",
		"end G",
		{ kind: "to last" },
		"to the last; a list follows again",
	),
	keys(
		"list",
		"enter",
		{ kind: "open" },
		"details: ladder, fields, changes, bytes",
		"details",
		["journeys", "dhcp"],
	),
	keys(
		"list",
		"enter",
		{ kind: "open" },
		"on findings: details of the exchange that shows it",
		"details",
		["findings"],
	),
	keys(
		"list",
		"enter",
		{ kind: "open" },
		"on topology: journeys of this VM, or past this port",
		"journeys",
		["topology"],
	),
	keys(
		"list",
		"/",
		{ kind: "prompt", for: "filter" },
		"filter: vm: proto: mac: ip: iface: outcome: and free text",
		"filter",
	),
	keys(
		"live",
		"space",
		{ kind: "freeze" },
		"freeze the screen and let it go on; capture never stops",
		"freeze",
	),
	keys("player", "space", { kind: "play" }, "play, pause", "play"),
	keys(
		"player list",
		"left h",
		{ kind: "step", of: "frame", by: -1 },
		"a frame back",
	),
	keys(
		"player list",
		"right l",
		{ kind: "step", of: "frame", by: 1 },
		"a frame on",
		"step",
	),
	keys("player", ",", { kind: "step", of: "frame", by: -1 }, "a frame back"),
	keys("player", ".", { kind: "step", of: "frame", by: 1 }, "a frame on"),
	keys(
		"player",
		"<",
		{ kind: "step", of: "exchange", by: -1 },
		"an exchange back",
	),
	keys(
		"player",
		">",
		{ kind: "step", of: "exchange", by: 1 },
		"an exchange on",
	),
	keys(
		"player",
		"e",
		{ kind: "to loss", by: 1 },
		"on to the next loss",
		"loss",
	),
	keys("player", "E", { kind: "to loss", by: -1 }, "back to the loss before"),
	keys("player", "0", { kind: "to end", by: -1 }, "to the begin of the log"),
	keys(
		"player",
		"$",
		{ kind: "to end", by: 1 },
		"to its end; a log that grows is followed again",
	),
	keys(
		"player",
		"+ =",
		{ kind: "speed", by: 1 },
		"faster: up to 16x, then at once",
	),
	keys("player", "-", { kind: "speed", by: -1 }, "slower: down to 1/8x"),
	keys(
		"player",
		"t",
		{ kind: "prompt", for: "seek" },
		"to a time: 13:48:57, +10s, -2s, 50%",
		"time",
	),
	keys(
		"list",
		"v",
		{ kind: "list vms" },
		"VMs, with state, address, lease, verdict",
		"VMs",
	),
	keys(
		"list",
		"] V",
		{ kind: "next vm", by: 1 },
		"next VM; after the last one all of them",
	),
	keys("list", "[", { kind: "next vm", by: -1 }, "VM before"),
	keys("rows", "tab", { kind: "next page", by: 1 }, "next page", "page"),
	keys("rows", "shift-tab", { kind: "next page", by: -1 }, "page before"),
	keys("live list", "left h", { kind: "next page", by: -1 }, "page before"),
	keys("live list", "right l", { kind: "next page", by: 1 }, "next page"),
	keys(
		"rows",
		"1",
		{ kind: "page", page: "journeys" },
		"journeys and exchanges",
	),
	keys("rows", "2", { kind: "page", page: "dhcp" }, "DHCP, a line a VM"),
	keys("rows", "3", { kind: "page", page: "topology" }, "topology"),
	keys(
		"rows",
		"4",
		{ kind: "page", page: "findings" },
		"findings and causes, with evidence and fix",
	),
	keys("rows", "5", { kind: "page", page: "health" }, "health of the capture"),
	keys(
		"rows",
		"n",
		{ kind: "problem", by: 1 },
		"next row that was not plainly delivered",
		"problem",
	),
	keys("rows", "N", { kind: "problem", by: -1 }, "the one before"),
	keys(
		"list",
		"w",
		{ kind: "prompt", for: "write" },
		"write the frames of what is shown as pcapng",
		"write",
	),
	keys(
		"list",
		"esc",
		{ kind: "close" },
		"back to the journeys; no filter any more; follow again",
	),
	keys("details", "left h", { kind: "side", by: -1 }, "hop before"),
	keys("details", "right l", { kind: "side", by: 1 }, "next hop", "hop"),
	keys("details", "esc q enter", { kind: "close" }, "back to the page", "back"),
	keys("vms", "enter", { kind: "open" }, "choose this VM", "choose"),
	keys("vms", "esc q v", { kind: "close" }, "back to the list", "back"),
	keys("vms", "?", { kind: "help" }, "help", "help"),
	keys("help", "esc q enter ?", { kind: "close" }, "back", "back"),
	keys("rows", "?", { kind: "help" }, "this help", "help"),
	keys("prompt", "enter", { kind: "enter" }, "take it", "take"),
	keys("prompt", "esc", { kind: "close" }, "leave it as it was", "cancel"),
	keys("prompt", "left", { kind: "caret", to: "left" }, "caret to the left"),
	keys("prompt", "right", { kind: "caret", to: "right" }, "to the right"),
	keys("prompt", "home ctrl-a", { kind: "caret", to: "begin" }, "to the begin"),
	keys("prompt", "end ctrl-e", { kind: "caret", to: "end" }, "to the end"),
	keys("prompt", "backspace", { kind: "erase" }, "erase a character"),
	keys("prompt", "delete", { kind: "erase next" }, "erase the one behind"),
	keys("prompt", "ctrl-w", { kind: "erase word" }, "erase a word"),
	keys("prompt", "ctrl-u", { kind: "erase all" }, "erase all", "erase all"),
	keys("list", "q", { kind: "quit" }, "quit", "quit"),
	keys(
		"always",
		"ctrl-z",
		{ kind: "suspend" },
		"back to the shell for a while: fg goes on here",
	),
	keys("always", "ctrl-c", { kind: "quit" }, "quit, wherever one is"),
];
