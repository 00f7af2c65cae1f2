import type { Frame } from "../model/frame.js";
import type { Change, Sighting } from "../model/journey.js";

type Value = string | number | null;

/** Of most hops, so that all of them share it. */
export const noChanges: readonly Change[] = [];

/** What vmpath compares from hop to hop, by the names of the JSON output. */
const fields: readonly (readonly [string, (sighting: Sighting) => Value])[] = [
	["ethernet.source", ({ frame }) => frame.ethernet?.source ?? null],
	["ethernet.destination", ({ frame }) => frame.ethernet?.destination ?? null],
	["vlans", ({ frame }) => formatVlans(frame)],
	["length", ({ length }) => length],
	["ipv4.source", ({ frame }) => frame.ipv4?.source ?? null],
	["ipv4.destination", ({ frame }) => frame.ipv4?.destination ?? null],
	["ipv4.ttl", ({ frame }) => frame.ipv4?.ttl ?? null],
	["ipv4.checksum", ({ frame }) => frame.ipv4?.checksum ?? null],
	["udp.checksum", ({ frame }) => frame.udp?.checksum ?? null],
	["icmp.identifier", ({ frame }) => frame.icmp?.identifier ?? null],
	["icmp.checksum", ({ frame }) => frame.icmp?.checksum ?? null],
];

/**
 * What was different at a hop from the hop before. A field that one of the two does not
 * have (SLL2 has no destination MAC address) did not change.
 */
export function findChanges(
	before: Sighting,
	after: Sighting,
): readonly Change[] {
	if (before.frame === after.frame && before.length === after.length) {
		return noChanges;
	}
	const changes: Change[] = [];
	for (const [field, read] of fields) {
		const from = read(before);
		const to = read(after);
		if (from !== to && from !== null && to !== null) {
			changes.push({ field, from, to });
		}
	}
	return changes.length === 0 ? noChanges : changes;
}

/** Most frames have no tag. */
function formatVlans({ vlans }: Frame): string {
	return vlans.length === 0 ? "" : vlans.map(({ id }) => id).join(" ");
}
