import type { Exchange } from "../model/exchange.js";
import type { Journey } from "../model/journey.js";
import { nameOf } from "./ladder-words.js";
import type { Presenter, Totals } from "./presenter.js";
import { formatCount, formatElapsed } from "./units.js";

/** Longer diagrams nobody can read. */
const journeyLimit = 200;

/** Which journeys are drawn. */
export interface MermaidSelection {
	/** Ids of journeys; empty: all. */
	readonly journeys: readonly number[];
	/** Id of an exchange, whose journeys are drawn; null: not by exchange. */
	readonly exchange: number | null;
}

/**
 * A Mermaid sequence diagram over the ports: one arrow a step. It is written at the end,
 * when all ports are known.
 */
export class MermaidPresenter implements Presenter {
	readonly #selection: MermaidSelection;
	readonly #write: (text: string) => void;
	/** By id: a journey that comes again replaces what it was. */
	readonly #journeys = new Map<number, Journey>();
	#exchange: Exchange | null = null;
	#undrawn = 0;

	/** @param write takes whole lines, line feed included */
	constructor(selection: MermaidSelection, write: (text: string) => void) {
		this.#selection = selection;
		this.#write = write;
	}

	showFrame(): void {}

	showTopology(): void {}

	showJourney(journey: Journey): void {
		const { journeys, exchange } = this.#selection;
		const isChosen = journeys.length === 0 || journeys.includes(journey.id);
		const isKept = exchange !== null || this.#journeys.size < journeyLimit;
		if (!isChosen) {
			return;
		}
		if (isKept || this.#journeys.has(journey.id)) {
			this.#journeys.set(journey.id, journey);
		} else {
			this.#undrawn += 1;
		}
	}

	showExchange(exchange: Exchange): boolean {
		if (exchange.id === this.#selection.exchange) {
			this.#exchange = exchange;
		}
		return false;
	}

	showTotals(_totals: Totals): void {
		const journeys = this.#choose();
		const ports = findParticipants(journeys);
		const lines = [
			...ports.map((name, at) => `participant p${at} as ${escapeText(name)}`),
			...journeys.flatMap((journey) => drawJourney(journey, ports)),
			...(this.#exchange ? drawExchange(this.#exchange, ports) : []),
			...(journeys.length === 0
				? ["%% no such journey or exchange: --format jsonl tells their ids"]
				: []),
			...(this.#undrawn > 0
				? [`%% ${formatCount(this.#undrawn, "more journey")} not drawn`]
				: []),
		];
		this.#write("sequenceDiagram\n");
		this.#write(lines.map((line) => `    ${line}\n`).join(""));
	}

	#choose(): Journey[] {
		const all = [...this.#journeys.values()];
		if (this.#selection.exchange === null) {
			return all;
		}
		const ids = this.#exchange?.messages.map(({ journey }) => journey) ?? [];
		return all.filter(({ id }) => ids.includes(id));
	}
}

/** Ports in the order of the longest path they are on, the VM's side first. */
function findParticipants(journeys: readonly Journey[]): string[] {
	const paths = journeys.map(pathOf).sort((a, b) => b.length - a.length);
	return [...new Set(paths.flat())];
}

function pathOf(journey: Journey): string[] {
	const { hops, expected, firstMissing, source } = journey;
	const seen = hops.map(nameOf);
	const path = expected.length < seen.length ? seen : expected;
	const missing = firstMissing === null ? [] : [firstMissing];
	const whole = [...new Set([...path, ...seen, ...missing])];
	return source === "vm" ? whole : whole.reverse();
}

/** The first arrow says what the frame is, each how long its step took. */
function drawJourney(journey: Journey, ports: readonly string[]): string[] {
	const { hops, outcome, firstMissing, summary } = journey;
	const ids = hops.map((hop) => `p${ports.indexOf(nameOf(hop))}`);
	const text = escapeText(summary);
	const steps = hops.slice(1).map((hop, at) => {
		const elapsed = hop.elapsedNs - (hops[at]?.elapsedNs ?? 0);
		const label = at === 0 ? `${text} ` : "";
		return `${ids[at]}->>${ids[at + 1]}: ${label}+${formatElapsed(elapsed)}`;
	});
	const lines = hops.length > 1 ? steps : [`Note over ${ids[0]}: ${text}`];
	if (firstMissing === null) {
		return lines;
	}
	const missing = `p${ports.indexOf(firstMissing)}`;
	const [arrow, word] =
		outcome === "lost" ? ["-x", "lost"] : ["--)", "cannot tell"];
	return [...lines, `${ids.at(-1)}${arrow}${missing}: ${word}`];
}

function drawExchange(
	{ outcome, message, reason }: Exchange,
	ports: readonly string[],
): string[] {
	const why = reason === null ? "" : `, ${reason}`;
	const text = escapeText(`${message}: ${outcome}${why}`);
	const span = ports.length > 1 ? `p0,p${ports.length - 1}` : "p0";
	return ports.length === 0 ? [] : [`Note over ${span}: ${text}`];
}

/** `#` begins an entity, `;` ends a statement, `%%` begins a comment or directive. */
function escapeText(text: string): string {
	return text
		.replaceAll("#", "#35;")
		.replaceAll(/(?<!#35);/g, "#59;")
		.replaceAll("%", "#37;");
}
