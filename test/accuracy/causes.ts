import { formatTimeNs } from "../../src/model/capture.js";
import type { Cause, Exchange } from "../../src/model/exchange.js";
import {
	type Fault,
	isExpected,
	loadFaults,
	playFault,
} from "../diagnosis/fault-recordings.js";

/**
 * What is said of the exchange that a fault hits:
 *
 * - `named`: its cause and no other; `among`: its cause is one of several;
 * - `missed`: its cause is not named;
 * - `none`: nothing is wrong, and nothing is named;
 * - `wrong`: another cause is proven, or one is named where nothing is wrong.
 */
export type CauseMark = "named" | "among" | "missed" | "none" | "wrong";

/** How well the cause of one recording is found. */
export interface CauseRow {
	readonly scenario: string;
	readonly cause: string | null;
	readonly withHost: CauseResult;
	/** As if the host had said nothing. */
	readonly sightingsAlone: CauseResult;
}

interface CauseResult {
	readonly mark: CauseMark;
	readonly certainty: Cause["certainty"] | null;
	/** How many were named. */
	readonly count: number;
}

/** Replays every recorded fault, with and without what the host said of itself. */
export async function measureCauses(): Promise<CauseRow[]> {
	const rows: CauseRow[] = [];
	for (const fault of await loadFaults()) {
		const withHost = await playFault(fault);
		const sightings = await playFault(fault, () => false);
		rows.push({
			scenario: fault.truth.name,
			cause: fault.truth.cause,
			withHost: markCauses(fault, withHost.exchanges),
			sightingsAlone: markCauses(fault, sightings.exchanges),
		});
	}
	return rows;
}

function markCauses(
	{ truth: { cause, effect, sinceNs } }: Fault,
	exchanges: readonly Exchange[],
): CauseResult {
	const wrong = exchanges
		.flatMap(({ causes }) => causes)
		.find(
			({ id, certainty }) =>
				cause === null || (certainty === "proven" && id !== cause),
		);
	if (wrong !== undefined) {
		return { mark: "wrong", certainty: wrong.certainty, count: 1 };
	}
	if (cause === null) {
		return { mark: "none", certainty: null, count: 0 };
	}
	const judged = exchanges.filter((one) => isExpected(one, effect));
	const later = exchanges.filter(
		({ since, protocol }) =>
			protocol === effect?.protocol &&
			BigInt(formatTimeNs(since)) >= BigInt(sinceNs ?? 0),
	);
	const hit = judged.length > 0 ? judged : later;
	const named = hit.map(({ causes }) => causes);
	const best = named.find((causes) => causes.some(({ id }) => id === cause));
	const found = best?.find(({ id }) => id === cause);
	if (best === undefined || found === undefined) {
		return { mark: "missed", certainty: null, count: 0 };
	}
	const mark = best.length === 1 ? "named" : "among";
	return { mark, certainty: found.certainty, count: best.length };
}

/** The rows as a table in Markdown, and their sums. */
export function formatCauses(rows: readonly CauseRow[]): string {
	const head = [
		"| recording | cause | with the host's documents | by sightings alone |",
		"| --- | --- | --- | --- |",
	];
	const body = rows.map(({ scenario, cause, withHost, sightingsAlone }) => {
		const of = cause === null ? "none" : `\`${cause}\``;
		return `| \`${scenario}\` | ${of} | ${describe(withHost)} | ${describe(sightingsAlone)} |`;
	});
	const sums = (["withHost", "sightingsAlone"] as const).map((way) =>
		sumUp(rows.map((row) => row[way].mark)),
	);
	return [...head, ...body, `| all | | ${sums.join(" | ")} |`].join("\n");
}

function describe({ mark, certainty, count }: CauseResult): string {
	switch (mark) {
		case "named":
			return `named, ${certainty}`;
		case "among":
			return `among ${count}, ${certainty}`;
		case "none":
			return "none named";
		default:
			return mark;
	}
}

/** named / among several / missed / wrong, of those that have a cause. */
function sumUp(marks: readonly CauseMark[]): string {
	const count = (mark: CauseMark) =>
		marks.filter((each) => each === mark).length;
	return `${count("named")} / ${count("among")} / ${count("missed")} / ${count("wrong")}`;
}
