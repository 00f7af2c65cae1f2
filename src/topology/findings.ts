import type { Finding } from "../model/topology.js";
import { findBridgeFaults } from "./bridge-findings.js";
import { dropRepeats, type Facts, layGrounds } from "./finding.js";
import { findNetworkFaults } from "./network-findings.js";
import { findNicFaults } from "./nic-findings.js";
import { findPathFaults } from "./path-findings.js";

/** Most findings that are kept, problems first. */
const findingLimit = 500;

/**
 * Looks for contradictions in what the host says. Problems come first; a healthy host
 * has none of them.
 */
export function findFindings(facts: Facts): Finding[] {
	const grounds = layGrounds(facts);
	const all = dropRepeats([
		...findNicFaults(grounds),
		...findBridgeFaults(grounds),
		...findPathFaults(grounds),
		...findNetworkFaults(grounds),
	]);
	const problems = all.filter(({ isProblem }) => isProblem);
	const notes = all.filter(({ isProblem }) => !isProblem);
	return [...problems, ...notes].slice(0, findingLimit);
}
