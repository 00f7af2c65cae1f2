import type { Protocol } from "../model/frame.js";
import {
	exitOf,
	type Verdict,
	type VerdictSubject,
	type VmAddress,
	worstExit,
} from "../model/verdict.js";
import type { Subject } from "./subject.js";

/** Whether traffic is what a verdict is about: DHCP, or else the way to the gateway. */
export function isAbout(
	subject: VerdictSubject,
	{ protocol }: { readonly protocol: Protocol },
): boolean {
	return (protocol === "dhcp") === (subject === "dhcp");
}

/** Of verdicts on several cards the first of the worst; null: there is none. */
export function findWorst(verdicts: readonly Verdict[]): Verdict | null {
	const worst = worstExit(verdicts.map(({ exit }) => exit));
	return verdicts.find(({ exit }) => exit === worst) ?? null;
}

/** What is told of a VM of which nothing of the kind was seen. */
interface Nothing {
	readonly subject: VerdictSubject;
	readonly sentence: string;
	readonly reason: string;
	readonly addresses: readonly VmAddress[];
	readonly advice: readonly string[];
}

/** The verdict on a VM of which nothing of the kind was seen: it cannot be told. */
export function tellNothing({ name, cards }: Subject, told: Nothing): Verdict {
	const { subject, sentence, reason, addresses, advice } = told;
	return {
		subject,
		vm: name,
		mac: cards[0]?.mac ?? null,
		outcome: "inconclusive",
		sentence,
		exit: exitOf("inconclusive"),
		reason,
		causes: [],
		exchange: null,
		journeys: [],
		roundTripNs: null,
		addresses,
		advice,
	};
}
