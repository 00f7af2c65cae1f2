import { cut, widthOf } from "../show/cell-width.js";
import { pad } from "./cells.js";
import { type KeyLine, keyTable, type Scope } from "./key-table.js";
import type { Look } from "./look.js";
import { hang } from "./page-lines.js";
import type { View } from "./view.js";

type Part = readonly [scopes: readonly Scope[], title: string];

const pagesPart: Part = [["list", "rows", "always"], "everywhere on the pages"];
const livePart: Part = [["live", "live list"], "live"];
const playerPart: Part = [["player", "player list"], "in a replay"];
const otherParts: readonly Part[] = [
	[["move"], "to move"],
	[["details"], "in details"],
	[["vms"], "in the list of VMs"],
	[["help"], "in help"],
	[["prompt"], "while typing"],
];

/** From so many columns on no line has to be broken for there to be two of them. */
const twoFrom = 156;

const meanings: readonly (readonly [of: string, text: string])[] = [
	["frames", "● delivered  ✗ lost  ? cannot tell"],
	["exchanges", "◆ delivered  ◇ degraded  ⊘ refused  ○ unanswered"],
	["[12:34:56.789]", "an exchange, by the time of its first frame"],
	["vnet0→ens3", "a path's first and last port: no room for more"],
	["causes", "■ proven  ◪ likely  □ possible"],
	["the picture", "✗2→ lost outwards  ←✗2 inwards  (✗2→) over"],
	["", "?2→ nobody can tell  ╌ not plugged together"],
	["", "D A I: frames of DHCP, ARP, ICMP"],
	["LAN broadcasts", "who-has among other machines of the LAN: only counted"],
];

/** The parts of help: what holds as things are comes first. */
function orderParts({ player }: View): readonly Part[] {
	const [own, other] =
		player === null ? [livePart, playerPart] : [playerPart, livePart];
	return [pagesPart, own, ...otherParts, other];
}

/** All of help, made of the key table; two columns where there is room. */
export function drawHelp(view: View, columns: number, look: Look): string[] {
	const count = columns >= twoFrom ? 2 : 1;
	const width = Math.floor((columns - 2) / count);
	const blocks = orderParts(view).map(([scopes, title]) => [
		look.paint("strong", title),
		...keyTable
			.filter(({ when }) => scopes.includes(when))
			.flatMap((line) => drawLine(line, width - 2, look)),
		"",
	]);
	const marks = [
		look.paint("strong", "marks"),
		...meanings.flatMap(([of, text]) =>
			hang(`  ${pad(of, 16)}`, text, width - 2),
		),
	];
	const [left, right] = share([...blocks, marks], count);
	return Array.from({ length: Math.max(left.length, right.length) }, (_, at) =>
		cut(
			` ${pad(cut(left[at] ?? "", width - 1), width)}${right[at] ?? ""}`,
			columns,
		).trimEnd(),
	);
}

/** The blocks on one column, or on two that are as even as can be. */
function share(
	blocks: readonly (readonly string[])[],
	count: number,
): readonly [left: readonly string[], right: readonly string[]] {
	const splits = blocks.map((_block, at) => {
		const left = blocks.slice(0, at + 1).flat();
		const right = blocks.slice(at + 1).flat();
		return { left, right, height: Math.max(left.length, right.length) };
	});
	const least = Math.min(...splits.map(({ height }) => height));
	const best = splits.find(({ height }) => height === least);
	return count === 1 || best === undefined
		? [blocks.flat(), []]
		: [best.left, best.right];
}

function drawLine(
	{ keys, help }: KeyLine,
	columns: number,
	{ paint }: Look,
): string[] {
	const names = keys.join(" ");
	const missing = Math.max(1, 16 - widthOf(names));
	const lead = `  ${paint("accent", names)}${" ".repeat(missing)}`;
	return hang(lead, help, columns);
}
