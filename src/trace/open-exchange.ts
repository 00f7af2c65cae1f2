import type { Ipv4, Mac } from "../model/address.js";
import { elapsedNs, type LogTime } from "../model/capture.js";
import type { ExchangeOutcome, Lease } from "../model/exchange.js";
import type { Frame, Protocol } from "../model/frame.js";
import { type Journey, settleNs } from "../model/journey.js";
import type { Part } from "./exchange-keys.js";

/** A journey as a message of an exchange. */
export interface Message {
	readonly kind: "question" | "answer";
	journey: Journey;
	/** As first seen. */
	readonly frame: Frame;
	readonly time: LogTime;
}

/** An exchange while more messages of it may come. */
export interface OpenExchange {
	readonly id: number;
	readonly protocol: Protocol;
	/** MAC address of whoever asks. */
	readonly asker: Mac | null;
	/** What is asked for; null for DHCP. */
	readonly target: Ipv4 | null;
	/** What its messages are found by. */
	readonly keys: Set<string>;
	/** In order of time. */
	readonly messages: Message[];
	/** When it is judged, unless something comes before. */
	deadline: LogTime;
	/** Times it was told; its revision is one less. */
	told: number;
	/** Something came up since it was told. */
	isStale: boolean;
	/** DHCP that was asked for at a tap, by all that is known: nothing need prove it. */
	isAskedAtTap: boolean;
}

/** What was found out about an exchange. */
export interface ExchangeJudgement {
	readonly outcome: ExchangeOutcome;
	/** The message that decided; its journey says where it was lost or left. */
	readonly decisive: Message;
	readonly reason: string | null;
	readonly lease: Lease | null;
}

export function questionsOf({ messages }: OpenExchange): Message[] {
	return messages.filter(({ kind }) => kind === "question");
}

export function answersOf({ messages }: OpenExchange): Message[] {
	return messages.filter(({ kind }) => kind === "answer");
}

/**
 * An exchange without the messages that come last and that the end of the log cuts off:
 * what becomes of them cannot be told, and what became of those before them can. An answer
 * counts that was not lost before: it says that somebody answers.
 */
export function withoutCut(exchange: OpenExchange, end: LogTime): OpenExchange {
	const { messages } = exchange;
	const wasLost = ({ kind, journey: { message } }: Message) =>
		messages.some(
			(other) =>
				other.kind === kind &&
				other.journey.message === message &&
				isLost(other),
		);
	const last = messages.findLastIndex(
		(message) =>
			message.journey.outcome !== "inconclusive" ||
			elapsedNs(message.time, end) >= settleNs ||
			(message.kind === "answer" && !wasLost(message)),
	);
	return last < 0
		? exchange
		: { ...exchange, messages: messages.slice(0, last + 1) };
}

/** Messages kept of one exchange. */
const messageLimit = 64;

/** Begins an exchange with the frame that was seen first of it. */
export function createExchange(
	id: number,
	{ kind }: Part,
	{ protocol, arp, icmp, ipv4, dhcp, ethernet }: Frame,
): OpenExchange {
	const isAnswer = kind === "answer";
	const asked = icmp === null ? null : (ipv4?.destination ?? null);
	return {
		id,
		protocol: protocol ?? "icmp",
		asker: isAnswer
			? (arp?.targetMac ?? dhcp?.clientMac ?? null)
			: (arp?.senderMac ?? dhcp?.clientMac ?? ethernet?.source ?? null),
		target: isAnswer ? null : (arp?.targetIp ?? asked),
		keys: new Set(),
		messages: [],
		deadline: { seconds: 0, nanos: 0 },
		told: 0,
		isStale: false,
		isAskedAtTap: false,
	};
}

/**
 * Adds a message where its time says: journeys do not settle in order of time. A journey
 * that comes again takes the place it had.
 *
 * @returns how many messages were let go for it
 */
export function addMessage(exchange: OpenExchange, message: Message): number {
	const { messages } = exchange;
	exchange.isStale = true;
	const known = messages.find(
		({ journey }) => journey.id === message.journey.id,
	);
	if (known !== undefined) {
		known.journey = message.journey;
		return 0;
	}
	const later = messages.findIndex(
		({ time }) => elapsedNs(message.time, time) > 0,
	);
	messages.splice(later < 0 ? messages.length : later, 0, message);
	// The first and the last ones tell most.
	return messages.length > messageLimit
		? messages.splice(messageLimit / 2, 1).length
		: 0;
}

/** Something of it passed a VM or the host: what others say to each other is not judged. */
export function isOfInterestHere({
	messages,
	isAskedAtTap,
}: OpenExchange): boolean {
	return (
		isAskedAtTap ||
		messages.some(
			({ journey }) =>
				journey.mac !== null ||
				journey.source === "host" ||
				journey.destination === "host",
		)
	);
}

/** The message's frame did not get where it was going. */
export function isLost({ journey }: Message): boolean {
	return journey.outcome === "lost";
}

export function isDelivered({ journey }: Message): boolean {
	return journey.outcome === "delivered";
}

/** A judgement and the message it rests on. */
export function decideBy(
	decisive: Message,
	outcome: ExchangeOutcome,
	reason: string | null = null,
): ExchangeJudgement {
	return { outcome, decisive, reason, lease: null };
}

/**
 * A judgement that follows from what became of one message: lost with it, in doubt with
 * it, and `outcome` when it arrived.
 */
export function decideByFate(
	decisive: Message,
	outcome: ExchangeOutcome,
	reason: string | null = null,
): ExchangeJudgement {
	if (isLost(decisive)) {
		return decideBy(decisive, "lost");
	}
	if (!isDelivered(decisive)) {
		const { message, reason: doubt } = decisive.journey;
		return decideBy(decisive, "inconclusive", `${message}: ${doubt}`);
	}
	return decideBy(decisive, outcome, reason);
}

/** How often something was asked: `once`, `3 times`. */
export function formatTimes(count: number): string {
	return count === 1 ? "once" : `${count} times`;
}
