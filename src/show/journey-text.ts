import type { Change, Hop, Journey, Outcome } from "../model/journey.js";
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

/** A journey in words, before it is laid out. */
export interface JourneyText {
	readonly mark: string;
	readonly time: string;
	readonly vm: string;
	readonly summary: string;
	/** `vnet0 → br0 → ens3 +37 µs`, painted. */
	readonly path: string;
	/** What must be said besides: where it was lost, why nothing can be said. */
	readonly remark: string;
}

export function journeyToText(journey: Journey, paint: Paint): JourneyText {
	const { mark, tone } = marks[journey.outcome];
	const [first] = journey.hops;
	return {
		mark: paint(tone, mark),
		time: first ? formatTimeOfDay(first.time) : "",
		vm: journey.vm ?? journey.mac ?? "",
		summary: journey.summary,
		path: formatPath(journey, paint),
		remark: paint(tone, formatRemark(journey)),
	};
}

function formatPath(journey: Journey, paint: Paint): string {
	const hops = journey.hops.map((hop, index) =>
		formatHop(hop, journey.hops[index - 1], paint),
	);
	const path = hops.join(paint("quiet", " → "));
	const missing = journey.firstMissing;
	const { tone } = marks[journey.outcome];
	const end = missing ? paint(tone, ` ✗ ${missing}`) : "";
	return `${path}${end}${paint("quiet", formatCopies(journey))}`;
}

/** A bridge's copy carries the stamp of the ingress: it has no time of its own. */
function formatHop(hop: Hop, before: Hop | undefined, paint: Paint): string {
	const name = hop.interface ?? "?";
	const step = before ? hop.elapsedNs - before.elapsedNs : 0;
	const elapsed = step === 0 ? "" : ` +${formatElapsed(step)}`;
	const changes = formatChanges(hop.changed);
	const note = changes === "" ? "" : ` (${changes})`;
	return `${paint("strong", name)}${paint("quiet", elapsed)}${note}`;
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

function formatCopies({ copies }: Journey): string {
	if (copies.length === 0) {
		return "";
	}
	const names = copies.map((copy) => copy.interface ?? "?").join(", ");
	return `  (${formatCount(copies.length, "copy").replace("copys", "copies")}: ${names})`;
}

function formatRemark(journey: Journey): string {
	const again = journey.reflectionOf === null ? "" : "came back in; ";
	const late = journey.revision > 0 ? "seen late; " : "";
	switch (journey.outcome) {
		case "delivered":
			return `${again}${late}`.replace(/; $/, "");
		case "lost":
			return `${again}${late}lost between ${journey.lastSeen} and ${journey.firstMissing}`;
		case "inconclusive":
			return `${again}${late}cannot tell: ${journey.reason}`;
	}
}
