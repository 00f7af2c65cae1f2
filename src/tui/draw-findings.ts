import type { Exchange } from "../model/exchange.js";
import type { Finding } from "../model/topology.js";
import { exchangeToText } from "../show/exchange-text.js";
import { listRemarks } from "../show/topology-remarks.js";
import { formatCount } from "../show/units.js";
import {
	type Entry,
	type EntryPage,
	joinParts,
	type Opening,
	type PagePart,
} from "./entry-page.js";
import { drawCauses } from "./exchange-facts.js";
import type { Look } from "./look.js";
import { drawSection, hang } from "./page-lines.js";
import { kindOf } from "./troubles.js";
import type { Trouble, World } from "./world.js";

/** More troubles than these are only counted. */
const troubleLimit = 50;

/**
 * What is wrong with the host, each with the command that shows it and the one that mends
 * it; what went wrong with exchanges, and why; what is worth knowing; what could not be
 * read. The cursor goes to each of them, and to each cause.
 */
export function drawFindings(
	world: World,
	columns: number,
	look: Look,
): EntryPage {
	const { findings, troubles, topology } = world;
	const problems = findings.filter(({ isProblem }) => isProblem);
	const notes = findings.filter(({ isProblem }) => !isProblem);
	const isFine = problems.length === 0 && troubles.length === 0;
	const blocks: readonly (readonly PagePart[])[] = [
		isFine ? [{ rows: sayFine(world, columns, look) }] : [],
		drawRemarks({ findings: problems }, columns, look),
		drawTroubles(troubles, columns, look),
		drawRemarks({ findings: notes }, columns, look),
		drawRemarks({ gaps: topology?.gaps ?? [] }, columns, look),
	];
	const parts = blocks
		.filter((block) => block.length > 0)
		.flatMap((block, at) => (at === 0 ? block : [{ rows: [""] }, ...block]));
	return joinParts(parts, columns);
}

const ofHost: Opening = {
	kind: "nothing",
	why: "no exchange belongs to this: the host itself says so",
};

const notRead: Opening = {
	kind: "nothing",
	why: "nothing to open: this could not be read",
};

/** What the host says of itself under a heading, each an entry; nothing: no heading. */
export function drawRemarks(
	{ findings = [], gaps = [] }: Partial<Remarks>,
	columns: number,
	look: Look,
): PagePart[] {
	const layout = { columns: columns - 1, paint: look.paint };
	const block = (remarks: Remarks) => listRemarks(remarks, layout)[0] ?? [];
	const draw = (entry: Entry, remarks: Remarks): PagePart => ({
		rows: block(remarks)
			.slice(1)
			.map((line) => ` ${line}`),
		entry,
	});
	const [heading] = block({ findings, gaps });
	return heading === undefined
		? []
		: [
				{ rows: [drawSection(heading, columns, look)] },
				...findings.map((finding) =>
					draw(entryOf(finding), { findings: [finding], gaps: [] }),
				),
				...gaps.map((gap) =>
					draw(
						{ keys: [`gap ${gap.source}`], opens: notRead },
						{ findings: [], gaps: [gap] },
					),
				),
			];
}

type Remarks = Parameters<typeof listRemarks>[0];

function entryOf({ id, concerns }: Finding): Entry {
	return { keys: [`finding ${[id, ...concerns].join(" ")}`], opens: ofHost };
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
): PagePart[] {
	if (troubles.length === 0) {
		return [];
	}
	const told = troubles.slice(0, troubleLimit);
	const left = troubles.length - told.length;
	const title = "what went wrong, what still holds first";
	return [
		{ rows: [drawSection(title, columns, look)] },
		...told.flatMap((trouble) => drawTrouble(trouble, columns, look)),
		...(left > 0
			? [{ rows: [`   ${look.paint("unsure", `… ${left} more`)}`] }]
			: []),
	];
}

/** What went wrong, and each of its causes. */
function drawTrouble(
	trouble: Trouble,
	columns: number,
	look: Look,
): PagePart[] {
	const { exchange, others = [], isOver = false } = trouble;
	const { causes } = exchange;
	const then = look.paint("quiet", "   why, as the host was then:");
	const opens: Opening = { kind: "exchange", of: [exchange, ...others] };
	const keys = [keyOf(exchange), `exchange ${exchange.id}`];
	return [
		{
			rows: [
				...drawExchange(trouble, columns, look),
				...(causes.length === 0 ? sayNoCause(exchange, look) : []),
				...(causes.length > 0 && isOver ? [then] : []),
			],
			entry: { keys, opens },
		},
		...causes.map((cause) => ({
			rows: drawCauses([cause], 3, columns, look),
			entry: { keys: [`${cause.id} of ${keys[0]}`, ...keys], opens },
		})),
	];
}

/** What stays of a trouble while there are more of it. */
function keyOf(exchange: Exchange): string {
	return `trouble ${kindOf(exchange) ?? exchange.id}`;
}

function drawExchange(
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
	];
}

/** A reason says why already. */
function sayNoCause({ reason }: Exchange, { paint }: Look): string[] {
	return reason === null ? [`   ${paint("unsure", "no cause is known")}`] : [];
}
