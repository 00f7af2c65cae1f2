import { Heap } from "./heap.js";

/** So many orders of their own may run side by side. */
const laneLimit = 6;

/** Items in order; a queue that is cheap at both ends. */
export class Lane<Item> {
	#items: (Item | undefined)[] = [];
	#head = 0;

	get size(): number {
		return this.#items.length - this.#head;
	}

	get first(): Item | undefined {
		return this.#items[this.#head];
	}

	get last(): Item | undefined {
		return this.size > 0 ? this.#items.at(-1) : undefined;
	}

	/** The item must not come before the last one. */
	push(item: Item): void {
		this.#items.push(item);
	}

	drop(): void {
		// What was taken out must not be kept alive from here.
		this.#items[this.#head] = undefined;
		this.#head += 1;
		if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
			this.#items = this.#items.slice(this.#head);
			this.#head = 0;
		}
	}
}

/**
 * The least item by `isBefore` comes out first, as of a heap, and at less cost where items
 * come in an order, or in a few of them by turns: each finds a lane whose last item is not
 * behind it. Only what fits in none goes through a heap.
 */
export class Lanes<Item> {
	readonly #isBefore: (a: Item, b: Item) => boolean;
	readonly #lanes: Lane<Item>[] = [];
	readonly #odd: Heap<Item>;
	#size = 0;

	constructor(isBefore: (a: Item, b: Item) => boolean) {
		this.#isBefore = isBefore;
		this.#odd = new Heap(isBefore);
	}

	get size(): number {
		return this.#size;
	}

	push(item: Item): void {
		this.#size += 1;
		const lane = this.#findLane(item);
		if (lane === null) {
			this.#odd.push(item);
		} else {
			lane.push(item);
		}
	}

	/** Takes the first item, if there is one and it is due. */
	pop(isDue: (first: Item) => boolean = () => true): Item | undefined {
		const lane = this.#foremost();
		const first = (lane ?? this.#odd).first;
		if (first === undefined || !isDue(first)) {
			return undefined;
		}
		this.#size -= 1;
		if (lane === null) {
			this.#odd.pop();
		} else {
			lane.drop();
		}
		return first;
	}

	/** The lane that the first item of all stands in; null: it is an odd one, or none. */
	#foremost(): Lane<Item> | null {
		let first = this.#odd.first;
		let foremost: Lane<Item> | null = null;
		for (const lane of this.#lanes) {
			const item = lane.first;
			const isFirst =
				item !== undefined &&
				(first === undefined || this.#isBefore(item, first));
			if (isFirst) {
				first = item;
				foremost = lane;
			}
		}
		return foremost;
	}

	/** A lane that the item may stand in as the last one; null: there is none. */
	#findLane(item: Item): Lane<Item> | null {
		for (const lane of this.#lanes) {
			const { last } = lane;
			if (last === undefined || !this.#isBefore(item, last)) {
				return lane;
			}
		}
		if (this.#lanes.length === laneLimit) {
			return null;
		}
		const lane = new Lane<Item>();
		this.#lanes.push(lane);
		return lane;
	}
}
