import type { Finding, Topology, TopologyGap } from "../model/topology.js";
import type { Tone } from "./style.js";
import type { Layout } from "./table.js";
import { formatCount } from "./units.js";
import { wrap } from "./wrap.js";

/** Where what helps against a gap is to be done: on this host, or on that of a log. */
type GapPlace = "here" | "captured-host";

/**
 * Blocks of lines: what is wrong, what is worth knowing, what could not be read.
 *
 * @param place a log may be of another machine than the one it is looked at on
 */
export function listRemarks(
	{ findings, gaps }: Pick<Topology, "findings" | "gaps">,
	layout: Layout,
	place: GapPlace = "captured-host",
): string[][] {
	const problems = findings.filter(({ isProblem }) => isProblem);
	const notes = findings.filter(({ isProblem }) => !isProblem);
	return [
		...showBlock(
			formatCount(problems.length, "problem"),
			problems.map((finding) => showFinding(finding, ["✗", "bad"], layout)),
		),
		...showBlock(
			"worth knowing",
			notes.map((finding) => showFinding(finding, ["•", "unsure"], layout)),
		),
		...showBlock(
			"could not be read",
			gaps.map((gap) => showGap(gap, layout, place)),
		),
	];
}

function showBlock(
	heading: string,
	remarks: readonly (readonly string[])[],
): string[][] {
	return remarks.length === 0 ? [] : [[heading, ...remarks.flat()]];
}

type Mark = readonly [mark: string, tone: Tone];

function showFinding(
	{ id, message, evidence, fix }: Finding,
	mark: Mark,
	layout: Layout,
): string[] {
	return [
		...showText(mark, `${message} (${id})`, layout),
		...showCommand("see", evidence, layout),
		...(fix === null ? [] : showCommand("fix", fix, layout)),
	];
}

function showGap(
	{ source, reason, fix }: TopologyGap,
	layout: Layout,
	place: GapPlace,
): string[] {
	const where = place === "here" ? "" : "on the captured host: ";
	return [
		...showText(["?", "unsure"], `${source}: ${reason}`, layout),
		...(fix === null ? [] : showCommand("fix", where + fix, layout)),
	];
}

function showText(
	[mark, tone]: Mark,
	text: string,
	{ columns, paint }: Layout,
): string[] {
	const lines = wrap(text.split(" "), (columns ?? Infinity) - 2);
	return lines.map((line, at) =>
		at === 0 ? `${paint(tone, mark)} ${line}` : `  ${line}`,
	);
}

/** A command keeps its line as long as it fits: people copy it. */
function showCommand(
	what: string,
	command: string,
	{ columns, paint }: Layout,
): string[] {
	const lines = wrap(command.split(" "), (columns ?? Infinity) - 7);
	return lines.map((line, at) =>
		at === 0 ? `  ${paint("quiet", `${what}:`)} ${line}` : `       ${line}`,
	);
}
