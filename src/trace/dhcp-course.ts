import { elapsedNs, type LogTime } from "../model/capture.js";
import type { AddressCheck } from "./address-checks.js";
import { serverOf } from "./dhcp-server.js";
import { dhcpPatienceNs, isOfType } from "./dhcp-silence.js";
import {
	answersOf,
	isDelivered,
	isLost,
	type Message,
	type OpenExchange,
	questionsOf,
} from "./open-exchange.js";

/** How a client came to its lease. */
export interface Course {
	readonly outcome: "delivered" | "degraded";
	/** Why it is degraded, or took long and is not; else null. */
	readonly reason: string | null;
}

/** Judges how a client came to its lease, whatever it was that it got. */
export function judgeCourse(
	exchange: OpenExchange,
	granted: Message,
	check: AddressCheck | null,
): Course {
	const trouble = findTrouble(exchange, granted);
	if (trouble !== null) {
		return { outcome: "degraded", reason: trouble };
	}
	const delay = findDelay(exchange, granted, null);
	if (delay === null || check === null) {
		const outcome = delay === null ? "delivered" : "degraded";
		return { outcome, reason: delay };
	}
	const other = findDelay(exchange, granted, check);
	const checked = `the server checked the address for ${formatSeconds(check.tookNs)} first`;
	return other === null
		? { outcome: "delivered", reason: checked }
		: { outcome: "degraded", reason: other };
}

/** What went wrong before it went right; null: nothing. */
function findTrouble(exchange: OpenExchange, granted: Message): string | null {
	const messages = until(exchange, granted);
	const lost = messages.find(isLost);
	const servers = new Set(answersOf(exchange).map(serverOf));
	if (lost !== undefined) {
		const { message, lastSeen, firstMissing } = lost.journey;
		return `the ${message} was lost between ${lastSeen} and ${firstMissing} before it worked`;
	}
	if (messages.some((message) => isOfType(message, "nak"))) {
		return "a server refused before it worked";
	}
	return servers.size > 1
		? `${servers.size} servers answered: ${[...servers].join(", ")}`
		: null;
}

/** That it was asked for again, or came late, and no check explains it; null: neither. */
function findDelay(
	exchange: OpenExchange,
	granted: Message,
	check: AddressCheck | null,
): string | null {
	const repeated = findRepeated(exchange, check);
	if (repeated !== null) {
		return `the client sent its ${repeated} more than once`;
	}
	const messages = until(exchange, granted);
	const took = countTook(messages, granted, findOffered(exchange));
	return took - (check?.heldNs ?? 0) > dhcpPatienceNs
		? `it took ${formatSeconds(took)}`
		: null;
}

/** The messages until the client had its lease. */
function until({ messages }: OpenExchange, granted: Message): Message[] {
	return messages.filter(({ time }) => elapsedNs(time, granted.time) >= 0);
}

/**
 * The word for a message that the client sent again; null: none. Who has an OFFER and asks
 * on waits for others: iPXE does so for those of ProxyDHCP servers. Who asks while the
 * server checks the address cannot have one.
 */
function findRepeated(
	exchange: OpenExchange,
	check: AddressCheck | null,
): string | null {
	const offered = findOffered(exchange);
	const seen = new Set<string>();
	for (const question of questionsOf(exchange)) {
		const { message } = question.journey;
		const isWaiting =
			isOfType(question, "discover") &&
			((offered !== null && elapsedNs(offered, question.time) >= 0) ||
				(check !== null && elapsedNs(question.time, check.until) >= 0));
		if (seen.has(message) && !isWaiting) {
			return message;
		}
		seen.add(message);
	}
	return null;
}

/** When the client was handed its first OFFER; null: never. */
function findOffered(exchange: OpenExchange): LogTime | null {
	const offer = answersOf(exchange).find(
		(message) => isOfType(message, "offer") && isDelivered(message),
	);
	return offer?.journey.hops.at(-1)?.time ?? null;
}

/** Until the lease was granted, without the time for which a client waits for more OFFERs. */
function countTook(
	messages: readonly Message[],
	granted: Message,
	offered: LogTime | null,
): number {
	const isAskedOn = (message: Message) =>
		offered !== null &&
		isOfType(message, "discover") &&
		elapsedNs(offered, message.time) >= 0;
	const [first = granted] = messages;
	const request = messages.find((message) => isOfType(message, "request"));
	const waited =
		offered !== null && request && messages.some(isAskedOn)
			? elapsedNs(offered, request.time)
			: 0;
	return elapsedNs(first.time, granted.time) - waited;
}

function formatSeconds(ns: number): string {
	return `${(ns / 1e9).toFixed(1)} s`;
}
