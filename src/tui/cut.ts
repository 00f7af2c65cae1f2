import { elapsedNs, type LogTime } from "../model/capture.js";
import type { Exchange, ExchangeMessage } from "../model/exchange.js";
import type { Journey } from "../model/journey.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import { compareTimes, type Item } from "./item.js";
import type { ListRow } from "./world.js";

/** Why the outcome of what goes on is not told yet. */
export const onItsWay = "on its way";

/**
 * An item as it was at a moment after its begin: what had not happened is left out, and
 * its outcome is not told.
 *
 * @param find the journeys of an exchange, as far as they are known
 */
export function cutRow(
	item: Item,
	at: LogTime,
	find: (journey: number) => Item | undefined,
): ListRow {
	const { row } = item;
	if (hasEnded(item, at)) {
		return row;
	}
	return row.kind === "journey"
		? { ...row, journey: cutJourney(row.journey, at) }
		: { ...row, exchange: cutExchange(row.exchange, at, find) };
}

/** Whether all of it had happened. */
export function hasEnded({ begin, durationNs }: Item, at: LogTime): boolean {
	return elapsedNs(begin, at) >= durationNs;
}

function cutJourney(journey: Journey, at: LogTime): Journey {
	const isReached = ({ time }: { readonly time: LogTime }) =>
		compareTimes(time, at) <= 0;
	const hops = journey.hops.filter(isReached);
	return {
		...journey,
		hops,
		copies: journey.copies.filter(isReached),
		train: null,
		outcome: "inconclusive",
		lastSeen: hops.at(-1)?.interface ?? null,
		firstMissing: null,
		reason: onItsWay,
	};
}

function cutExchange(
	exchange: Exchange,
	at: LogTime,
	find: (journey: number) => Item | undefined,
): Exchange {
	const messages = exchange.messages.flatMap((message) =>
		cutMessage(message, at, find(message.journey)),
	);
	return {
		...exchange,
		server: null,
		messages,
		roundTrip: null,
		outcome: "inconclusive",
		message: messages.at(-1)?.message ?? exchange.message,
		lastSeen: null,
		firstMissing: null,
		reason: onItsWay,
		causes: [],
		lease: null,
		summary:
			exchange.protocol === "dhcp"
				? summarizeMessages(messages)
				: exchange.summary,
	};
}

function cutMessage(
	message: ExchangeMessage,
	at: LogTime,
	item: Item | undefined,
): ExchangeMessage[] {
	if (item === undefined || compareTimes(item.begin, at) > 0) {
		return [];
	}
	return [
		hasEnded(item, at) ? message : { ...message, outcome: "inconclusive" },
	];
}

/** `DHCP DISCOVER ×3, OFFER`, as a complete exchange is summarized. */
function summarizeMessages(messages: readonly ExchangeMessage[]): SafeText {
	const counts = new Map<string, number>();
	for (const { message } of messages) {
		const name = message.toUpperCase();
		counts.set(name, (counts.get(name) ?? 0) + 1);
	}
	const words = Array.from(counts, ([name, count]) =>
		count === 1 ? name : `${name} ×${count}`,
	);
	return makeSafe(`DHCP ${words.join(", ")}`);
}
