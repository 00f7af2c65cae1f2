import {
	type Verdict,
	type VerdictExit,
	type VerdictSubject,
	worstExit,
} from "../model/verdict.js";
import { widthOf } from "./cell-width.js";
import { exchangeMarks } from "./exchange-text.js";
import { formatCount } from "./units.js";
import {
	formatPerfdata,
	quoteLabel,
	verdictStates,
	withoutBar,
} from "./verdict-state.js";
import type { VerdictLayout } from "./verdict-text.js";
import { wrap } from "./wrap.js";

const gap = "  ";
/** Names in the first line. */
const nameLimit = 8;

/** Worst first. */
const order: readonly VerdictExit[] = [2, 3, 1, 0];

/**
 * The verdicts on several VMs: the first line counts them, as a monitoring plugin's; then
 * a row a VM, the worst first.
 */
export function showVerdicts(
	subject: VerdictSubject,
	verdicts: readonly Verdict[],
	layout: VerdictLayout,
): string {
	const { paint, hasPerfdata } = layout;
	const { word, tone } = verdictStates[worstExit(verdicts.map((v) => v.exit))];
	const perfdata = hasPerfdata
		? ` | ${verdicts.map((one) => formatPerfdata(one, quoteLabel(one.vm))).join(" ")}`
		: "";
	const first = `${paint(tone, word)}: ${withoutBar(summarize(subject, verdicts))}${perfdata}`;
	const lines = verdicts.length === 0 ? [] : ["", ...layOut(verdicts, layout)];
	return [first, ...lines].map((line) => `${line}\n`).join("");
}

const goods: Readonly<Record<VerdictSubject, string>> = {
	dhcp: "DHCP reaches",
	gateway: "the gateway is reached by",
};

function summarize(
	subject: VerdictSubject,
	verdicts: readonly Verdict[],
): string {
	if (verdicts.length === 0) {
		return "no VM is known to run here, and no frame of one was seen";
	}
	const parts = order.flatMap((exit) => {
		const some = verdicts.filter((verdict) => verdict.exit === exit);
		return some.length === 0 ? [] : [describeGroup(exit, some)];
	});
	const good = verdicts.filter(({ exit }) => exit < 2).length;
	return `${goods[subject]} ${good} of ${formatCount(verdicts.length, "VM")}${parts.length === 0 ? "" : `; ${parts.join("; ")}`}`;
}

const groups: Readonly<Record<VerdictExit, string>> = {
	0: "well",
	1: "degraded",
	2: "failed",
	3: "cannot tell",
};

function describeGroup(exit: VerdictExit, some: readonly Verdict[]): string {
	const names = some.slice(0, nameLimit).map(({ vm }) => vm);
	const more = some.length - names.length;
	return `${groups[exit]}: ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function layOut(
	verdicts: readonly Verdict[],
	{ paint, columns }: VerdictLayout,
): string[] {
	const sorted = order.flatMap((exit) =>
		verdicts.filter((verdict) => verdict.exit === exit),
	);
	const widest = (read: (verdict: Verdict) => string) =>
		Math.max(...verdicts.map((verdict) => widthOf(read(verdict))));
	const names = Math.max(
		2,
		widest(({ vm }) => vm),
	);
	const outcomes = Math.max(
		7,
		widest(({ outcome }) => outcome),
	);
	const heading = paint(
		"quiet",
		`${gap}${pad("VM", names)}${gap}${pad("VERDICT", outcomes)}${gap}SENTENCE`,
	);
	const left = 2 + names + gap.length + outcomes + gap.length;
	const rows = sorted.flatMap(({ vm, outcome, sentence }) => {
		const { mark, tone } = exchangeMarks[outcome];
		const [first = "", ...rest] =
			columns === null
				? [sentence]
				: wrap(sentence.split(" "), Math.max(20, columns - left));
		const head = `${paint(tone, mark)} ${pad(vm, names)}${gap}${paint(tone, pad(outcome, outcomes))}${gap}`;
		return [head + first, ...rest.map((line) => " ".repeat(left) + line)];
	});
	return [heading, ...rows];
}

function pad(text: string, columns: number): string {
	return text + " ".repeat(Math.max(0, columns - widthOf(text)));
}
