import type { Exchange } from "../model/exchange.js";
import { cut } from "../show/cell-width.js";
import { exchangeToText } from "../show/exchange-text.js";
import { listRemarks } from "../show/topology-remarks.js";
import { formatCount } from "../show/units.js";
import { drawCauses } from "./exchange-facts.js";
import type { Look } from "./look.js";
import { drawSection, hang } from "./page-lines.js";
import type { Trouble, World } from "./world.js";

/** More troubles than these are only counted. */
const troubleLimit = 50;

/**
 * What is wrong with the host, each with the command that shows it and the one that mends
 * it; what went wrong with exchanges, and why; what is worth knowing; what could not be
 * read.
 */
export function drawFindings(
	world: World,
	columns: number,
	look: Look,
): string[] {
	const { findings, troubles, topology } = world;
	const layout = { columns: columns - 1, paint: look.paint };
	const remark = (block: Parameters<typeof listRemarks>[0]) =>
		listRemarks(block, layout).map(([heading = "", ...lines]) => [
			drawSection(heading, columns, look),
			...lines.map((line) => cut(` ${line}`, columns)),
		]);
	const problems = findings.filter(({ isProblem }) => isProblem);
	const notes = findings.filter(({ isProblem }) => !isProblem);
	const isFine = problems.length === 0 && troubles.length === 0;
	const blocks = [
		...(isFine ? [sayFine(world, columns, look)] : []),
		...remark({ findings: problems, gaps: [] }),
		...drawTroubles(troubles, columns, look),
		...remark({ findings: notes, gaps: [] }),
		...remark({ findings: [], gaps: topology?.gaps ?? [] }),
	];
	return blocks
		.flatMap((block, at) => (at === 0 ? block : ["", ...block]))
		.map((line) => cut(line, columns));
}

function sayFine(
	{ topology, health }: World,
	columns: number,
	look: Look,
): string[] {
	const { paint } = look;
	const limits = [
		...(topology === null
			? ["the log says nothing of the host: only frames were judged"]
			: []),
		...((health.dropped ?? 0) > 0 ? ["the capture itself lost frames"] : []),
	];
	return [
		paint("good", " ● nothing is wrong as far as is known"),
		...limits.flatMap((limit) =>
			hang("   ", limit, columns, (line) => paint("unsure", line)),
		),
	];
}

function drawTroubles(
	troubles: readonly Trouble[],
	columns: number,
	look: Look,
): string[][] {
	if (troubles.length === 0) {
		return [];
	}
	const told = troubles.slice(0, troubleLimit);
	const left = troubles.length - told.length;
	const blocks = told.map((trouble) => drawTrouble(trouble, columns, look));
	return [
		[
			drawSection("what went wrong, the surest first", columns, look),
			...blocks.flat(),
			...(left > 0 ? [look.paint("unsure", `   … ${left} more`)] : []),
		],
	];
}

function drawTrouble(
	{ exchange, count, isOver }: Trouble,
	columns: number,
	look: Look,
): string[] {
	const { paint } = look;
	const { mark, time, paintRemark } = exchangeToText(exchange, paint);
	const text = exchangeToText(exchange, (_tone, one) => one);
	const often = count > 1 ? `, ${formatCount(count, "time")}` : "";
	const times = isOver ? `${often}; later ones went well` : often;
	const head = [
		...(text.vm === "" ? [] : [`${text.vm} `]),
		exchange.protocol.toUpperCase(),
		...text.path,
	].join(" ");
	return [
		...hang(` ${mark} ${time}  `, head + times, columns, paintRemark),
		...hang("   ", exchange.summary, columns, (line) => paint("quiet", line)),
		...(exchange.reason === null
			? []
			: hang("   ", exchange.reason, columns, paintRemark)),
		...(exchange.causes.length === 0
			? sayNoCause(exchange, look)
			: drawCauses(exchange.causes, 3, columns, look)),
	];
}

/** A reason says why already. */
function sayNoCause({ reason }: Exchange, { paint }: Look): string[] {
	return reason === null ? [paint("unsure", "   no cause is known")] : [];
}
