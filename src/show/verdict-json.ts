import {
	type Verdict,
	type VerdictSubject,
	worstExit,
} from "../model/verdict.js";
import { exchangeToJson } from "./exchange-json.js";
import { journeyToJson } from "./json.js";

/** A verdict as `vmpath-1.schema.json` describes it. */
export function verdictToJson(verdict: Verdict): object {
	const { exchange, journeys, ...rest } = verdict;
	return {
		type: "verdict",
		...rest,
		exchange: exchange && exchangeToJson(exchange),
		journeys: journeys.map(journeyToJson),
	};
}

/** The verdicts on several VMs, as one object. */
export function verdictsToJson(
	subject: VerdictSubject,
	verdicts: readonly Verdict[],
): object {
	return {
		type: "verdicts",
		subject,
		exit: worstExit(verdicts.map(({ exit }) => exit)),
		verdicts: verdicts.map(verdictToJson),
	};
}
