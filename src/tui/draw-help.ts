import { cut, widthOf } from "../show/cell-width.js";
import { pad } from "./cells.js";
import { type KeyLine, keyTable, type Scope } from "./key-table.js";
import type { Look } from "./look.js";

/** The parts of help, in order. */
const titles: readonly (readonly [scopes: readonly Scope[], title: string])[] =
	[
		[["list", "rows", "always"], "everywhere on the pages"],
		[["move"], "to move"],
		[["live", "live list"], "live"],
		[["player", "player list"], "in a replay"],
		[["details"], "in details"],
		[["vms", "help"], "in the list of VMs, in help"],
		[["prompt"], "while typing"],
	];

/** All of help, made of the key table; two columns where there is room. */
export function drawHelp(columns: number, look: Look): string[] {
	const count = columns >= 130 ? 2 : 1;
	const width = Math.floor((columns - 2) / count);
	const blocks = titles.map(([scopes, title]) => [
		look.paint("strong", title),
		...keyTable
			.filter(({ when }) => scopes.includes(when))
			.map((line) => drawLine(line, look)),
		"",
	]);
	const marks = [
		look.paint("strong", "marks"),
		"  ● delivered  ✗ lost  ? cannot tell; exchanges: ◆ ◇ degraded ⊘ refused ○ unanswered",
		"  in the picture: ✗2→ lost outwards, ←✗2 lost inwards; D/A/I: DHCP/ARP/ICMP frames",
	];
	const lines = [...blocks, marks];
	const half = Math.ceil(lines.flat().length / count);
	const left: string[] = [];
	const right: string[] = [];
	for (const block of lines) {
		(left.length < half ? left : right).push(...block);
	}
	return Array.from({ length: Math.max(left.length, right.length) }, (_, at) =>
		cut(
			` ${pad(cut(left[at] ?? "", width - 1), width)}${right[at] ?? ""}`,
			columns,
		).trimEnd(),
	);
}

function drawLine({ keys, help }: KeyLine, { paint }: Look): string {
	const names = keys.join(" ");
	const missing = Math.max(1, 16 - widthOf(names));
	return `  ${paint("accent", names)}${" ".repeat(missing)}${help}`;
}
