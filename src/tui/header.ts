import { cut, cutFront, widthOf } from "../show/cell-width.js";
import { formatCount, formatTimeOfDay } from "../show/units.js";
import { cutName, fit, formatGrouped } from "./cells.js";
import { namePlayer } from "./draw-player.js";
import { countPorts } from "./health.js";
import type { Look } from "./look.js";
import { indexOfVm } from "./named-vm.js";
import type { Player, View } from "./view.js";
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
	const sources = nameSource(world);
	const least = Math.min(widthOf(sources.at(-1) ?? ""), leastName(world));
	const vms = drawVm(world, view, look);
	const vm =
		vms.find((text) => widthOf(text) <= spare - least) ??
		cut(vms.at(-1) ?? "", spare);
	const left = Math.min(40, spare - widthOf(vm));
	const source =
		sources.find((text) => widthOf(text) <= left) ??
		cutFront(sources.at(-1) ?? "", left);
	const parts = [
		paint("accent", "vmpath"),
		...(source.startsWith("…") && left < 4 ? [] : [source]),
		clock,
		vm,
	].filter((part) => part !== "");
	return cut(` ${fit(parts.join("  "), room)} ${right} `, columns);
}

/** Cells of a VM's name where there is no room for all of it. */
const shortName = 12;

/** Cells that are left to the source's name, be the VM told of in short. */
function leastName({ source, topology }: World): number {
	return source === undefined && (topology?.host.name ?? null) === null
		? 0
		: 16;
}

/** `kvm1 (3 ports)`, `vm.pcapng`: what says most first; ports alone may go. */
function nameSource({ source, topology, health }: World): readonly string[] {
	const name = source ?? topology?.host.name ?? "";
	const count = countPorts(health.interfaces);
	const ports = count === 0 ? "" : formatCount(count, "port");
	return name === ""
		? [ports, ""]
		: [...(ports === "" ? [] : [`${name} (${ports})`]), name];
}

function drawClock(
	{ now, isOpen }: World,
	{ player }: View,
	{ paint }: Look,
): string {
	const clock = now === null ? "--:--:--" : formatTimeOfDay(now).slice(0, 8);
	if (player !== null) {
		const isFollowing = namePlayer(player, isOpen) === "following";
		return isFollowing
			? `${paint("good", "reading")} ${clock}`
			: `${paint("strong", "replay")} ${clock}`;
	}
	return `${isOpen ? paint("good", "live") : paint("unsure", "ended")} ${clock}`;
}

/** `VM 1/3 VM1 running 192.168.100.57 (lease)`, and what is shorter. */
function drawVm(
	{ vms, path }: World,
	{ vm }: View,
	{ paint }: Look,
): readonly string[] {
	const index = indexOfVm(vms, vm);
	const chosen = vms[index];
	if (chosen === undefined) {
		const all =
			vms.length === 0
				? paint("quiet", "no VM yet")
				: vms.length === 1
					? "the only VM"
					: `all ${vms.length} VMs`;
		const whose = (name: string) => `${all}, path of ${paint("strong", name)}`;
		return path === null
			? [all]
			: [whose(path.vm), whose(cutName(path.vm, shortName)), all];
	}
	const { name, state, address, addressSource } = chosen;
	const tell = (text: string) =>
		`VM ${index + 1}/${vms.length} ${paint("strong", text)}`;
	const start = tell(name);
	const running = state === null ? "" : ` ${state}`;
	const at = address === null ? "" : ` ${address}`;
	const known = addressSource === null ? "" : ` (${addressSource})`;
	return [
		start + running + at + (at === "" ? "" : known),
		start + running + at,
		start + at,
		start + running,
		start,
		tell(cutName(name, shortName)),
	];
}

function drawPace(
	{ newer = 0, isOpen }: World,
	{ frozen, player, cursor }: View,
	{ paint }: Look,
): string {
	if (frozen !== null) {
		return paint("unsure", `■ frozen +${formatGrouped(newer)} new`);
	}
	const state = namePlayer(player ?? liveEnd, isOpen);
	if (player !== null && state !== "following") {
		return state === "playing" ? paint("good", state) : state;
	}
	if (cursor.key !== null) {
		return paint("unsure", "○ scrolled");
	}
	return isOpen ? paint("good", "● following") : state;
}

/** Live one always is at the end. */
const liveEnd: Player = { isPlaying: false, speed: 1, positionNs: null };
