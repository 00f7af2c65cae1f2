import { strictEqual as equal, deepStrictEqual as same } from "node:assert";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Recordings } from "./capture.js";
import { type Expectation, isMet } from "./expectation.js";
import { type ReadFrame, readFrames, readLinks } from "./reader.js";

/** The frames each port saw. */
type FramesByPort = ReadonlyMap<string, readonly ReadFrame[]>;

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
	const perInterface = new Map<string, readonly ReadFrame[]>();
	for (const port of ports) {
		const frames = await readFrames(join(directory, `${port}.pcap`));
		perInterface.set(port, frames);
	}
	const links = readLinks(
		await readFile(join(directory, recordings.links), "utf8"),
	);
	for (const file of [recordings.pcapng, recordings.sll2]) {
		const frames = await readFrames(join(directory, file), links);
		for (const [port, seen] of perInterface) {
			const shown = frames.filter((frame) => frame.interface === port);
			same(linesOf(shown), linesOf(seen), `${file} shows others at ${port}`);
		}
	}
	checkExpectations(perInterface, expected);
}

/** Sorted, because a capture over several interfaces is not in the order of time. */
function linesOf(frames: readonly ReadFrame[]): readonly string[] {
	return frames.map(({ line }) => line).sort();
}

function checkExpectations(
	seen: FramesByPort,
	expected: readonly Expectation[],
): void {
	for (const { line, at, identifiers } of expected) {
		for (const [port, wanted] of Object.entries(at)) {
			const frames = seen.get(port)?.filter((one) => one.line === line) ?? [];
			equal(
				isMet(frames.length, wanted),
				true,
				`${line}: ${frames.length} at ${port}, not ${wanted}`,
			);
			const found = new Set(frames.map((frame) => frame.icmpIdentifier)).size;
			equal(found, identifiers ?? found, `${line}: identifiers at ${port}`);
		}
	}
}
