import {
	loadScenarios,
	type Played,
	play,
	type Recording,
	type Scenario,
} from "../trace/recording.js";
import {
	fateOfExchange,
	fateOfJourney,
	type Mark,
	markVerdict,
} from "./construction.js";

/** The ways in which the lab records a scenario. */
export const ways = [
	"perInterface",
	"pcapng",
	"pcapngLinks",
	"sll2",
	"sll",
] as const;
export type Way = (typeof ways)[number];

export interface Marks {
	readonly right: number;
	readonly inconclusive: number;
	readonly wrong: number;
	/** What was wrong, in words. */
	readonly errors: readonly string[];
}

/** How right vmpath is on one scenario, by way of recording. */
export interface Row {
	readonly scenario: string;
	readonly marks: Readonly<Partial<Record<Way, Marks>>>;
}

/** Replays every fixture in every way, and marks each verdict by its construction. */
export async function measureAccuracy(): Promise<Row[]> {
	const scenarios = await loadScenarios();
	return scenarios.map((scenario) => {
		const entries = ways.flatMap((way) => {
			const recording: Recording | null = scenario[way];
			return recording ? [[way, mark(scenario, play(recording))]] : [];
		});
		return {
			scenario: scenario.truth.name,
			marks: Object.fromEntries(entries),
		};
	});
}

function mark({ truth }: Scenario, { journeys, exchanges }: Played): Marks {
	const counts: Record<Mark, number> = { right: 0, inconclusive: 0, wrong: 0 };
	const errors: string[] = [];
	const verdicts = [
		...journeys.map((one) => ({ one, fate: fateOfJourney(truth, one) })),
		...exchanges.map((one) => ({ one, fate: fateOfExchange(truth, one) })),
	];
	for (const { one, fate } of verdicts) {
		if (fate !== null) {
			const found = markVerdict(one, fate);
			counts[found] += 1;
			if (found === "wrong") {
				errors.push(
					`${truth.name}: ${one.summary}: said ${one.outcome}, is ${fate.outcome}`,
				);
			}
		}
	}
	return { ...counts, errors };
}

/** The rows as a table in Markdown: right / inconclusive / wrong. */
export function formatTable(rows: readonly Row[]): string {
	const head = [
		"| scenario | one pcap an interface | pcapng | pcapng, `--links` | SLL2, `--links` | SLL |",
		"| --- | --- | --- | --- | --- | --- |",
	];
	const body = rows.map(({ scenario, marks }) => {
		const cells = ways.map((way) => formatMarks(marks[way]));
		return `| \`${scenario}\` | ${cells.join(" | ")} |`;
	});
	return [...head, ...body].join("\n");
}

function formatMarks(marks: Marks | undefined): string {
	return marks === undefined
		? ""
		: `${marks.right} / ${marks.inconclusive} / ${marks.wrong}`;
}
