/**
 * Lets the oldest entry of a map go if there are more than `limit`. It is for maps of some
 * hundreds: with thousands, AgingMap is the one that does it at once.
 *
 * @returns the value that went; undefined: none had to
 */
export function dropOldest<Key, Value>(
	map: Map<Key, Value>,
	limit: number,
): Value | undefined {
	if (map.size > limit) {
		for (const [key, value] of map) {
			map.delete(key);
			return value;
		}
	}
	return undefined;
}
