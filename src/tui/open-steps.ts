import type { Exchange } from "../model/exchange.js";
import type { SafeText } from "../model/safe-text.js";
import { chosenEntry } from "./entry-choice.js";
import type { Opening } from "./entry-page.js";
import { parseFilter } from "./filter.js";
import { keyOf } from "./item.js";
import { findCursor, following } from "./list-cursor.js";
import type { Place } from "./move-steps.js";
import { indexOfVm } from "./named-vm.js";
import { firstHopOf } from "./selected-frame.js";
import type { View } from "./view.js";
import type { ListRow, World } from "./world.js";

/** A VM is chosen, and what is shown begins anew; null: all of them. */
export function toVm(view: View, vm: string | null): View {
	return { ...view, vm, cursor: following, scroll: 0, overlay: null };
}

/**
 * Opens what the cursor stands on: a VM of the list, a row, an entry of a page; of the
 * DHCP page the VM's handshake. Where there is nothing to open, the message says so.
 */
export function open(view: View, place: Place): View {
	const { rows, vms } = place.world;
	const { overlay, page } = view;
	if (overlay?.kind === "vms") {
		return toVm(view, vms[overlay.index - 1]?.key ?? null);
	}
	switch (page) {
		case "journeys":
			return openRow(
				view,
				rows[findCursor(rows, view.cursor)],
				"there is nothing to open yet",
				place,
			);
		case "dhcp": {
			const chosen = vms[indexOfVm(vms, view.vm)];
			const shown = chosen === undefined ? vms : [chosen];
			const told = shown.flatMap(({ dhcp }) => dhcp ?? []);
			const row = findRow(told, place);
			return openRow(view, row, "no DHCP exchange was seen yet", place);
		}
		case "health":
			return view;
		default: {
			const opens = chosenEntry(view, place)?.opens ?? nothing;
			return openEntry(view, opens, place);
		}
	}
}

const nothing: Opening = {
	kind: "nothing",
	why: "there is nothing to open here",
};

function openEntry(view: View, opens: Opening, place: Place): View {
	switch (opens.kind) {
		case "exchange": {
			const row = findRow(opens.of, place);
			return openRow(view, row, "this exchange is not kept any more", place);
		}
		case "vm": {
			const { vms } = place.world;
			const vm = vms[indexOfVm(vms, opens.named)];
			return vm === undefined
				? { ...view, message: `nothing of ${opens.named} is in this log` }
				: { ...toVm(view, vm.key), page: "journeys" };
		}
		case "port":
			return toPort(view, opens.name, place.world);
		case "nothing":
			return { ...view, message: opens.why };
	}
}

function openRow(
	view: View,
	row: ListRow | undefined,
	otherwise: string,
	{ details }: Place,
): View {
	if (row === undefined) {
		return { ...view, message: otherwise };
	}
	const hop = firstHopOf(row, details);
	return {
		...view,
		overlay: { kind: "details", key: row.key, scroll: 0, hop },
	};
}

/**
 * Where the first of these exchanges that is kept is told: its own row, or the row of what
 * went wrong in it; else by itself, as one that the list leaves out.
 */
function findRow(
	exchanges: readonly Exchange[],
	{ world: { rows }, details }: Place,
): ListRow | undefined {
	for (const { id, messages } of exchanges) {
		const bad = messages.find(({ outcome }) => outcome !== "delivered");
		const row =
			rows.find((one) => one.kind === "exchange" && one.exchange.id === id) ??
			rows.find(
				(one) => one.kind === "journey" && one.journey.id === bad?.journey,
			);
		const exchange = details.exchange(id);
		if (row !== undefined) {
			return row;
		}
		if (exchange !== null) {
			return { kind: "exchange", exchange, key: keyOf("exchange", id) };
		}
	}
	return undefined;
}

/** The journeys that passed a port: of the chosen VM where its path leads over it, else of all. */
function toPort(view: View, name: SafeText, world: World): View {
	const { health, path } = world;
	const known = health.interfaces;
	const filter = `iface:${/\s/.test(name) ? `"${name}"` : name}`;
	if (known.length > 0 && !known.some((port) => port.name === name)) {
		return { ...view, message: `nothing was captured at ${name}` };
	}
	if ("problem" in parseFilter(filter)) {
		return { ...view, message: `no filter can name ${name}` };
	}
	const isOwn =
		view.vm === null || path?.ports.some((port) => port.name === name) === true;
	const message = isOwn
		? null
		: `${name} is not on the path of ${view.vm}: of all VMs`;
	const vm = isOwn ? view.vm : null;
	return { ...toVm(view, vm), page: "journeys", filter, message };
}
