import { elapsedNs } from "../model/capture.js";
import type { Finding } from "../model/topology.js";
import { exitOf, type Verdict, type VerdictSubject } from "../model/verdict.js";
import type { Evidence, LogState, VmCard } from "./evidence.js";
import type { Subject } from "./subject.js";

/** Findings of a host by which nothing gets to a VM or from it. */
const cuttingOff: ReadonlySet<string> = new Set([
	"tap-down",
	"tap-not-in-bridge",
	"bridge-down",
]);

/**
 * What the host said must have stood for so long, in nanoseconds: a VM that is started or
 * ended has its tap down, or in no bridge, for a moment.
 */
const standingNs = 5e9;

/**
 * The verdict on a VM of which nothing was seen, as nothing can get to it: the host's own
 * word says so, until the end of the log. Null: it does not.
 */
export function findStanding(
	kind: VerdictSubject,
	subject: Subject,
	evidence: Evidence,
	state: LogState,
): Verdict | null {
	const cuts = subject.cards.flatMap((card) => {
		const finding = findCuts(card, state).find((one) =>
			hasStood(one, evidence, state),
		);
		return finding === undefined ? [] : [{ card, finding }];
	});
	const [first] = cuts;
	// Another card may have been silent only.
	if (first === undefined || cuts.length < subject.cards.length) {
		return null;
	}
	const { card, finding } = first;
	const { id, message, evidence: command } = finding;
	const fix = finding.fix ?? "";
	return {
		subject: kind,
		vm: subject.name,
		mac: card.mac,
		outcome: "lost",
		sentence: `Nothing gets to ${subject.name} or from it: ${message}; \`${fix}\` mends it`,
		exit: exitOf("lost"),
		reason: null,
		causes: [
			{ id, certainty: "proven", evidence: [`${message} (${command})`], fix },
		],
		exchange: null,
		journeys: [],
		roundTripNs: null,
		addresses: [],
		advice: [],
	};
}

/** What cuts a card off and can be mended: of its tap, or of the bridge that this is in. */
function findCuts({ tap }: VmCard, { topology }: LogState): Finding[] {
	const port = topology?.ports.find(({ name }) => name === tap);
	const own = [port?.name, port?.master];
	return (topology?.findings ?? []).filter(
		// What is down, or loose, is named before what else that concerns.
		({ id, isProblem, concerns: [culprit], fix }) =>
			isProblem &&
			fix !== null &&
			cuttingOff.has(id) &&
			culprit !== undefined &&
			own.includes(culprit),
	);
}

function hasStood(
	finding: Finding,
	{ findings }: Evidence,
	{ end }: LogState,
): boolean {
	const since = findings.sinceOf(finding);
	return since !== null && end !== null && elapsedNs(since, end) >= standingNs;
}
