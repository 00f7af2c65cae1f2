import { broadcastMac, isGroupMac } from "../model/address.js";
import type { Port } from "../model/port.js";
import type { Trip } from "./trip.js";

/**
 * The ports that a trip left by which lead to where `port` leads: it, what it lies upon
 * or what lies upon it, and for an uplink the other uplinks.
 *
 * @param stack of `port`
 */
export function findExitsLike(
	{ legs }: Trip,
	port: Port,
	stack: readonly Port[],
): Port[] {
	const exits: Port[] = [];
	for (const { sighting, direction } of legs) {
		const exit = sighting.port;
		const isLike =
			exit !== null &&
			(stack.includes(exit) ||
				(port.role === "uplink" && exit.role === "uplink"));
		if (isLike && direction === "out") {
			exits.push(exit);
		}
	}
	return exits;
}

/**
 * Why a trip need not go to `port`: a frame for one card that leaves by another port than
 * the card's was not lost on the way there. The card is elsewhere now, or the bridge does
 * not know where it is. Null when it left by no other port.
 *
 * @param way ports that it should pass before: the cables that lead to it
 */
export function doubtOtherExit(
	{ legs }: Trip,
	port: Port,
	way: readonly Port[],
): string | null {
	const { ethernet } = legs[0]?.sighting.frame ?? {};
	const isForOne = !isGroupMac(ethernet?.destination ?? broadcastMac);
	const other = legs.find(
		({ direction, isRouted, sighting }) =>
			direction === "out" &&
			!isRouted &&
			sighting.port !== null &&
			sighting.port.role !== "bridge" &&
			!way.includes(sighting.port),
	);
	return isForOne && other
		? `it left by ${other.sighting.port?.name}: its destination may not be behind ${port.name} any more`
		: null;
}
