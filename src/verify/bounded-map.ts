import { AgingMap } from "../trace/aging-map.js";

/** A map that forgets what was set longest ago when there is too much in it. */
export class BoundedMap<Key, Value> {
	readonly #limit: number;
	readonly #map = new AgingMap<Key, Value>();

	constructor(limit: number) {
		this.#limit = limit;
	}

	/** Set longest ago first. */
	get values(): Value[] {
		return this.#map.values;
	}

	get(key: Key): Value | undefined {
		return this.#map.get(key);
	}

	set(key: Key, value: Value): void {
		this.#map.renew(key, value);
		this.#map.shrink(this.#limit);
	}

	delete(key: Key): void {
		this.#map.delete(key);
	}
}
