import { strictEqual as equal, deepStrictEqual as same } from "node:assert";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Recordings } from "./capture.js";
import { type Expectation, isMet } from "./expectation.js";
import { type ReadFrame, readFrames, readLinks } from "./reader.js";

/** The lines of the frames each port saw, sorted. */
type LinesByPort = ReadonlyMap<string, readonly string[]>;

/**
 * Holds a recording against what the scenario did, with tshark as the reader: every
 * file shows the same frames at the same ports, and each was seen as often as expected.
 *
 * @throws when one does not hold
 */
export async function checkRecording(
	directory: string,
	recordings: Recordings,
	expected: readonly Expectation[],
): Promise<void> {
	const ports = recordings.perInterface.map((file) =>
		file.replace(".pcap", ""),
	);
	const perInterface = new Map<string, readonly string[]>();
	for (const port of ports) {
		const frames = await readFrames(join(directory, `${port}.pcap`));
		perInterface.set(port, linesOf(frames));
	}
	const links = readLinks(
		await readFile(join(directory, recordings.links), "utf8"),
	);
	for (const file of [recordings.pcapng, recordings.sll2]) {
		const frames = await readFrames(join(directory, file), links);
		same(byPort(frames, ports), perInterface, `${file} shows other frames`);
	}
	checkExpectations(perInterface, expected);
}

function byPort(
	frames: readonly ReadFrame[],
	ports: readonly string[],
): LinesByPort {
	return new Map(
		ports.map((port) => [
			port,
			linesOf(frames.filter((frame) => frame.interface === port)),
		]),
	);
}

/** Sorted, because a capture over several interfaces is not in the order of time. */
function linesOf(frames: readonly ReadFrame[]): readonly string[] {
	return frames.map(({ line }) => line).sort();
}

function checkExpectations(
	seen: LinesByPort,
	expected: readonly Expectation[],
): void {
	for (const { line, at } of expected) {
		for (const [port, wanted] of Object.entries(at)) {
			const count = seen.get(port)?.filter((one) => one === line).length ?? 0;
			equal(
				isMet(count, wanted),
				true,
				`${line}: ${count} at ${port}, not ${wanted}`,
			);
		}
	}
}
