import type { Exchange } from "../model/exchange.js";
import { compareTimes } from "./item.js";
import { compareOutcomes } from "./standing.js";
import type { Trouble } from "./world.js";

/** More kinds than these are not told apart: those not seen for longest go. */
const kindLimit = 256;
/** Of each kind so many of the latest are kept, should one be told again. */
const keptLimit = 16;

interface Kind {
	count: number;
	/** The latest ones by id. */
	readonly exchanges: Map<number, Exchange>;
}

/** What went wrong, by why it did. */
export class Troubles {
	readonly #kinds = new Map<string, Kind>();

	/** @param before what was told of the same exchange before */
	add(exchange: Exchange, before: Exchange | null): void {
		if (before !== null) {
			this.#takeBack(before);
		}
		const key = kindOf(exchange);
		if (key === null) {
			return;
		}
		const kind = this.#kinds.get(key) ?? { count: 0, exchanges: new Map() };
		this.#kinds.delete(key);
		this.#kinds.set(key, kind);
		kind.count += 1;
		kind.exchanges.set(exchange.id, exchange);
		dropFirst(kind.exchanges, keptLimit);
		dropFirst(this.#kinds, kindLimit);
	}

	/**
	 * Each kind once: what holds first, the worst of it, then the latest.
	 *
	 * @param holds whether nothing went well since that says otherwise
	 */
	list(holds: (exchange: Exchange) => boolean): readonly Trouble[] {
		return Array.from(this.#kinds.values(), (kind) =>
			toTrouble(kind, holds),
		).sort(byHarm);
	}

	#takeBack(exchange: Exchange): void {
		const key = kindOf(exchange) ?? "";
		const kind = this.#kinds.get(key);
		if (kind !== undefined) {
			kind.count -= 1;
			kind.exchanges.delete(exchange.id);
			if (kind.count <= 0 || kind.exchanges.size === 0) {
				this.#kinds.delete(key);
			}
		}
	}
}

function toTrouble(
	{ count, exchanges }: Kind,
	holds: (exchange: Exchange) => boolean,
): Trouble {
	const sorted = [...exchanges.values()].sort((a, b) =>
		compareTimes(a.since, b.since),
	);
	const held = sorted.findLast(holds);
	const exchange = held ?? (sorted.at(-1) as Exchange);
	return held === undefined
		? { exchange, count, isOver: true }
		: { exchange, count };
}

function byHarm(a: Trouble, b: Trouble): number {
	const [over, other] = [a, b].map(({ isOver }) => (isOver ? 1 : 0));
	const harm =
		over === 0 ? compareOutcomes(a.exchange.outcome, b.exchange.outcome) : 0;
	return (
		(over ?? 0) - (other ?? 0) ||
		harm ||
		compareTimes(b.exchange.since, a.exchange.since) ||
		b.exchange.id - a.exchange.id
	);
}

/** What makes troubles alike: their causes, else how they went wrong; null: it did not. */
function kindOf(exchange: Exchange): string | null {
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

function dropFirst<Key>(map: Map<Key, unknown>, limit: number): void {
	if (map.size > limit) {
		const [first] = map.keys();
		map.delete(first as Key);
	}
}
