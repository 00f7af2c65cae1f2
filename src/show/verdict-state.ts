import type { Verdict, VerdictExit } from "../model/verdict.js";
import type { Tone } from "./style.js";

/** State words of monitoring plugins, by exit code, and how they look. */
export const verdictStates: Readonly<
	Record<VerdictExit, { readonly word: string; readonly tone: Tone }>
> = {
	0: { word: "OK", tone: "good" },
	1: { word: "WARNING", tone: "unsure" },
	2: { word: "CRITICAL", tone: "bad" },
	3: { word: "UNKNOWN", tone: "unsure" },
};

/** A bar would begin the performance data: a VM may be called so. */
export function withoutBar(text: string): string {
	return text.replaceAll("|", "\\x7c");
}

/** `rtt=0.033735s;;;0`, in seconds; `U` where nothing was measured. */
export function formatPerfdata(
	verdict: Pick<Verdict, "roundTripNs">,
	label = "rtt",
): string {
	const { roundTripNs } = verdict;
	return roundTripNs === null
		? `${label}=U`
		: `${label}=${(roundTripNs / 1e9).toFixed(6)}s;;;0`;
}

/** A label of performance data, in quotes, in which a quote is doubled. */
export function quoteLabel(label: string): string {
	return `'${withoutBar(label).replaceAll("'", "''").replaceAll("=", "\\x3d")}'`;
}
