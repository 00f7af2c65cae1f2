import assert from "node:assert/strict";
import { test } from "node:test";
import { type CapturedFrame, formatTimeNs } from "../../src/model/capture.js";
import type { Direction } from "../../src/model/frame.js";
import {
	loadScenarios,
	type Played,
	play,
	portNameOf,
	type Recording,
} from "./recording.js";

/** The only frames of which rule 7 tells no direction: those a bridge sees first. */
const bridges = ["br0", "virbr0"];

for (const { truth, ...recordings } of await loadScenarios()) {
	const { perInterface, pcapng, pcapngLinks, sll2 } = recordings;
	for (const recording of [perInterface, pcapng, pcapngLinks]) {
		test(`the direction of every frame is right or null: ${truth.name}, ${recording.sources[0]}`, (context) => {
			const told = directionsOf(sll2);
			const found = foundDirections(play(recording));
			let nulls = 0;
			for (const frame of recording.frames) {
				const key = keyOf(recording, frame, 14);
				const direction = found.get(placeKey(recording, frame));
				assert.ok(told.has(key), `SLL2 has no ${key}`);
				if (direction === null) {
					nulls += 1;
					assertMayBeNull(portNameOf(recording, frame), truth.name);
				} else {
					assert.equal(direction, told.get(key), key);
				}
			}
			context.diagnostic(`${nulls} of ${recording.frames.length} are null`);
		});
	}
}

/** On uplink-gone, the host also sends by ens3 itself, without its bridge. */
function assertMayBeNull(port: string | null, scenario: string): void {
	const isAlone = scenario === "uplink-gone" && port === "ens3";
	assert.ok(isAlone || bridges.includes(port ?? ""), `null at ${port}`);
}

/** Direction by port, time and bytes, from the packet type of the SLL2 header. */
function directionsOf(sll2: Recording): Map<string, Direction> {
	const outgoing = 4;
	return new Map(
		sll2.frames.map((frame) => [
			keyOf(sll2, frame, 20),
			frame.bytes[10] === outgoing ? "out" : "in",
		]),
	);
}

/** Where and when a frame was seen, in microseconds, and its bytes behind the link. */
function keyOf(
	recording: Recording,
	frame: CapturedFrame,
	headerLength: number,
): string {
	const time = frame.time ? formatTimeNs(frame.time).slice(0, -3) : "";
	const bytes = Buffer.from(frame.bytes).toString("hex", headerLength);
	return `${portNameOf(recording, frame)} ${time} ${bytes}`;
}

function placeKey(recording: Recording, frame: CapturedFrame): string {
	return `${portNameOf(recording, frame)} ${frame.time && formatTimeNs(frame.time)}`;
}

function foundDirections({ journeys }: Played): Map<string, Direction | null> {
	return new Map(
		journeys
			.flatMap(({ hops, copies }) => [...hops, ...copies])
			.map((hop) => [
				`${hop.interface} ${formatTimeNs(hop.time)}`,
				hop.direction,
			]),
	);
}
