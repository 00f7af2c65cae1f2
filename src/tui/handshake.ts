import type { Exchange } from "../model/exchange.js";
import type { Outcome } from "../model/journey.js";
import { exchangeMarks } from "../show/exchange-text.js";
import { marks } from "../show/journey-text.js";
import type { Look } from "./look.js";

/** Cells that a handshake takes. */
export const handshakeColumns = 11;

/** Messages that stand in one place, by what is shown of them. */
const places: readonly (readonly (readonly [string, string])[])[] = [
	[
		["discover", "D"],
		["inform", "I"],
	],
	[["offer", "O"]],
	[
		["request", "R"],
		["decline", "X"],
		["release", "L"],
	],
	[
		["ack", "A"],
		["nak", "N"],
	],
];

const short: ReadonlySet<string> = new Set(["inform", "decline", "release"]);

const better: Readonly<Record<Outcome, number>> = {
	lost: 0,
	inconclusive: 1,
	delivered: 2,
};

/**
 * `D● O● R● A●`: what came through of a DHCP exchange; `D● O✗ R· A·`: where it stopped.
 * Of repeated messages the one that came furthest counts. `○` was not answered, `N⊘` is a
 * refusal; a renewal begins with R.
 */
export function drawHandshake(exchange: Exchange, look: Look): string {
	const found = places.map((place) => findBest(place, exchange));
	const first = found.findIndex((one) => one !== null);
	const last = found.findLastIndex((one) => one !== null);
	// Nothing answers a RELEASE or a DECLINE, and an ACK alone an INFORM.
	const isShort = found.some((one) => one !== null && short.has(one.message));
	const cells = places.map((place, at) => {
		const one = found[at] ?? null;
		if (one !== null) {
			return drawSeen(one, at === last, exchange, look);
		}
		const [[, letter] = ["", ""]] = place;
		return at < first || isShort ? "  " : look.paint("quiet", `${letter}·`);
	});
	return cells.join(" ");
}

interface Seen {
	readonly letter: string;
	readonly message: string;
	readonly outcome: Outcome;
}

function findBest(
	place: readonly (readonly [string, string])[],
	{ messages }: Exchange,
): Seen | null {
	const seen = place.flatMap(([name, letter]) =>
		messages
			.filter(({ message }) => message === name)
			.map(({ outcome }) => ({ letter, message: name, outcome })),
	);
	return seen.reduce<Seen | null>(
		(best, one) =>
			best === null || better[one.outcome] >= better[best.outcome] ? one : best,
		null,
	);
}

function drawSeen(
	{ letter, message, outcome }: Seen,
	isLast: boolean,
	exchange: Exchange,
	{ paint }: Look,
): string {
	const isUnanswered =
		isLast && exchange.outcome === "unanswered" && outcome === "delivered";
	// Of the exchange it is known even where a single message cannot be told of.
	const isLost = exchange.outcome === "lost" && exchange.message === message;
	const { mark, tone } = isLost
		? marks.lost
		: message === "nak"
			? exchangeMarks.refused
			: isUnanswered
				? exchangeMarks.unanswered
				: marks[outcome];
	return letter + paint(tone, mark);
}
