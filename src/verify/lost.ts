import { elapsedNs } from "../model/capture.js";
import type { Cause } from "../model/exchange.js";
import type { Journey } from "../model/journey.js";
import type { Subject } from "./subject.js";
import { countTimes, formatSpan, listWords } from "./words.js";

/** What a message is called: `OFFER`, `who-has 192.168.100.1`, `echo request`. */
export function nameMessage({ protocol, message, addresses }: Journey): string {
	if (protocol === "dhcp") {
		return message.toUpperCase();
	}
	if (protocol === "arp") {
		return message === "request"
			? `who-has ${addresses.destination}`
			: `is-at of ${addresses.source}`;
	}
	const words = message.replaceAll("-", " ");
	return message === "echo-request"
		? `${words} to ${addresses.destination}`
		: `${words} of ${addresses.source}`;
}

/** How often something was asked, and over which time: `three times in 7.1 s`. */
export function countAsked(asked: readonly Journey[]): string {
	const first = asked[0]?.hops[0]?.time;
	const last = asked.at(-1)?.hops[0]?.time;
	const span =
		first && last && asked.length > 1
			? ` in ${formatSpan(elapsedNs(first, last))}`
			: "";
	return `${countTimes(asked.length)}${span}`;
}

/**
 * Where a message was lost: `The OFFER for VM1 entered at ens3 and never reached vnet0:
 * it was last seen at br0`, or why, if that is known.
 */
export function describeLost(
	lost: Journey,
	{ name }: Subject,
	causes: readonly Cause[],
): string {
	const { source, hops, lastSeen, firstMissing } = lost;
	const whose = source === "vm" ? `${name}'s` : "The";
	const forWhom = source === "vm" ? "" : ` for ${name}`;
	const begun = hops[0]?.interface ?? lastSeen;
	const began = source === "host" ? "was sent at" : "entered at";
	const why = summarizeCauses(causes) ?? `it was last seen at ${lastSeen}`;
	return `${whose} ${nameMessage(lost)}${forWhom} ${began} ${begun} and never reached ${firstMissing}: ${why}`;
}

/** Whether anything is surely wrong, though all arrived: two servers, two holders. */
export function isBlamed(causes: readonly Cause[]): boolean {
	return causes.some(({ certainty }) => certainty !== "possible");
}

/**
 * What is to blame, in one line: the proof of what is proven, else the names of what
 * comes into question. Null: nothing is known.
 */
export function summarizeCauses(causes: readonly Cause[]): string | null {
	const proven = causes.find(({ certainty }) => certainty === "proven");
	const likely = causes.find(({ certainty }) => certainty === "likely");
	const one = proven ?? likely;
	if (one !== undefined) {
		const [first] = one.evidence;
		const proof = first === undefined ? "" : `: ${first}`;
		return `${one.id} (${one.certainty})${proof}`;
	}
	return causes.length === 0
		? null
		: `possibly ${listWords(
				causes.map(({ id }) => id),
				"or",
			)}`;
}
