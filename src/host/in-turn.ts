/** Maps each item, so many at a time, and keeps their order. */
export async function mapInTurn<T, R>(
	items: readonly T[],
	atOnce: number,
	map: (item: T) => Promise<R>,
): Promise<R[]> {
	const results: R[] = [];
	let next = 0;
	const work = async () => {
		for (let index = next++; index < items.length; index = next++) {
			results[index] = await map(items[index] as T);
		}
	};
	await Promise.all(Array.from({ length: atOnce }, work));
	return results;
}
