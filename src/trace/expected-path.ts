import type { Frame } from "../model/frame.js";
import type { Port } from "../model/port.js";
import { icmpType } from "../wire/icmp-types.js";
import { type ExpectedPath, PathWalk } from "./path-walk.js";
import { findRoutedLeg, firstFrame, type Trip } from "./trip.js";
import type { Whereabouts } from "./whereabouts.js";

/**
 * The path a trip should take, from its first sighting on:
 *
 * 1. to an address that lives behind a port of the same bridge: that port, or the one
 *    of the ports it is stacked with that the frame took; behind the port that the frame
 *    came in by: nowhere else;
 * 2. to the host: its bridge; when the IP address is not the host's, and its time to
 *    live does not end there, onwards by the route that the host was seen to take;
 * 3. to everyone, or to an address behind no captured port: out by the uplink, but from
 *    the uplink, or on a bridge without one, to the bridge.
 *
 * Ports that were not captured are left out: a frame cannot be missed there.
 */
export function expectPath(
	trip: Trip,
	ports: readonly Port[],
	whereabouts: Whereabouts,
): ExpectedPath {
	const first = trip.legs[0]?.sighting.port ?? null;
	if (first === null) {
		return {
			ports: [],
			doubt: "the capture does not name its interfaces (SLL)",
			caution: null,
			isRouted: false,
		};
	}
	const routed = findRoutedLeg(trip)?.sighting;
	const reply = findAsker(firstFrame(trip), whereabouts);
	const walk = new PathWalk(trip, first, ports, whereabouts);
	if (routed?.port) {
		walk.reachHost();
		walk.enter(routed.port);
		walk.toDestination(routed.frame);
	} else if (reply !== null && first.role !== "tap" && reply !== first) {
		walk.reachHost();
		walk.enter(whereabouts.bridgeOf(reply) ?? reply);
		walk.reach(reply);
	} else {
		walk.toDestination(firstFrame(trip));
	}
	return walk.path;
}

/** The port by which the echo request came in that a routed reply answers. */
function findAsker(frame: Frame, whereabouts: Whereabouts): Port | null {
	const isAsked =
		frame.icmp?.type === icmpType.echoReply && whereabouts.hasRoutedRequests;
	const key = isAsked ? replyKey(frame) : null;
	return key === null ? null : whereabouts.routedRequestOf(key);
}

/**
 * What an echo request and its reply have in common at one place of the way: both
 * addresses, identifier and sequence. Masquerade makes other ones of them there. Null for
 * other frames.
 */
export function replyKey(frame: Frame): string | null {
	const { icmp, ipv4 } = frame;
	if (icmp === null || ipv4 === null || icmp.identifier === null) {
		return null;
	}
	const { source, destination } = ipv4;
	const [asker, asked] =
		icmp.type === icmpType.echoReply
			? [destination, source]
			: [source, destination];
	return `${asker} ${asked} ${icmp.identifier} ${icmp.sequence}`;
}
