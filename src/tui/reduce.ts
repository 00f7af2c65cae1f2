import type { Action, Effect } from "./action.js";
import { readHealth } from "./alerts.js";
import { settleEntry, toPage } from "./entry-choice.js";
import { following } from "./list-cursor.js";
import type { Size } from "./look.js";
import { move, type Place, toProblem } from "./move-steps.js";
import { indexOfVm } from "./named-vm.js";
import { open, toVm } from "./open-steps.js";
import { playOn } from "./player-steps.js";
import { editPrompt, openPrompt, takePrompt } from "./prompt-steps.js";
import { hopsOf, selectedRow } from "./selected-frame.js";
import { pages, type View } from "./view.js";
import type { Details, World } from "./world.js";

/** A new view, and what the program is to do besides; null: nothing. */
export interface Reduced {
	readonly view: View;
	readonly effect: Effect | null;
}

const noDetails: Details = {
	journey: () => null,
	exchange: () => null,
	exchangeOf: () => null,
	frameAt: () => null,
};

/**
 * What becomes of the view when a key asks for something. A message is gone with the next
 * key.
 *
 * @param details to know how far details scroll, and how many hops they have
 */
export function reduce(
	view: View,
	action: Action,
	world: World,
	size: Size,
	details: Details = noDetails,
): Reduced {
	const heard = view.message === null ? view : { ...view, message: null };
	if (action.kind === "enter") {
		return takePrompt(heard, world);
	}
	const place = { world, size, details };
	const next = settleEntry(change(heard, action, place), place);
	const isRead = view.page === "health" || next.page === "health";
	return { view: isRead ? readHealth(next, world) : next, effect: null };
}

type Change = Exclude<Action, { readonly kind: "enter" }>;

function change(view: View, action: Change, place: Place): View {
	switch (action.kind) {
		case "move":
		case "page move":
		case "half page move":
		case "to first":
		case "to last":
			return move(view, action, place);
		case "problem":
			return toProblem(view, action.by, place);
		case "play":
		case "step":
		case "speed":
		case "to loss":
		case "to end":
			return playOn(view, action, place.world);
		case "prompt":
			return openPrompt(view, action.for);
		case "type":
		case "caret":
		case "erase":
		case "erase next":
		case "erase word":
		case "erase all":
			return editPrompt(view, action);
		default:
			return choose(view, action, place);
	}
}

type Choice = Extract<
	Change,
	{
		readonly kind:
			| "side"
			| "next page"
			| "page"
			| "next vm"
			| "list vms"
			| "open"
			| "close"
			| "freeze"
			| "help"
			| "suspend"
			| "quit";
	}
>;

function choose(view: View, action: Choice, place: Place): View {
	const { world } = place;
	switch (action.kind) {
		case "side":
			return toHop(view, action.by, place);
		case "next page": {
			const at = pages.indexOf(view.page) + action.by;
			const page = pages[(at + pages.length) % pages.length] ?? view.page;
			return toPage(view, page);
		}
		case "page":
			return toPage(view, action.page);
		case "next vm":
			return toNextVm(view, action.by, world);
		case "list vms": {
			const index = indexOfVm(world.vms, view.vm) + 1;
			return { ...view, overlay: { kind: "vms", index } };
		}
		case "open":
			return open(view, place);
		case "close":
			return close(view);
		case "freeze":
			return view.frozen === null
				? { ...view, frozen: { rows: world.rows.length } }
				: { ...view, frozen: null };
		case "help":
			return {
				...view,
				overlay: { kind: "help", scroll: 0, over: view.overlay },
			};
		case "suspend":
			return view;
		case "quit":
			return { ...view, isOver: true };
	}
}

function toHop(view: View, by: -1 | 1, { world, details }: Place): View {
	const { overlay } = view;
	if (overlay?.kind !== "details") {
		return view;
	}
	const row = selectedRow(world, view, details);
	const last = row === null ? 0 : hopsOf(row, details).length - 1;
	const hop = Math.max(0, Math.min(last, overlay.hop + by));
	return { ...view, overlay: { ...overlay, hop } };
}

/** All of them come before the first, and after the last. */
function toNextVm(view: View, by: -1 | 1, { vms }: World): View {
	const at = indexOfVm(vms, view.vm) + 1 + by;
	const count = vms.length + 1;
	const vm = vms[((at + count) % count) - 1];
	return toVm(view, vm?.key ?? null);
}

/** What is open closes, the last that was opened first; then the page; then the filter ends. */
function close(view: View): View {
	if (view.prompt !== null) {
		return { ...view, prompt: null };
	}
	const { overlay } = view;
	if (overlay !== null) {
		const behind = overlay.kind === "help" ? (overlay.over ?? null) : null;
		return { ...view, overlay: behind };
	}
	if (view.page !== "journeys") {
		return toPage(view, "journeys");
	}
	return view.filter !== ""
		? { ...view, filter: "" }
		: { ...view, cursor: following, scroll: 0 };
}
