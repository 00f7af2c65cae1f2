import type { Change, Hop, Journey, Outcome } from "../model/journey.js";
import { nameOf } from "./ladder-words.js";
import type { Paint, Tone } from "./style.js";
import { formatCount, formatElapsed, formatTimeOfDay } from "./units.js";

/** How outcomes look: the mark alone says it where there are no colours. */
export const marks: Readonly<
	Record<Outcome, { readonly mark: string; readonly tone: Tone }>
> = {
	delivered: { mark: "●", tone: "good" },
	lost: { mark: "✗", tone: "bad" },
	inconclusive: { mark: "?", tone: "unsure" },
};

/** A journey in words, before it is laid out. Texts are painted, but for `summary`. */
export interface JourneyText {
	readonly mark: string;
	readonly time: string;
	readonly vm: string;
	readonly summary: string;
	/** `vnet0`, `→ br0`, `→ ens3 +37 µs`, `✗ vnet1`: where a row may break. */
	readonly path: readonly string[];
	/** Sightings off the path, by name and by number only; empty when there are none. */
	readonly copies: { readonly named: string; readonly counted: string };
	/** What must be said besides: where it was lost, why nothing can be said. */
	readonly remark: string;
	/** Puts the tone of the outcome on what is made of the remark. */
	readonly paintRemark: (text: string) => string;
}

export function journeyToText(journey: Journey, paint: Paint): JourneyText {
	const { mark, tone } = marks[journey.outcome];
	const [first] = journey.hops;
	return {
		mark: paint(tone, mark),
		time: paint("quiet", first ? formatTimeOfDay(first.time) : ""),
		vm: journey.vm ?? journey.mac ?? "",
		summary: journey.summary,
		path: formatPath(journey, paint),
		copies: formatCopies(journey, paint),
		remark: formatRemark(journey),
		paintRemark: (text) => paint(tone, text),
	};
}

/**
 * The hops, and the port that should have seen the frame next: behind `✗` when it is
 * proven that it did not get there, behind `?` when that cannot be told.
 */
function formatPath(journey: Journey, paint: Paint): string[] {
	const { hops, outcome, firstMissing } = journey;
	const path = hops.map((hop, index) => {
		const text = formatHop(hop, hops[index - 1], paint);
		return index === 0 ? text : `${paint("quiet", "→")} ${text}`;
	});
	// Another VM than those whose taps were captured sent it.
	if (journey.source === "other-vm") {
		path[0] = `${paint("quiet", "(uncaptured port) →")} ${path[0]}`;
	}
	if (firstMissing !== null) {
		const { mark, tone } = marks[outcome];
		path.push(paint(tone, `${mark} ${firstMissing}`));
	}
	return path;
}

/** A bridge's copy carries the stamp of the ingress: it has no time of its own. */
function formatHop(hop: Hop, before: Hop | undefined, paint: Paint): string {
	const step = before ? hop.elapsedNs - before.elapsedNs : 0;
	const sign = step > 0 ? "+" : "";
	const elapsed = step === 0 ? "" : ` ${sign}${formatElapsed(step)}`;
	const changes = formatChanges(hop.changed);
	const note = changes === "" ? "" : ` (${changes})`;
	return `${paint("strong", nameOf(hop))}${paint("quiet", elapsed)}${note}`;
}

/** The changes worth a word on a path; the JSON output has them all. */
const changeWords: Readonly<Record<string, (change: Change) => string>> = {
	"ipv4.source": ({ to }) => `from ${to}`,
	"ipv4.destination": ({ to }) => `to ${to}`,
	"icmp.identifier": ({ to }) => `id ${to}`,
	vlans: ({ to }) => (to === "" ? "untagged" : `vlan ${to}`),
	length: ({ to }) => `${to} bytes`,
};

function formatChanges(changes: readonly Change[]): string {
	return changes
		.flatMap((change) => changeWords[change.field]?.(change) ?? [])
		.join(", ");
}

function formatCopies(
	{ copies }: Journey,
	paint: Paint,
): JourneyText["copies"] {
	if (copies.length === 0) {
		return { named: "", counted: "" };
	}
	const count = formatCount(copies.length, "copy", "copies");
	const names = copies.map(nameOf).join(", ");
	return {
		named: paint("quiet", `(${count}: ${names})`),
		counted: paint("quiet", `(${count})`),
	};
}

function formatRemark(journey: Journey): string {
	return [
		...(journey.reflectionOf === null ? [] : ["came back in"]),
		...(journey.revision > 0 ? ["seen late"] : []),
		...formatOutcome(journey),
	].join("; ");
}

function formatOutcome(journey: Journey): string[] {
	switch (journey.outcome) {
		case "delivered":
			return [];
		case "lost":
			return [`lost between ${journey.lastSeen} and ${journey.firstMissing}`];
		case "inconclusive":
			return [`cannot tell: ${journey.reason}`];
	}
}
