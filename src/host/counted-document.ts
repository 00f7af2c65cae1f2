import type { HostDocument } from "../model/host-document.js";
import { readDropCounters } from "./drop-counters.js";
import { isSameDocument } from "./same-document.js";

/**
 * Why a document was read:
 *
 * - `watch`: something may have changed, or it is time to look;
 * - `suspicion`: a frame was lost, and a counter may tell by what;
 * - `end`: the recording ends, and counters tell what was taken since they were read last.
 */
export type Occasion = "watch" | "suspicion" | "end";

/** A document as it was handed on last, and when: milliseconds of a clock that only goes forward. */
export interface HandedOn {
	readonly document: HostDocument;
	readonly atMs: number;
}

/** Readings that differ only in counters are at least so far apart, in milliseconds. */
const pauseMs = { watch: 10_000, suspicion: 0, end: 0 } as const;
const countersPauseMs = 2000;
/** And so many milliseconds a byte of the document: it fills no log. */
const pauseMsByte = { watch: 2, suspicion: 0.05, end: 0 } as const;

/**
 * Whether a document says something that the one handed on before does not. One that
 * differs only in counters does:
 *
 * - at the end and on suspicion, also where none rose: that speaks for the rules;
 * - else when one of a rule or policy that drops rose, or the drops of a tap.
 *
 * @param nowMs of the clock of `last`
 */
export function isWorthTelling(
	document: HostDocument,
	last: HandedOn | null,
	occasion: Occasion,
	nowMs: number,
): boolean {
	if (last === null) {
		return true;
	}
	if (occasion !== "watch" && hasNewGap(document, last.document)) {
		return false;
	}
	const { type } = document;
	const isSame = isSameDocument(last.document, document);
	if (type === "host-counters") {
		return (
			!isSame && isAfterPause(document, last, occasion, nowMs, countersPauseMs)
		);
	}
	if (!isSame || type !== "host-firewall") {
		return !isSame;
	}
	const isCounted =
		occasion !== "watch" ||
		readDropCounters(document) !== readDropCounters(last.document);
	const pause = pauseMs[occasion];
	return isCounted && isAfterPause(document, last, occasion, nowMs, pause);
}

function isAfterPause(
	{ statements }: HostDocument,
	{ atMs }: HandedOn,
	occasion: Occasion,
	nowMs: number,
	leastMs: number,
): boolean {
	const bytes = JSON.stringify(statements).length;
	const pause = Math.max(leastMs, bytes * pauseMsByte[occasion]);
	// Timers are a little early or late.
	return occasion === "end" || nowMs - atMs >= pause * 0.9;
}

/** A tool that was ended, or did not answer in time, says less than is known. */
function hasNewGap(document: HostDocument, last: HostDocument): boolean {
	return document.statements.some(
		({ source, gap }) =>
			gap !== null &&
			last.statements.some((one) => one.source === source && one.gap === null),
	);
}
