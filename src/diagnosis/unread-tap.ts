import { elapsedNs } from "../model/capture.js";
import type { SafeText } from "../model/safe-text.js";
import { safe, shellWord } from "../topology/safe-template.js";
import { likely, type Proof, proven } from "./cause-definition.js";
import type { DropReading, Facts } from "./facts.js";
import { wasHandedTo } from "./handed-to.js";
import type { Loss } from "./loss.js";

/**
 * Looks whether nobody takes what a tap is handed: its queue is full then, and it drops.
 * Of what it counted since the VM last sent a frame:
 *
 * - between two readings it dropped as many frames as were seen to be handed to it, one of
 *   the exchange among them: proven;
 * - it dropped some: likely.
 *
 * @returns null where it dropped none, which is also so while its queue still fills
 */
export function findUnread(
	facts: Facts,
	{ messages }: Loss,
	tap: SafeText,
): Proof | null {
	const spoke = facts.memory.lastSentBy(tap);
	const readings = facts
		.tapDrops(tap)
		.filter(({ at }) => spoke === null || elapsedNs(spoke, at) > 0);
	const show = safe`ip -s link show ${shellWord(tap)}`;
	const pairs = readings.flatMap((from, index) => {
		const to = readings[index + 1];
		return to !== undefined && to.dropped > from.dropped ? [{ from, to }] : [];
	});
	for (const { from, to } of pairs) {
		const handed = hasPart(messages, tap, from, to)
			? facts.memory.countHandedTo(tap, from.at, to.at)
			: null;
		if (handed !== null && to.dropped - from.dropped >= handed) {
			const frames = handed === 1 ? safe`1 frame` : safe`${handed} frames`;
			return proven(
				safe`nobody takes what ${tap} is handed: its TX drops rose from ${from.dropped} to ${to.dropped} while it was handed ${frames} that were seen (${show})`,
			);
		}
	}
	const [first] = pairs;
	return first === undefined
		? null
		: likely(
				safe`TX drops of ${tap} rose from ${first.from.dropped} to ${first.to.dropped} (${show})`,
			);
}

/** Whether a message of an exchange was handed to the tap between two readings. */
function hasPart(
	messages: Loss["messages"],
	tap: SafeText,
	from: DropReading,
	to: DropReading,
): boolean {
	return messages.some((journey) => wasHandedTo(journey, tap, from.at, to.at));
}
