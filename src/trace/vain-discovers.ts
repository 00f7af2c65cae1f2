import { elapsedNs, type LogTime } from "../model/capture.js";
import { AgingMap } from "./aging-map.js";
import { dhcpPatienceNs, isOfType } from "./dhcp-silence.js";
import { findDhcpClient } from "./exchange-keys.js";

import type { FindGap } from "./judge-exchange.js";
import {
	isDelivered,
	type Message,
	type OpenExchange,
	questionsOf,
} from "./open-exchange.js";

/** More clients than this are not watched. */
const clientLimit = 4096;
/** So many transactions of a client are enough to call it unanswered. */
const transactionLimit = 8;
/** Who asks again after more than this, in nanoseconds, begins anew. */
const pauseNs = 900_000_000_000;

interface Series {
	/** When the client was answered last; null: never. */
	answeredAt: LogTime | null;
	/** Transactions in which it sent a DISCOVER, the latest last. */
	transactions: readonly OpenExchange[];
}

/**
 * DISCOVERs that were sent in vain. A client may take another xid each time it asks (RFC
 * 2131 section 4.1 leaves it the choice), and so never sends one again in a transaction.
 */
export class VainDiscovers {
	readonly #clients = new AgingMap<string, Series>();

	note(exchange: OpenExchange, message: Message): void {
		const { frame, kind, time } = message;
		const client = findDhcpClient(frame);
		if (client === null) {
			return;
		}
		const series = this.#clients.get(client);
		if (kind === "answer") {
			const { answeredAt } = series ?? { answeredAt: null };
			if (series && (!answeredAt || elapsedNs(answeredAt, time) > 0)) {
				series.answeredAt = time;
			}
			return;
		}
		if (isOfType(message, "discover")) {
			const { answeredAt = null, transactions = [] } = series ?? {};
			const others = transactions.filter((other) => other !== exchange);
			this.#clients.renew(client, {
				answeredAt,
				transactions: [...others, exchange].slice(-transactionLimit),
			});
			this.#clients.shrink(clientLimit);
		}
	}

	/**
	 * The DISCOVERs that the client of an exchange had sent in other transactions before
	 * the last one of this: those that got out, and that nothing answered in all the time
	 * that they were waited for. In order of time.
	 */
	before(exchange: OpenExchange, findGap: FindGap): Message[] {
		if (exchange.protocol !== "dhcp") {
			return [];
		}
		const last = questionsOf(exchange).at(-1);
		const client = last ? findDhcpClient(last.frame) : null;
		const series = client === null ? null : this.#clients.get(client);
		if (last === undefined || !series) {
			return [];
		}
		const vain: Message[] = [];
		let next = last;
		const others = findDiscovers(series, last).filter(
			(message) => !exchange.messages.includes(message),
		);
		for (const message of others.toReversed()) {
			const isOfSeries =
				elapsedNs(message.time, next.time) <= pauseNs &&
				isDelivered(message) &&
				!hasGap(message, findGap);
			if (!isOfSeries) {
				break;
			}
			next = message;
			vain.unshift(message);
		}
		return vain;
	}

	/** A stretch of the log ends: nothing is followed from one to the next. */
	clear(): void {
		this.#clients.shrink(0);
	}
}

/** Those since the last answer, until the last question, in order of time. */
function findDiscovers(
	{ transactions, answeredAt }: Series,
	{ time: until }: Message,
): Message[] {
	return transactions
		.flatMap(questionsOf)
		.filter(
			(message) =>
				isOfType(message, "discover") &&
				elapsedNs(message.time, until) >= 0 &&
				(answeredAt === null || elapsedNs(answeredAt, message.time) > 0),
		)
		.sort((a, b) => elapsedNs(b.time, a.time));
}

/** Whether an answer may have come that was not seen. */
function hasGap({ journey, time }: Message, findGap: FindGap): boolean {
	const port = journey.hops[0]?.interface ?? null;
	return port === null || findGap(port, time, dhcpPatienceNs) !== null;
}
