/** A map that forgets what was set longest ago when there is too much in it. */
export class BoundedMap<Key, Value> {
	readonly #limit: number;
	/** Set longest ago first. */
	readonly #map = new Map<Key, Value>();

	constructor(limit: number) {
		this.#limit = limit;
	}

	get values(): Value[] {
		return [...this.#map.values()];
	}

	get(key: Key): Value | undefined {
		return this.#map.get(key);
	}

	set(key: Key, value: Value): void {
		this.#map.delete(key);
		this.#map.set(key, value);
		if (this.#map.size > this.#limit) {
			const [oldest] = this.#map.keys();
			this.#map.delete(oldest as Key);
		}
	}

	delete(key: Key): void {
		this.#map.delete(key);
	}
}
