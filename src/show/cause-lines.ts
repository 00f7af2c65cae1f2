import type { Cause, Exchange } from "../model/exchange.js";
import type { Paint, Tone } from "./style.js";
import { type Layout, layOutBelow } from "./table.js";

/** More sets of causes than these are not remembered as told. */
const toldLimit = 1000;

/** How certainties look: the mark alone says it where there are no colours. */
export const certaintyMarks: Readonly<
	Record<Cause["certainty"], { readonly mark: string; readonly tone: Tone }>
> = {
	proven: { mark: "■", tone: "bad" },
	likely: { mark: "◪", tone: "unsure" },
	possible: { mark: "□", tone: "quiet" },
};

/** The causes of exchanges, below their rows: each set of them in full once. */
export class CauseLines {
	readonly #layout: Layout;
	readonly #told = new Set<string>();
	/** What was told in full of an exchange, by its id: counts in it may have grown since. */
	readonly #byExchange = new Map<number, string>();

	constructor(layout: Layout) {
		this.#layout = layout;
	}

	/** Whether these causes were not told in full yet; without any there is nothing to tell. */
	hasNews({ id, causes }: Exchange): boolean {
		return (
			causes.length > 0 &&
			!this.#told.has(JSON.stringify(causes)) &&
			this.#byExchange.get(id) !== nameSet(causes)
		);
	}

	/** @returns whole lines; none when the same were told before: "" */
	tell(exchange: Exchange): string {
		if (!this.hasNews(exchange)) {
			return "";
		}
		const { id, causes } = exchange;
		if (this.#told.size < toldLimit && this.#byExchange.size < toldLimit) {
			this.#told.add(JSON.stringify(causes));
			this.#byExchange.set(id, nameSet(causes));
		}
		const { paint } = this.#layout;
		return causes
			.flatMap((cause) => causeToLines(cause, paint))
			.map(([text, depth]) => layOutBelow(text, depth, this.#layout))
			.join("");
	}
}

function nameSet(causes: readonly Cause[]): string {
	return causes.map(({ id, certainty }) => `${id} ${certainty}`).join(", ");
}

/** A line, and how far it is indented. */
export type Line = readonly [text: string, depth: number];

/** What is only possible is told shortly: what to look at, not yet what to mend. */
export function causeToLines(
	{ id, certainty, evidence, fix }: Cause,
	paint: Paint,
): Line[] {
	const { mark, tone } = certaintyMarks[certainty];
	const head = `${paint(tone, mark)} ${id}, ${certainty}`;
	return certainty === "possible"
		? [[[head, ...evidence].join(": "), 0]]
		: [
				[head, 0],
				...evidence.map((text): Line => [text, 1]),
				[`${paint("strong", "fix:")} ${fix}`, 1],
			];
}

/**
 * `bridge-filter-drop (proven)`; of several: `a or b (possible)`, `a or 2 more (possible)`.
 *
 * @param most are named, the others counted
 */
export function nameCauses(
	causes: readonly Cause[],
	most = Number.POSITIVE_INFINITY,
): string {
	const [first] = causes;
	if (first === undefined) {
		return "";
	}
	const ids = causes
		.filter(({ certainty }) => certainty === first.certainty)
		.map(({ id }) => id);
	const left = ids.length - most;
	const named = left > 0 ? [...ids.slice(0, most), `${left} more`] : ids;
	return `${named.join(first.certainty === "proven" ? " and " : " or ")} (${first.certainty})`;
}
