import type { Cause } from "../model/exchange.js";
import { safe } from "../topology/safe-template.js";
import {
	type CauseDefinition,
	type Proof,
	possible,
	type Signature,
} from "./cause-definition.js";
import type { Facts } from "./facts.js";
import { roleOf } from "./host-lookup.js";
import type { Loss } from "./loss.js";

/** More causes than this are not told of one exchange. */
const causeLimit = 8;

/** What the host said by the time of a loss, and what it had said once all was read. */
export interface FactsAround {
	readonly atLoss: Facts;
	readonly settled: Facts;
}

interface Candidate {
	readonly definition: CauseDefinition;
	readonly proof: Proof;
}

/**
 * Names the causes of a loss:
 *
 * 1. candidates are those whose signature it has and that the host does not exclude;
 * 2. where some are proven, those alone are named;
 * 3. else one is likely: the only one that the host speaks for, or the only one left;
 * 4. all others are possible, the most frequent first.
 */
export function assess(
	definitions: readonly CauseDefinition[],
	loss: Loss,
	facts: FactsAround,
): Cause[] {
	const candidates = definitions
		.filter(({ signatures }) =>
			signatures.some((signature) =>
				hasSignature(loss, signature, facts.atLoss),
			),
		)
		.sort((a, b) => a.rank - b.rank)
		.flatMap((definition) => {
			const proof = prove(definition, loss, facts);
			return proof === "excluded" ? [] : [{ definition, proof }];
		});
	const of = (certainty: Proof["certainty"]) =>
		candidates.filter(({ proof }) => proof.certainty === certainty);
	if (of("proven").length > 0) {
		return of("proven").map((one) => describe(one, "proven", loss, facts));
	}
	const supported = of("likely");
	const others = of("possible");
	const isOne =
		(supported.length === 1 || candidates.length === 1) &&
		candidates.every(({ proof }) => !proof.isAmbiguous);
	return [...supported, ...others]
		.slice(0, causeLimit)
		.map((one, index) =>
			describe(one, isOne && index === 0 ? "likely" : "possible", loss, facts),
		);
}

/**
 * Proven is only what held both by what had been read before the loss and by what was
 * read next: in between the host may have changed without having been asked.
 */
function prove(
	definition: CauseDefinition,
	loss: Loss,
	{ atLoss, settled }: FactsAround,
): Proof | "excluded" {
	const before = lookAt(definition, loss, atLoss);
	const after = lookAt(definition, loss, settled);
	if (before === "excluded" || after === "excluded") {
		return before === after ? "excluded" : soften(before, after);
	}
	const isProven =
		before.certainty === "proven" && after.certainty === "proven";
	return isProven ? before : soften(before, after);
}

/** Where the host says nothing, other sightings may. */
function lookAt(
	{ look, isRuledOut, check }: CauseDefinition,
	loss: Loss,
	facts: Facts,
): Proof | "excluded" {
	const proof = look(facts, loss);
	if (proof !== null) {
		return proof;
	}
	return isRuledOut?.(loss, facts)
		? "excluded"
		: possible(safe`not read here, see ${check(loss)}`);
}

const order = { proven: 2, likely: 1, possible: 0 } as const;

/** The better one of two, and no more than likely. */
function soften(
	before: Proof | "excluded",
	after: Proof | "excluded",
): Proof | "excluded" {
	const [better] = [before, after]
		.filter((proof) => proof !== "excluded")
		.sort((a, b) => order[b.certainty] - order[a.certainty]);
	return better === undefined
		? "excluded"
		: {
				...better,
				certainty: better.certainty === "possible" ? "possible" : "likely",
			};
}

function describe(
	{ definition, proof }: Candidate,
	certainty: Cause["certainty"],
	loss: Loss,
	{ atLoss }: FactsAround,
): Cause {
	return {
		id: definition.id,
		certainty,
		evidence: proof.evidence,
		fix: definition.fix(atLoss, loss),
	};
}

function hasSignature(
	loss: Loss,
	signature: Signature,
	{ topology }: Facts,
): boolean {
	const { kinds, mode, protocols, messages, directions } = signature;
	const { lastSeen, firstMissing, isLetIn } = signature;
	const missing =
		loss.firstMissing === null ? null : roleOf(loss.firstMissing, topology);
	return (
		kinds.includes(loss.kind) &&
		(mode === undefined || mode === loss.mode) &&
		(protocols?.includes(loss.exchange.protocol) ?? true) &&
		(messages?.includes(loss.message) ?? true) &&
		(directions?.includes(loss.direction) ?? true) &&
		(lastSeen?.includes(roleOf(loss.lastSeen, topology)) ?? true) &&
		(firstMissing === undefined ||
			(firstMissing === null
				? missing === null
				: missing !== null && firstMissing.includes(missing))) &&
		(isLetIn === undefined || loss.isLetIn === null || loss.isLetIn === isLetIn)
	);
}
