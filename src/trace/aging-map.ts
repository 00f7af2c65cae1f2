/** An entry and its neighbours in age. */
interface Entry<Key, Value> {
	readonly key: Key;
	value: Value;
	older: Entry<Key, Value> | null;
	newer: Entry<Key, Value> | null;
}

/**
 * A map that gives up its oldest entry at once. A `Map` keeps the places of entries that
 * were deleted until it is made anew, and who asks for its first key passes over all of
 * them: with 65,536 entries that took longer than all else that is done about a frame.
 */
export class AgingMap<Key, Value> {
	readonly #entries = new Map<Key, Entry<Key, Value>>();
	#oldest: Entry<Key, Value> | null = null;
	#newest: Entry<Key, Value> | null = null;

	get size(): number {
		return this.#entries.size;
	}

	/** The value that was put in first of those that are left. */
	get oldest(): Value | undefined {
		return this.#oldest?.value;
	}

	get(key: Key): Value | undefined {
		return this.#entries.get(key)?.value;
	}

	has(key: Key): boolean {
		return this.#entries.has(key);
	}

	/** A key that is known keeps its age. */
	set(key: Key, value: Value): void {
		const known = this.#entries.get(key);
		if (known === undefined) {
			this.#add({ key, value, older: this.#newest, newer: null });
		} else {
			known.value = value;
		}
	}

	/** A key that is known is the newest again. */
	renew(key: Key, value: Value): void {
		const known = this.#entries.get(key);
		if (known === undefined) {
			this.#add({ key, value, older: this.#newest, newer: null });
			return;
		}
		known.value = value;
		if (known !== this.#newest) {
			this.#unlink(known);
			known.older = this.#newest;
			known.newer = null;
			this.#link(known);
		}
	}

	delete(key: Key): boolean {
		const entry = this.#entries.get(key);
		if (entry === undefined) {
			return false;
		}
		this.#entries.delete(key);
		this.#unlink(entry);
		return true;
	}

	/** Lets the oldest entries go until no more than `limit` are left. @returns how many */
	shrink(limit: number): number {
		let count = 0;
		while (this.#oldest !== null && this.#entries.size > limit) {
			this.delete(this.#oldest.key);
			count += 1;
		}
		return count;
	}

	/** From the oldest to the newest; the entry that was given last may be deleted. */
	*[Symbol.iterator](): IterableIterator<readonly [Key, Value]> {
		let entry = this.#oldest;
		while (entry !== null) {
			const { newer } = entry;
			yield [entry.key, entry.value];
			entry = newer;
		}
	}

	/** From the oldest to the newest. */
	get values(): Value[] {
		const values: Value[] = [];
		for (let entry = this.#oldest; entry !== null; entry = entry.newer) {
			values.push(entry.value);
		}
		return values;
	}

	#add(entry: Entry<Key, Value>): void {
		this.#entries.set(entry.key, entry);
		this.#link(entry);
	}

	/** Behind the newest. */
	#link(entry: Entry<Key, Value>): void {
		if (this.#newest === null) {
			this.#oldest = entry;
		} else {
			this.#newest.newer = entry;
		}
		this.#newest = entry;
	}

	#unlink({ older, newer }: Entry<Key, Value>): void {
		if (older === null) {
			this.#oldest = newer;
		} else {
			older.newer = newer;
		}
		if (newer === null) {
			this.#newest = older;
		} else {
			newer.older = older;
		}
	}
}
