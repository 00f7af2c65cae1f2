import type { Cause } from "../model/exchange.js";
import type { Verdict, VmAddress } from "../model/verdict.js";
import { causeToLines } from "./cause-lines.js";
import { cut } from "./cell-width.js";
import type { Layout } from "./table.js";
import { layOutLadder } from "./verdict-ladder.js";
import { formatPerfdata, verdictStates, withoutBar } from "./verdict-state.js";
import { wrap } from "./wrap.js";

/** How a verdict is printed. */
export interface VerdictLayout extends Layout {
	/** Performance data behind the first line, for a monitoring system. */
	readonly hasPerfdata: boolean;
}

const indent = "  ";
/** Some terminals do not know how wide they are, and say 0. */
const leastColumns = 20;

/**
 * A verdict as text. The first line is the whole answer, as monitoring plugins give it:
 * `OK: VM1 got 192.168.100.57 from 192.168.100.1 in 31 ms`. It is never cut.
 */
export function showVerdict(verdict: Verdict, layout: VerdictLayout): string {
	const blocks = [
		[formatFirstLine(verdict, layout)],
		layOutLadder(verdict, layout).map((line) => cutLine(line, layout)),
		verdict.causes.flatMap((cause) => layOutCause(cause, layout)),
		verdict.addresses.map((one) => `${indent}${formatAddress(one)}`),
		verdict.advice.flatMap((line) => breakText(`→ ${line}`, indent, layout)),
	];
	const lines = blocks
		.filter((block) => block.length > 0)
		.flatMap((block, index) => (index === 0 ? block : ["", ...block]));
	return lines.map((line) => `${line}\n`).join("");
}

function formatFirstLine(
	verdict: Verdict,
	{ paint, hasPerfdata }: VerdictLayout,
): string {
	const { word, tone } = verdictStates[verdict.exit];
	const perfdata = hasPerfdata ? ` | ${formatPerfdata(verdict)}` : "";
	return `${paint(tone, word)}: ${withoutBar(verdict.sentence)}${perfdata}`;
}

function layOutCause(cause: Cause, layout: VerdictLayout): string[] {
	return causeToLines(cause, layout.paint).flatMap(([text, depth]) =>
		breakText(text, indent.repeat(1 + depth), layout),
	);
}

function formatAddress({
	address,
	mac,
	source,
	ageSeconds,
}: VmAddress): string {
	const age = ageSeconds === null ? "" : `, ${ageSeconds} s ago`;
	return `${address}  ${mac}  (${source}${age})`;
}

function breakText(text: string, start: string, { columns }: Layout): string[] {
	const lines =
		columns === null
			? [text]
			: wrap(text.split(" "), Math.max(leastColumns, columns - start.length));
	return lines.map((line) => start + line);
}

function cutLine(line: string, { columns }: Layout): string {
	return columns === null || columns < leastColumns ? line : cut(line, columns);
}
