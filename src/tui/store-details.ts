import type { LogTime } from "../model/capture.js";
import type { Exchange } from "../model/exchange.js";
import type { Hop, Journey } from "../model/journey.js";
import { cutRow } from "./cut.js";
import { compareTimes, type Item, keyOf } from "./item.js";
import type { ItemList } from "./item-list.js";
import type { KeptFrames } from "./kept-frames.js";
import type { Details, KeptFrame, ListRow } from "./world.js";

/** Looks up journeys, exchanges and frames as they were at the moment that is shown. */
export class StoreDetails implements Details {
	readonly #list: ItemList;
	readonly #frames: KeptFrames;
	#cut: LogTime | null = null;
	/** Null: the screen is not frozen. */
	#items: readonly Item[] | null = null;
	/** Made when something is looked up in a frozen screen. */
	#byKey: Map<string, Item> | null = null;

	constructor(list: ItemList, frames: KeptFrames) {
		this.#list = list;
		this.#frames = frames;
	}

	/**
	 * @param cut what happened after it is not told; null: all is
	 * @param items there were when the screen was frozen; null: it is not
	 */
	setMoment(cut: LogTime | null, items: readonly Item[] | null): void {
		this.#cut = cut;
		this.#byKey = items === this.#items ? this.#byKey : null;
		this.#items = items;
	}

	journey(id: number): Journey | null {
		const found = this.#items
			? this.#find("journey", id)
			: this.#list.findJourney(id);
		const row = this.#tell(found);
		return row?.kind === "journey" ? row.journey : null;
	}

	exchange(id: number): Exchange | null {
		const found = this.#items
			? this.#find("exchange", id)
			: this.#list.findExchange(id);
		const row = this.#tell(found);
		return row?.kind === "exchange" ? row.exchange : null;
	}

	exchangeOf(journey: number): Exchange | null {
		const row = this.#list.findExchangeOf(journey)?.row;
		return row?.kind === "exchange" ? this.exchange(row.exchange.id) : null;
	}

	frameAt(hop: Hop): KeptFrame | null {
		return this.#frames.find(hop.interface, hop.time)[0] ?? null;
	}

	/** Those of a journey, or of all messages of an exchange. */
	framesOf(row: ListRow): readonly KeptFrame[] {
		if (row.kind === "journey") {
			const { hops, copies } = row.journey;
			return [...hops, ...copies].flatMap((hop) =>
				this.#frames.find(hop.interface, hop.time),
			);
		}
		return row.exchange.messages.flatMap((message) => {
			const journey = this.journey(message.journey);
			return journey === null
				? []
				: this.framesOf({ kind: "journey", journey, key: "" });
		});
	}

	/** What was told after the screen was frozen is not shown. */
	#find(kind: ListRow["kind"], id: number): Item | undefined {
		this.#byKey ??= new Map(
			(this.#items ?? []).map((item) => [item.row.key, item]),
		);
		return this.#byKey.get(keyOf(kind, id));
	}

	#tell(item: Item | undefined): ListRow | null {
		const cut = this.#cut;
		if (item === undefined || cut === null) {
			return item?.row ?? null;
		}
		return compareTimes(item.begin, cut) > 0
			? null
			: cutRow(item, cut, (id) => this.#list.findJourney(id));
	}
}
