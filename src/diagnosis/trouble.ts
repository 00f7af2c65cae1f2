import type { Exchange } from "../model/exchange.js";
import type { Journey } from "../model/journey.js";
import type { SafeText } from "../model/safe-text.js";

/**
 * What went wrong with an exchange:
 *
 * - `lost`: a message did not get from one port to the next;
 * - `unanswered`: the question got as far as it can be seen, and nothing came back;
 * - `refused`: the answer says no;
 * - `ignored`: the VM was handed the answer and did not go on;
 * - `contested`: several answered where one should have.
 */
export type LossKind =
	| "lost"
	| "unanswered"
	| "refused"
	| "ignored"
	| "contested";

/** The part of an exchange that a loss is made of. */
export interface Trouble {
	readonly kind: LossKind;
	readonly message: string;
	readonly journey: Journey | null;
	readonly lastSeen: SafeText | null;
	readonly firstMissing: SafeText | null;
}

/** What went wrong with an exchange; nothing, when all is well or in doubt. */
export function findTroubles(
	exchange: Exchange,
	messages: readonly Journey[],
): Trouble[] {
	const { outcome, message, lastSeen, firstMissing } = exchange;
	const isWell = exchange.protocol === "dhcp" && outcome === "delivered";
	const contest = isWell ? null : findContest(exchange, messages);
	const contests = contest === null ? [] : [contest];
	switch (outcome) {
		case "lost":
		case "unanswered":
		case "refused": {
			const journey = findDecisive(exchange, messages);
			const at = { message, journey, lastSeen, firstMissing };
			return [{ kind: outcome, ...at }, ...contests];
		}
		case "degraded":
			return [...findDegradations(exchange, messages), ...contests];
		case "delivered":
			return contests;
		case "inconclusive":
			return [];
	}
}

function findDecisive(
	{ outcome, message, lastSeen, firstMissing }: Exchange,
	messages: readonly Journey[],
): Journey | null {
	const alike = messages.filter((journey) => journey.message === message);
	const isExact = (journey: Journey) =>
		journey.lastSeen === lastSeen &&
		(outcome !== "lost" || journey.firstMissing === firstMissing);
	return alike.findLast(isExact) ?? alike.at(-1) ?? null;
}

/** What went wrong before it went right, or after all had been delivered. */
function findDegradations(
	exchange: Exchange,
	messages: readonly Journey[],
): Trouble[] {
	const lost = messages.find(({ outcome }) => outcome === "lost");
	if (lost !== undefined) {
		const { message, lastSeen, firstMissing } = lost;
		return [{ kind: "lost", message, journey: lost, lastSeen, firstMissing }];
	}
	const nak = messages.find(({ message }) => message === "nak");
	const offer = messages.findLast(({ message }) => message === "offer");
	const goesOn = exchange.messages.some(({ message }) => message === "request");
	if (nak !== undefined) {
		return [troubleAt("refused", nak)];
	}
	const isIgnored = exchange.message === "offer" && !goesOn;
	return offer !== undefined && isIgnored ? [troubleAt("ignored", offer)] : [];
}

/** Answers of different servers, or of different machines for one address. */
function findContest(
	{ protocol }: Exchange,
	messages: readonly Journey[],
): Trouble | null {
	const answers = messages.filter(({ message }) =>
		protocol === "dhcp" ? message === "offer" : message === "reply",
	);
	const [first] = answers;
	const other = answers.find((answer) =>
		protocol === "dhcp"
			? answer.addresses.source !== first?.addresses.source
			: answer.ethernet?.source !== first?.ethernet?.source,
	);
	return protocol === "icmp" || other === undefined
		? null
		: troubleAt("contested", other);
}

function troubleAt(kind: LossKind, journey: Journey): Trouble {
	const { message, lastSeen } = journey;
	return { kind, message, journey, lastSeen, firstMissing: null };
}
