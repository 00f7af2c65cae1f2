import { elapsedNs, type LogTime } from "../model/capture.js";
import type { Cause, Exchange, Lease } from "../model/exchange.js";
import { certaintyMarks, nameCauses } from "../show/cause-lines.js";
import { cut, widthOf } from "../show/cell-width.js";
import { exchangeMarks, exchangeToText } from "../show/exchange-text.js";
import { formatTimeOfDay } from "../show/units.js";
import { cutName, fit } from "./cells.js";
import { formatDuration } from "./dhcp-option-values.js";
import { drawHandshake, handshakeColumns } from "./handshake.js";
import type { Look } from "./look.js";
import { hang } from "./page-lines.js";
import type { VmState, World } from "./world.js";

const gap = "  ";
const addressColumns = 15;
const timeColumns = 12;

/** Cells of the columns; 0: it is not there. */
interface Grid {
	readonly name: number;
	readonly time: number;
	readonly server: number;
	readonly left: number;
}

/** Room that most verdicts need. */
const verdictColumns = 30;

function chooseGrid(vms: readonly VmState[], columns: number): Grid {
	const longest = Math.max(4, ...vms.map(({ name }) => widthOf(name)));
	const isNarrow = columns < 100;
	const name = Math.min(isNarrow ? 12 : 30, longest);
	const left = isNarrow ? 10 : 19;
	const taken = 3 + name + handshakeColumns + addressColumns + left + 4 * 2;
	const room = columns - taken - verdictColumns;
	const hasServer = room >= addressColumns + 2;
	const hasTime = room >= addressColumns + timeColumns + 4;
	return {
		name,
		time: hasTime ? timeColumns : 0,
		server: hasServer ? addressColumns : 0,
		left,
	};
}

/**
 * A line a VM: how far its latest DHCP exchange came, who answered, its address, how long
 * the lease still lasts, and what is to be said of it; below a problem, why.
 */
export function drawDhcp(world: World, columns: number, look: Look): string[] {
	const { vms, now } = world;
	if (vms.length === 0) {
		return [look.paint("quiet", " no VM is known, and none was seen")];
	}
	const grid = chooseGrid(vms, columns);
	const heading = [
		`   ${fit("VM", grid.name)}`,
		...(grid.time > 0 ? [fit("SINCE", grid.time)] : []),
		fit("HANDSHAKE", handshakeColumns),
		...(grid.server > 0 ? [fit("SERVER", grid.server)] : []),
		fit("ADDRESS", addressColumns),
		fit("LEASE LEFT", grid.left),
		"VERDICT",
	].join(gap);
	return [
		look.paint("quiet", cut(heading, columns)),
		...vms.flatMap((vm) => drawVm(vm, now, grid, columns, look)),
	];
}

function drawVm(
	vm: VmState,
	now: LogTime | null,
	grid: Grid,
	columns: number,
	look: Look,
): string[] {
	const { dhcp, name } = vm;
	const { paint } = look;
	const label = fit(cutName(name, grid.name), grid.name);
	if (dhcp === null) {
		return [cut(paint("quiet", ` · ${label}${gap}${tellUnseen(vm)}`), columns)];
	}
	const { mark, tone } = exchangeMarks[dhcp.outcome];
	const start = [
		` ${paint(tone, mark)} ${label}`,
		...(grid.time > 0
			? [paint("quiet", fit(formatTimeOfDay(dhcp.since), grid.time))]
			: []),
		drawHandshake(dhcp, look),
		...(grid.server > 0
			? [fit(dhcp.server ?? "none answered", grid.server)]
			: []),
		fit(dhcp.lease?.address ?? "none", addressColumns),
		drawLeft(dhcp.lease, now, grid, look),
	].join(gap);
	const [outcome = ""] = exchangeToText(dhcp, (_tone, text) => text).path;
	const known = dhcp.lease === null ? tellAddress(vm) : null;
	const verdict = known === null ? outcome : `${outcome}, ${known}`;
	const whole = `${start}${gap}${paint(tone, verdict)}`;
	const isBelow = widthOf(whole) > columns;
	return [
		isBelow ? cut(start, columns) : whole,
		...(isBelow
			? hang("     ", verdict, columns, (line) => paint(tone, line))
			: []),
		...tellWhy(dhcp, columns, look),
	];
}

/** `58 min of 1 h`, `58 min`, `expired` */
function drawLeft(
	lease: Lease | null,
	now: LogTime | null,
	{ left: width }: Grid,
	{ paint }: Look,
): string {
	if (lease === null) {
		return paint("quiet", fit("no lease", width));
	}
	const { seconds, since } = lease;
	if (seconds === null || now === null) {
		return fit("not told", width);
	}
	if (seconds === 0xffffffff) {
		return fit("for ever", width);
	}
	const left = seconds - elapsedNs(since, now) / 1e9;
	if (left <= 0) {
		return paint("bad", fit("expired", width));
	}
	const told = formatDuration(left);
	const whole = `${told} of ${formatDuration(seconds)}`;
	return fit(widthOf(whole) <= width ? whole : told, width);
}

function tellWhy(
	{ causes, reason }: Exchange,
	columns: number,
	{ paint }: Look,
): string[] {
	const [first] = causes;
	if (first === undefined) {
		return reason === null ? [] : [cut(`     ${reason}`, columns)];
	}
	const { mark, tone } = certaintyMarks[first.certainty];
	const line = `     ${paint(tone, mark)} ${tellCauses(causes, first)}`;
	return [cut(line, columns)];
}

/** Of what is only possible there is mostly more than one. */
function tellCauses(causes: readonly Cause[], first: Cause): string {
	const [evidence] = first.evidence;
	if (causes.length === 1) {
		const named = nameCauses(causes);
		return evidence === undefined ? named : `${named}: ${evidence}`;
	}
	const equal = causes.filter(({ certainty }) => certainty === first.certainty);
	const names = equal.map(({ id }) => id);
	const joined = names.join(first.certainty === "proven" ? " and " : " or ");
	return `${first.certainty}: ${joined}`;
}

const sources: Readonly<Record<string, string>> = {
	lease: "as the host's leases say",
	dhcp: "as DHCP said before",
	arp: "as its ARP says",
	"arp-table": "as the host's ARP table says",
	agent: "as its guest agent says",
};

/** `has 192.168.100.61, as its ARP says`; null: nobody said. */
function tellAddress({ address, addressSource }: VmState): string | null {
	const source = sources[addressSource ?? ""];
	return address === null
		? null
		: [`has ${address}`, ...(source ? [source] : [])].join(", ");
}

/** What is known of a VM that was not seen to ask. */
function tellUnseen(vm: VmState): string {
	const { state, taps } = vm;
	const isOff = state !== null && taps.length === 0;
	const known = tellAddress(vm) ?? (isOff ? null : "no address is known");
	return [
		"no DHCP seen",
		...(state === null || state === "running" ? [] : [state]),
		...(known === null ? [] : [known]),
	].join(", ");
}
