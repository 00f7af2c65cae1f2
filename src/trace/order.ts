import { isSameTime, type Leg, type Trip } from "./trip.js";

/**
 * Whether the stamps of a trip contradict the order in which it was put, where nothing
 * else tells it: an egress has the very stamp of the ingress (stamps too coarse), or the
 * bridge's copy, which carries that of the ingress, has that of another port (clocks
 * that do not agree).
 */
export function isOrderDoubtful({ ingress, legs }: Trip): boolean {
	if (ingress === null || ingress.sighting.direction !== null) {
		return false;
	}
	const ports = legs.filter((leg) => !leg.isRouted && leg !== ingress);
	const copies = ports.filter(isBridgeCopy);
	const egresses = ports.filter(
		(leg) => !copies.includes(leg) && isGuess(leg, ingress),
	);
	return egresses.some(
		(egress) =>
			hasSameTime(egress, ingress) ||
			copies.some((copy) => hasSameTime(copy, egress)),
	);
}

function isBridgeCopy({ sighting }: Leg): boolean {
	return sighting.port?.role === "bridge";
}

/** Cards of a bond see a frame come in at the same instant; a tap is of no bond. */
function isGuess({ sighting, direction }: Leg, ingress: Leg): boolean {
	const roles = [sighting.port?.role, ingress.sighting.port?.role];
	const isGuessed = direction === "out" || roles.includes("tap");
	return sighting.direction === null && isGuessed;
}

function hasSameTime(a: Leg, b: Leg): boolean {
	return isSameTime(a.sighting.time, b.sighting.time);
}
