import type { Verdict, VerdictSubject } from "../model/verdict.js";
import type { VerifyOptions } from "./assessment.js";
import type { Evidence, LogState } from "./evidence.js";
import { verifyDhcp } from "./judge-dhcp.js";
import { verifyGateway } from "./judge-gateway.js";
import type { Subject } from "./subject.js";

/** Gives the verdict on a VM by what was seen so far. */
export function verify(
	kind: VerdictSubject,
	subject: Subject,
	evidence: Evidence,
	state: LogState,
	options: VerifyOptions,
): Verdict {
	return kind === "dhcp"
		? verifyDhcp(subject, evidence, state, options)
		: verifyGateway(subject, evidence, state, options);
}
