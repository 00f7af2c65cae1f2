import type { Cause, Exchange } from "../model/exchange.js";
import type { Journey } from "../model/journey.js";
import { causeToLines, certaintyMarks } from "../show/cause-lines.js";
import { exchangeMarks, exchangeToText } from "../show/exchange-text.js";
import type { Paint } from "../show/style.js";
import { formatElapsed } from "../show/units.js";
import { formatSeconds } from "./dhcp-option-values.js";
import { formatNanos } from "./draw-hops.js";
import type { Look } from "./look.js";
import { hang } from "./page-lines.js";

const nameColumns = 10;

/** What is known of an exchange besides its messages. */
export function drawFacts(
	exchange: Exchange,
	columns: number,
	{ paint }: Look,
): string[] {
	const facts: readonly Fact[] = [
		["VM", [exchange.vm, exchange.mac].filter(Boolean).join(", ") || null],
		["xid", exchange.xid === null ? null : toXid(exchange.xid)],
		["server", exchange.server],
		["lease", describeLease(exchange)],
		["round trip", describeRoundTrip(exchange)],
	];
	return drawPairs(facts, columns, paint);
}

type Fact = readonly [name: string, value: string | null];

function drawPairs(
	facts: readonly Fact[],
	columns: number,
	paint: Look["paint"],
): string[] {
	return facts.flatMap(([name, value]) =>
		value === null
			? []
			: hang(
					`   ${paint("quiet", name.padEnd(nameColumns))}  `,
					value,
					columns,
				),
	);
}

/** What became of the exchange that a message is of. */
export function drawOutcome(
	journey: Journey,
	exchange: Exchange | null,
	columns: number,
	{ paint }: Look,
): string[] {
	if (exchange === null) {
		return [];
	}
	const { mark } = exchangeMarks[exchange.outcome];
	const [outcome = ""] = exchangeToText(exchange, plain).path;
	const isNew = exchange.reason !== null && exchange.reason !== journey.reason;
	const reason = isNew ? `, ${exchange.reason}` : "";
	return drawPairs(
		[
			["exchange", `${mark} ${outcome}${reason}`],
			["round trip", describeRoundTrip(exchange)],
		],
		columns,
		paint,
	);
}

function toXid(xid: number): string {
	return `0x${xid.toString(16).padStart(8, "0")}`;
}

function describeLease({ lease }: Exchange): string | null {
	if (lease === null) {
		return null;
	}
	const { address, server, seconds, since, routers } = lease;
	return [
		`${address}${seconds === null ? "" : ` for ${formatSeconds(seconds)}`}`,
		server === null ? "" : `from ${server}`,
		routers.length === 0
			? "no router told"
			: `router ${routers.slice(0, 4).join(", ")}`,
		`granted ${formatNanos(since)}`,
	]
		.filter((part) => part !== "")
		.join(", ");
}

/** More ports than these are not told of a round trip. */
const portLimit = 12;

/** At each port, the one next to the VM first; the difference is the share of the host. */
function describeRoundTrip({ roundTrip }: Exchange): string | null {
	const trips = Object.entries(roundTrip ?? {})
		.sort(([, a], [, b]) => b - a)
		.slice(0, portLimit);
	const [longest] = trips;
	const shortest = trips.at(-1);
	if (longest === undefined || shortest === undefined) {
		return null;
	}
	const told = trips.map(([name, ns]) => `${name} ${formatElapsed(ns)}`);
	const inside = longest[1] - shortest[1];
	return trips.length < 2
		? told.join(", ")
		: `${told.join(", ")}: ${formatElapsed(inside)} of it between ${longest[0]} and ${shortest[0]}`;
}

const plain: Paint = (_tone, text) => text;

/** Causes with their certainty, evidence and what mends them, indented by so many cells. */
export function drawCauses(
	causes: readonly Cause[],
	indent: number,
	columns: number,
	{ paint }: Look,
): string[] {
	return causes.flatMap((cause) => {
		const { mark, tone } = certaintyMarks[cause.certainty];
		return causeToLines(cause, plain).flatMap(([text, depth]) => {
			const space = " ".repeat(indent + 2 * depth);
			for (const [word, painted] of [
				[`${mark} `, paint(tone, mark)],
				["fix: ", paint("strong", "fix:")],
			] as const) {
				if (text.startsWith(word)) {
					return hang(`${space}${painted} `, text.slice(word.length), columns);
				}
			}
			return hang(space, text, columns);
		});
	});
}
