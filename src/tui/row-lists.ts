import { addNs, type LogTime } from "../model/capture.js";
import { makeSafe } from "../model/safe-text.js";
import { cutRow, hasEnded } from "./cut.js";
import { parseFilter } from "./filter.js";
import { type Item, indexAfter, mergeItems } from "./item.js";
import type { ItemChange, ItemList } from "./item-list.js";
import type { FrozenMoment } from "./moment.js";
import { indexOfVm } from "./named-vm.js";
import { type RowTests, ShownRows } from "./shown-rows.js";
import { testOfVm, type Vm } from "./vms.js";
import type { ListRow, VmState } from "./world.js";

/** What rows are chosen by. */
export interface Chosen {
	/** Key of a VM; null: all. */
	readonly vm: string | null;
	readonly filter: string;
	readonly vms: readonly Vm[];
}

/** Rows of a list, and what is not among them. */
export interface FoundRows {
	readonly rows: readonly ListRow[];
	readonly hidden: number;
	readonly newer: number;
	/** Whether an item is of what was chosen. */
	readonly shown: (item: Item) => boolean;
}

interface Kept {
	readonly key: string;
	readonly shown: ShownRows;
	readonly frozen: FrozenMoment | null;
	rows: { version: number; cut: LogTime | null; list: readonly ListRow[] };
}

/** The rows that were asked for last, kept up to date as items come. */
export class RowLists {
	#live: Kept | null = null;
	#frozen: Kept | null = null;

	apply(change: ItemChange): void {
		this.#live?.shown.apply(change);
	}

	/**
	 * @param cut what happened after it is left out; null: nothing is
	 * @param longestNs no item takes longer
	 */
	find(
		chosen: Chosen,
		frozen: FrozenMoment | null,
		list: ItemList,
		cut: LogTime | null,
		longestNs: number,
	): FoundRows {
		const state = findState(chosen);
		const key = JSON.stringify([
			chosen.filter,
			state && [state.name, state.macs, state.taps],
		]);
		const tests = () => createTests(chosen.filter, state);
		this.#live = renew(this.#live, key, null, list.items, tests);
		this.#frozen =
			frozen && renew(this.#frozen, key, frozen, frozen.items, tests);
		const kept = this.#frozen ?? this.#live;
		const rows = rowsOf(kept, list, cut, longestNs);
		const { shown } = kept;
		const { ofVm } = shown;
		const all = cut === null ? ofVm.length : indexAfter(ofVm, cut);
		return {
			rows,
			hidden: all - rows.length,
			newer: frozen === null ? 0 : countSince(this.#live.shown, frozen.serial),
			shown: (item) => shown.concerns(item),
		};
	}
}

/** One that no VM has the key of is still told by what it would be named. */
function findState({ vm, vms }: Chosen): VmState | null {
	const states = vms.map(({ state }) => state);
	const known = states[indexOfVm(states, vm)];
	if (vm === null || known !== undefined) {
		return known ?? null;
	}
	const name = makeSafe(vm);
	return {
		key: vm,
		name,
		state: null,
		macs: [name],
		taps: [],
		address: null,
		addressSource: null,
		dhcp: null,
		outcome: null,
		causes: [],
		journeys: 0,
		lost: 0,
	};
}

function createTests(text: string, state: VmState | null): RowTests {
	const filter = text.trim() === "" ? null : parseFilter(text);
	return {
		isOfVm: state && testOfVm(state),
		passes:
			filter === null || "problem" in filter
				? null
				: (row) => filter.matches(row),
	};
}

function renew(
	known: Kept | null,
	key: string,
	frozen: FrozenMoment | null,
	items: readonly Item[],
	tests: () => RowTests,
): Kept {
	if (known?.key === key && known.frozen === frozen) {
		return known;
	}
	const shown = new ShownRows(tests(), items);
	return { key, shown, frozen, rows: { version: -1, cut: null, list: [] } };
}

function rowsOf(
	kept: Kept,
	list: ItemList,
	cut: LogTime | null,
	longestNs: number,
): readonly ListRow[] {
	const { version, matched } = kept.shown;
	if (kept.rows.version !== version || kept.rows.cut !== cut) {
		const found =
			cut === null
				? matched.map(({ row }) => row)
				: rowsUntil(kept.shown, list, cut, longestNs);
		kept.rows = { version, cut, list: found };
	}
	return kept.rows.list;
}

/** What had not ended is told, and goes through the filter, as it was then. */
function rowsUntil(
	shown: ShownRows,
	list: ItemList,
	cut: LogTime,
	longestNs: number,
): readonly ListRow[] {
	const { matched, ofVm } = shown;
	// What began before this has ended: no item takes longer.
	const since = addNs(cut, -longestNs - 1000);
	const from = indexAfter(matched, since);
	const late = matched
		.slice(from, indexAfter(matched, cut))
		.filter((item) => hasEnded(item, cut));
	const open = new Map<Item, ListRow>();
	const all = ofVm.slice(indexAfter(ofVm, since), indexAfter(ofVm, cut));
	for (const item of all.filter((one) => !hasEnded(one, cut))) {
		const row = cutRow(item, cut, (id) => list.findJourney(id));
		if (shown.passes(row)) {
			open.set(item, row);
		}
	}
	mergeItems(late, [...open.keys()]);
	return [
		...matched.slice(0, from).map(({ row }) => row),
		...late.map((item) => open.get(item) ?? item.row),
	];
}

function countSince({ matched }: ShownRows, since: number): number {
	let count = 0;
	for (const { serial } of matched) {
		count += serial > since ? 1 : 0;
	}
	return count;
}
