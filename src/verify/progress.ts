import type { VerdictSubject } from "../model/verdict.js";
import { isAttempt } from "./dhcp-attempt.js";
import type { Evidence } from "./evidence.js";
import { nameMessage } from "./lost.js";
import type { Subject } from "./subject.js";
import { isAbout } from "./verdicts.js";

/** Messages named in a line of progress. */
const shownLimit = 3;

/** What follows a message, when all goes well. */
const next: Readonly<Record<string, string>> = {
	discover: "the OFFER",
	offer: "the REQUEST",
	request: "the ACK",
	nak: "a DISCOVER",
	decline: "a DISCOVER",
};

/** What has been seen of a VM so far, and what is awaited: `DISCOVER seen, awaiting the OFFER`. */
export function describeProgress(
	kind: VerdictSubject,
	subject: Subject,
	evidence: Evidence,
): string {
	const open = subject.cards.flatMap(({ mac, tap }) =>
		evidence.clients
			.openOf(mac, tap)
			.filter((question) => isAbout(kind, question)),
	);
	const told = subject.cards.flatMap((card) =>
		evidence.exchangesOf(
			card,
			(traced) =>
				isAbout(kind, traced.exchange) &&
				(kind === "gateway" || isAttempt(traced)),
		),
	);
	const latest = told.at(-1)?.journeys ?? [];
	const seen = open.length > 0 ? open : latest;
	const names = [...new Set(seen.map(nameMessage))].slice(-shownLimit);
	const last = seen.at(-1);
	const awaited =
		last === undefined
			? awaitedFirst[kind]
			: kind === "dhcp"
				? (next[last.message] ?? "the verdict")
				: "the answer";
	return names.length === 0
		? `awaiting ${awaited}`
		: `${names.join(", ")} seen, awaiting ${awaited}`;
}

const awaitedFirst: Readonly<Record<VerdictSubject, string>> = {
	dhcp: "a DISCOVER or REQUEST",
	gateway: "a who-has or ping of its gateway",
};
