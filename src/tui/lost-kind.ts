import type { LogTime } from "../model/capture.js";
import type { Cause, Exchange } from "../model/exchange.js";
import type { Protocol } from "../model/frame.js";
import type { Journey } from "../model/journey.js";
import type { SafeText } from "../model/safe-text.js";
import { compareTimes } from "./item.js";

/** Frames lost between two ports, one way and for the same reasons. */
export interface LostKind {
	readonly from: SafeText;
	readonly to: SafeText;
	/** As the latest exchange says; empty: none says why. */
	readonly causes: readonly Cause[];
	readonly count: number;
	/** When the latest of each protocol was seen last. */
	readonly last: ReadonlyMap<Protocol, LogTime>;
	/** The latest exchange of each protocol that tells of them. */
	readonly exchanges: ReadonlyMap<Protocol, Exchange>;
	/** When the latest frame of each protocol passed both ports, since frames were lost there. */
	readonly passed: ReadonlyMap<Protocol, LogTime>;
}

/** A kind while frames are counted. */
export interface Kind {
	readonly key: string;
	readonly from: SafeText;
	readonly to: SafeText;
	readonly causes: readonly Cause[];
	count: number;
	/** Of the frames that are not known by themselves any more. */
	readonly forgotten: Latest;
	/** The same for all kinds of one place. */
	readonly passed: Map<Protocol, LogTime>;
}

/** The latest of each protocol. */
interface Latest {
	readonly last: Map<Protocol, LogTime>;
	readonly exchanges: Map<Protocol, Exchange>;
}

/** A frame that was lost. */
export interface LostFrame {
	readonly kind: Kind;
	readonly protocol: Protocol;
	readonly time: LogTime;
	/** That tells of it; null: none does, or of another place. */
	readonly exchange: Exchange | null;
}

/** Kinds as they are now, with the latest of their frames. */
export function describeKinds(
	kinds: Iterable<Kind>,
	frames: Iterable<LostFrame>,
): LostKind[] {
	const latest = new Map<Kind, Latest>();
	for (const kind of kinds) {
		latest.set(kind, copyLatest(kind.forgotten));
	}
	for (const frame of frames) {
		const own = latest.get(frame.kind);
		if (own !== undefined) {
			note(own, frame);
		}
	}
	return Array.from(latest, ([kind, { last, exchanges }]): LostKind => {
		const { from, to, count, passed } = kind;
		const [newest] = [...exchanges.values()].sort(byTime).reverse();
		const causes = newest?.causes ?? kind.causes;
		return { from, to, causes, count, last, exchanges, passed };
	});
}

/** Kinds that are counted on by themselves, by those they are copies of. */
export function copyKinds(kinds: Iterable<Kind>): ReadonlyMap<Kind, Kind> {
	const passages = new Map<Kind["passed"], Kind["passed"]>();
	const copies = new Map<Kind, Kind>();
	for (const kind of kinds) {
		const passed = passages.get(kind.passed) ?? new Map(kind.passed);
		passages.set(kind.passed, passed);
		copies.set(kind, {
			...kind,
			forgotten: copyLatest(kind.forgotten),
			passed,
		});
	}
	return copies;
}

function copyLatest({ last, exchanges }: Latest): Latest {
	return { last: new Map(last), exchanges: new Map(exchanges) };
}

/** Notes a journey that passed both ports, one after the other. */
export function notePassage(
	passed: Map<Protocol, LogTime>,
	{ hops, protocol }: Journey,
	from: SafeText,
	to: SafeText,
): void {
	const at = hops.findIndex((hop) => hop.interface === from);
	const arrived = hops.findLast((hop) => hop.interface === to);
	const known = passed.get(protocol);
	if (
		at >= 0 &&
		arrived !== undefined &&
		hops.indexOf(arrived) > at &&
		(known === undefined || compareTimes(known, arrived.time) < 0)
	) {
		passed.set(protocol, arrived.time);
	}
}

function byTime(a: Exchange, b: Exchange): number {
	return compareTimes(a.since, b.since) || a.id - b.id;
}

/** Notes a lost frame, if it is the latest. */
export function note({ last, exchanges }: Latest, frame: LostFrame): void {
	const { protocol, time, exchange } = frame;
	const latest = last.get(protocol);
	if (latest === undefined || compareTimes(latest, time) < 0) {
		last.set(protocol, time);
	}
	const known = exchanges.get(protocol);
	if (
		exchange !== null &&
		(known === undefined || byTime(known, exchange) <= 0)
	) {
		exchanges.set(protocol, exchange);
	}
}
