import { setTimeout as pause } from "node:timers/promises";

const pollMs = 20;

/**
 * Waits until `check` returns a value that is not undefined, and returns that value.
 *
 * @param what completes the sentence "waited 5000 ms for …"
 * @throws when the deadline passes first
 */
export async function waitFor<T>(
	what: string,
	deadlineMs: number,
	check: () => Promise<T | undefined>,
): Promise<T> {
	const end = performance.now() + deadlineMs;
	for (;;) {
		const value = await check();
		if (value !== undefined) {
			return value;
		}
		if (performance.now() > end) {
			throw new Error(`waited ${deadlineMs} ms for ${what}`);
		}
		await pause(pollMs);
	}
}
