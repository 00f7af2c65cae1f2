import type { Exchange } from "../model/exchange.js";
import { dropOldest } from "../trace/drop-oldest.js";
import { compareHarm } from "./harm.js";
import { compareTimes } from "./item.js";
import type { Trouble } from "./world.js";

/** More kinds than these are not told apart: those not seen for longest go. */
const kindLimit = 256;
/** Of each kind so many of the latest are kept, should one be told again. */
const keptLimit = 16;

interface Told {
	readonly exchange: Exchange;
	/** The VM itself asked. */
	readonly isOwn: boolean;
}

interface Kind {
	count: number;
	/** The latest ones by id of the exchange. */
	readonly told: Map<number, Told>;
}

/** What went wrong, by why it did. */
export class Troubles {
	readonly #kinds = new Map<string, Kind>();

	/**
	 * @param before what was told of the same exchange before
	 * @param isOwn the VM itself asked, nobody else asked for it
	 */
	add(exchange: Exchange, before: Exchange | null, isOwn: boolean): void {
		if (before !== null) {
			this.#takeBack(before);
		}
		const key = kindOf(exchange);
		if (key === null) {
			return;
		}
		const kind = this.#kinds.get(key) ?? { count: 0, told: new Map() };
		this.#kinds.delete(key);
		this.#kinds.set(key, kind);
		kind.count += 1;
		kind.told.set(exchange.id, { exchange, isOwn });
		dropOldest(kind.told, keptLimit);
		dropOldest(this.#kinds, kindLimit);
	}

	/**
	 * Each kind once: what holds first; of that the surest cause, then the worst outcome, then
	 * what the VM itself asked, then the latest.
	 *
	 * @param holds whether nothing went well since that says otherwise
	 */
	list(holds: (exchange: Exchange) => boolean): readonly Trouble[] {
		return Array.from(this.#kinds.values(), (kind) => weigh(kind, holds))
			.sort((a, b) => a.over - b.over || byHarm(a.worst, b.worst))
			.map(({ trouble }) => trouble);
	}

	/** The same, which goes its own way from here. */
	copy(): Troubles {
		const copy = new Troubles();
		for (const [key, { count, told }] of this.#kinds) {
			copy.#kinds.set(key, { count, told: new Map(told) });
		}
		return copy;
	}

	#takeBack(exchange: Exchange): void {
		const key = kindOf(exchange) ?? "";
		const kind = this.#kinds.get(key);
		if (kind !== undefined) {
			kind.count -= 1;
			kind.told.delete(exchange.id);
			if (kind.count <= 0 || kind.told.size === 0) {
				this.#kinds.delete(key);
			}
		}
	}
}

/** A kind, and what its place among others depends on. */
interface Weighed {
	readonly trouble: Trouble;
	readonly worst: Told;
	/** 1: it is; 0: not yet. */
	readonly over: 0 | 1;
}

function weigh(
	{ count, told }: Kind,
	holds: (exchange: Exchange) => boolean,
): Weighed {
	const all = [...told.values()];
	const held = all.filter(({ exchange }) => holds(exchange));
	const over = held.length === 0 ? 1 : 0;
	const sorted = (over === 1 ? all : held).sort(byHarm);
	const worst = sorted[0] as Told;
	const { exchange } = worst;
	const others = firstOfEach(sorted).filter(
		(other) => keyOf(other) !== keyOf(exchange),
	);
	const trouble: Trouble = {
		exchange,
		...(others.length === 0 ? {} : { others }),
		count,
		...(over === 1 ? { isOver: true } : {}),
	};
	return { trouble, worst, over };
}

/** Of each VM the first; what is of none is left out. */
function firstOfEach(sorted: readonly Told[]): Exchange[] {
	const first = new Map<string, Exchange>();
	for (const { exchange } of sorted) {
		const key = keyOf(exchange);
		if (key !== null && !first.has(key)) {
			first.set(key, exchange);
		}
	}
	return [...first.values()];
}

function keyOf({ mac, vm }: Exchange): string | null {
	return mac ?? vm;
}

function byHarm(a: Told, b: Told): number {
	return (
		compareHarm(a.exchange, b.exchange) ||
		Number(b.isOwn) - Number(a.isOwn) ||
		compareTimes(b.exchange.since, a.exchange.since) ||
		b.exchange.id - a.exchange.id
	);
}

/** What makes troubles alike: their causes, else how they went wrong; null: it did not. */
export function kindOf(exchange: Exchange): string | null {
	const { causes, outcome, protocol, message } = exchange;
	if (causes.length > 0) {
		return causes
			.map(({ id }) => id)
			.sort()
			.join(" ");
	}
	if (outcome === "delivered" || outcome === "inconclusive") {
		return null;
	}
	const { lastSeen, firstMissing, reason } = exchange;
	const where = [lastSeen, firstMissing, outcome === "degraded" ? reason : ""];
	return [":", outcome, protocol, message, ...where].join(" ");
}
