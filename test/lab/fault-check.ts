import { type Expectation, isMet } from "./expectation.js";
import { type ReadFrame, readFrames } from "./reader.js";

/** Parts of a recording, and what must hold of each. */
export interface Parts {
	readonly before: readonly Expectation[];
	readonly since: readonly Expectation[];
	/** Nanoseconds since the epoch; null: all is since. */
	readonly sinceNs: string | null;
}

/**
 * Holds a log against what the scenario did, with tshark as the reader.
 *
 * @returns the frames at each port
 * @throws when one was not seen as often as it had to be
 */
export async function checkLog(
	path: string,
	{ before, since, sinceNs }: Parts,
): Promise<Readonly<Record<string, number>>> {
	const frames = (await readFrames(path)).filter(
		(frame) => frame.interface !== "vmpath:host",
	);
	const start = Number(sinceNs ?? 0) / 1e9;
	const isBefore = ({ time }: ReadFrame) => Number(time) < start;
	checkFrames("before the fault", frames.filter(isBefore), before);
	const rest = frames.filter((frame) => !isBefore(frame));
	checkFrames("since the fault", rest, since);
	const counts: Record<string, number> = {};
	for (const frame of frames) {
		const port = frame.interface ?? "?";
		counts[port] = (counts[port] ?? 0) + 1;
	}
	return counts;
}

function checkFrames(
	when: string,
	frames: readonly ReadFrame[],
	expected: readonly Expectation[],
): void {
	for (const { line, at } of expected) {
		for (const [port, wanted] of Object.entries(at)) {
			const count = frames.filter(
				(frame) => frame.line === line && frame.interface === port,
			).length;
			if (!isMet(count, wanted)) {
				throw new Error(
					`${line}: ${count} at ${port} ${when}, not ${wanted}\n${listLines(frames)}`,
				);
			}
		}
	}
}

/** All there was, for whoever mends the scenario. */
function listLines(frames: readonly ReadFrame[]): string {
	const counts = new Map<string, number>();
	for (const frame of frames) {
		const key = `${frame.interface} ${frame.line}`;
		counts.set(key, (counts.get(key) ?? 0) + 1);
	}
	return Array.from(counts, ([key, count]) => `${count} × ${key}`).join("\n");
}
