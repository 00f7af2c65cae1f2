import type { Port } from "../model/port.js";
import type { SafeText } from "../model/safe-text.js";
import { areCable, isCableEnd } from "../topology/roles.js";
import type { Trip } from "./trip.js";

/** No frame passes more bridges in one host. */
const depthLimit = 4;

/** The bridge that a port is on, by what the host says; nothing: it does not say. */
type BridgeOf = (port: SafeText) => SafeText | null | undefined;

/**
 * What a trip passed of the cables between two ports, and of the bridges that the cables
 * join: a frame for all goes into every cable, and those to other VMs are none of its way.
 * All that it passed, where the host does not say what they join.
 */
export function findCablesBetween(
	{ legs }: Trip,
	from: Port,
	to: Port,
	bridgeOf: BridgeOf,
): readonly Port[] {
	const passed = legs.flatMap(({ sighting: { port }, direction }) =>
		port !== null &&
		(isCableEnd(port.name) || (port.role === "bridge" && direction === "in"))
			? [port]
			: [],
	);
	const ends = passed
		.map(({ name }) => name)
		.filter((name) => isCableEnd(name));
	if (ends.length === 0) {
		return [];
	}
	const [here, there] = [bridgeOf(from.name), bridgeOf(to.name)];
	if (!here || !there || ends.some((end) => !bridgeOf(end))) {
		return passed;
	}
	const way =
		here === there ? [] : findWay(here, there, ends, bridgeOf, depthLimit);
	return passed.filter(({ name }) => way?.includes(name));
}

/** Bridges and cable ends, from one bridge to another; null: they do not lead there. */
function findWay(
	from: SafeText,
	to: SafeText,
	ends: readonly SafeText[],
	bridgeOf: BridgeOf,
	depth: number,
): SafeText[] | null {
	if (from === to) {
		return [from];
	}
	const nearEnds =
		depth > 0 ? ends.filter((end) => bridgeOf(end) === from) : [];
	for (const near of nearEnds) {
		const far = ends.find((end) => areCable(near, end));
		const next = far === undefined ? null : bridgeOf(far);
		if (far && next) {
			const rest = ends.filter((end) => end !== near && end !== far);
			const way = findWay(next, to, rest, bridgeOf, depth - 1);
			if (way !== null) {
				return [from, near, far, ...way];
			}
		}
	}
	return null;
}
