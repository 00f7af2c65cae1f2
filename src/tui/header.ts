import { cut, widthOf } from "../show/cell-width.js";
import { formatCount, formatTimeOfDay } from "../show/units.js";
import { fit, formatGrouped } from "./cells.js";
import type { Look } from "./look.js";
import type { View } from "./view.js";
import type { World } from "./world.js";

/** What is looked at, of when, which VM, and whether the screen follows. */
export function drawHeader(
	world: World,
	view: View,
	columns: number,
	look: Look,
): string {
	const { paint } = look;
	const right = drawPace(world, view, look);
	const clock = drawClock(world, view, look);
	const room = columns - widthOf(right) - 3;
	const spare = room - widthOf(`vmpath  ${clock}`) - 4;
	const vms = drawVm(world, view, look);
	const vm =
		vms.find((text) => widthOf(text) <= spare) ?? cut(vms.at(-1) ?? "", spare);
	const source = cut(nameSource(world), Math.min(40, spare - widthOf(vm)));
	const parts = [
		paint("accent", "vmpath"),
		...(widthOf(source) < 4 ? [] : [source]),
		clock,
		vm,
	];
	return cut(` ${fit(parts.join("  "), room)} ${right} `, columns);
}

/** `kvm1 (3 interfaces)`, `vm.pcapng` */
function nameSource({ source, topology, health }: World): string {
	const name = source ?? topology?.host.name ?? "";
	const count = health.interfaces.length;
	const ports = count === 0 ? "" : formatCount(count, "port");
	return name === "" ? ports : ports === "" ? name : `${name} (${ports})`;
}

function drawClock(
	{ now, isOpen }: World,
	{ player }: View,
	{ paint }: Look,
): string {
	const clock = now === null ? "--:--:--" : formatTimeOfDay(now).slice(0, 8);
	if (player !== null) {
		return `${paint("strong", "replay")} ${clock}`;
	}
	return `${isOpen ? paint("good", "live") : paint("unsure", "ended")} ${clock}`;
}

/** `VM 1/3 VM1 running 192.168.100.57 (lease)`, and what is shorter. */
function drawVm(
	{ vms, path }: World,
	{ vm }: View,
	{ paint }: Look,
): readonly string[] {
	const index = vms.findIndex(({ key }) => key === vm);
	const chosen = vms[index];
	if (chosen === undefined) {
		const all =
			vms.length === 0
				? paint("quiet", "no VM yet")
				: vms.length === 1
					? "the only VM"
					: `all ${vms.length} VMs`;
		const whose =
			path === null ? [] : [`${all}, path of ${paint("strong", path.vm)}`];
		return [...whose, all];
	}
	const { name, state, address, addressSource } = chosen;
	const start = `VM ${index + 1}/${vms.length} ${paint("strong", name)}`;
	const running = state === null ? "" : ` ${state}`;
	const at = address === null ? "" : ` ${address}`;
	const known = addressSource === null ? "" : ` (${addressSource})`;
	return [
		start + running + at + (at === "" ? "" : known),
		start + running + at,
		start + at,
		start,
	];
}

function drawPace(
	{ newer = 0 }: World,
	{ frozen, player, cursor }: View,
	{ paint }: Look,
): string {
	if (frozen !== null) {
		return paint("unsure", `■ frozen +${formatGrouped(newer)} new`);
	}
	if (player !== null) {
		return player.isPlaying ? paint("good", "playing") : "paused";
	}
	return cursor.key === null
		? paint("good", "● following")
		: paint("unsure", "○ scrolled");
}
