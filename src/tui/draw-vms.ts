import { nameCauses } from "../show/cause-lines.js";
import { cut, widthOf } from "../show/cell-width.js";
import { exchangeMarks } from "../show/exchange-text.js";
import { formatTimeOfDay } from "../show/units.js";
import { cutName, fit, formatCompact } from "./cells.js";
import type { Look } from "./look.js";
import { indexOfVm } from "./named-vm.js";
import type { VmState, World } from "./world.js";

/** Cells of the columns. */
interface VmGrid {
	readonly name: number;
	readonly state: number;
	readonly address: number;
	readonly lease: number;
}

function chooseGrid(vms: readonly VmState[], columns: number): VmGrid {
	const isNarrow = columns < 110;
	const longest = Math.max(4, ...vms.map(({ name }) => widthOf(name)));
	const lease = Math.max(10, ...vms.map((vm) => widthOf(describeLease(vm))));
	return {
		name: Math.min(isNarrow ? 12 : 30, longest),
		state: isNarrow ? 7 : 9,
		address: isNarrow ? 15 : 26,
		lease: Math.min(isNarrow ? 15 : 22, lease),
	};
}

/** The list of VMs to choose from, all of them first. */
export function drawVms(
	{ vms }: World,
	index: number,
	columns: number,
	look: Look,
): string[] {
	const grid = chooseGrid(vms, columns);
	const heading = [
		`   ${fit("VM", grid.name + 2)}`,
		fit("STATE", grid.state),
		fit("ADDRESS", grid.address),
		fit("LAST LEASE", grid.lease),
		"VERDICT",
	].join("  ");
	const rows = ["all VMs", ...vms.map((vm) => drawVm(vm, grid, look))].map(
		(text, at) => drawChoice(text, at === index, columns, look),
	);
	return [look.paint("quiet", cut(heading, columns)), ...rows];
}

function drawChoice(
	text: string,
	isChosen: boolean,
	columns: number,
	look: Look,
): string {
	return isChosen
		? look.paint("selected", fit(` ▸ ${text}`, columns))
		: cut(`   ${text}`, columns);
}

function drawVm(vm: VmState, grid: VmGrid, { paint }: Look): string {
	const { name, state, outcome, causes, journeys, lost } = vm;
	const { mark, tone } = outcome === null ? noMark : exchangeMarks[outcome];
	const verdict = [
		outcome ?? "not seen",
		...(causes.length === 0 ? [] : [nameCauses(causes)]),
		...(lost > 0
			? [`${formatCompact(lost)} of ${formatCompact(journeys)} lost`]
			: []),
	].join(", ");
	return [
		`${paint(tone, mark)} ${fit(cutName(name, grid.name), grid.name)}`,
		fit(state ?? "?", grid.state),
		fit(describeAddress(vm, grid), grid.address),
		fit(describeLease(vm), grid.lease),
		paint(tone, verdict),
	].join("  ");
}

const noMark = { mark: "·", tone: "quiet" } as const;

function describeAddress(
	{ address, addressSource }: VmState,
	{ address: room }: VmGrid,
): string {
	if (address === null) {
		return "none known";
	}
	return addressSource === null || room < 24
		? address
		: `${address} (${addressSource})`;
}

function describeLease({ dhcp }: VmState): string {
	if (dhcp === null) {
		return "no DHCP seen";
	}
	const { lease, since, outcome } = dhcp;
	return lease === null
		? `${formatTimeOfDay(since).slice(0, 8)} ${outcome}`
		: `${formatTimeOfDay(lease.since).slice(0, 8)}${lease.seconds === null ? "" : ` ${formatLease(lease.seconds)}`}`;
}

/** `90 s`, `60 min`, `12 h`, `7 d` */
function formatLease(seconds: number): string {
	const [size, unit]: readonly [number, string] =
		seconds < 120
			? [1, "s"]
			: seconds < 7_200
				? [60, "min"]
				: seconds < 172_800
					? [3_600, "h"]
					: [86_400, "d"];
	return `${Math.round(seconds / size)} ${unit}`;
}

/** The VMs at the left of the list: state, name and address. */
export function drawSide(
	{ vms }: World,
	chosen: string | null,
	columns: number,
	rows: number,
	look: Look,
): string[] {
	const { paint } = look;
	const at = indexOfVm(vms, chosen);
	const room = rows - 2;
	const top = Math.max(
		0,
		Math.min(at - Math.floor(room / 2), vms.length - room),
	);
	const lines = vms.slice(top, top + room).map((vm, index) => {
		const { mark, tone } =
			vm.outcome === null ? noMark : exchangeMarks[vm.outcome];
		const isChosen = top + index === at;
		const name = fit(cutName(vm.name, columns - 22), columns - 22);
		const text = `${name} ${fit(vm.address ?? "", 15)}`;
		return `${isChosen ? "▸" : " "}${paint(tone, mark)} ${isChosen ? paint("strong", text) : text}`;
	});
	const left = vms.length - top - lines.length;
	const all = `${at < 0 ? "▸" : " "}  all VMs`;
	const more = left > 0 ? [paint("quiet", `   ${left} more: v`)] : [];
	return [all, ...lines, ...more].map(
		(line) => `${fit(line, columns - 1)}${paint("bar", "│")}`,
	);
}
