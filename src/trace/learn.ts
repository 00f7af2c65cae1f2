import {
	isGroupMac,
	type Mac,
	unspecifiedIpv4,
	zeroMac,
} from "../model/address.js";
import type { LogTime } from "../model/capture.js";
import { dhcpType, isFromServer } from "../model/dhcp.js";
import type { Frame } from "../model/frame.js";
import type { Port } from "../model/port.js";
import { icmpType } from "../wire/icmp-types.js";
import { replyKey } from "./expected-path.js";
import {
	findRoutedLeg,
	firstFrame,
	isFine,
	isSameTime,
	type Leg,
	markArrival,
	sourceMac,
	startTime,
	type Trip,
} from "./trip.js";
import type { Whereabouts } from "./whereabouts.js";

/**
 * Learns from the first sighting of a trip: where its sender lives, and what its
 * message says of addresses. A reflected frame teaches nothing: its sender is elsewhere.
 */
export function learnFromStart(trip: Trip, whereabouts: Whereabouts): void {
	const [leg] = trip.legs;
	const mac = sourceMac(trip);
	const port = leg?.sighting.port;
	if (!leg || trip.reflectionOf !== null) {
		return;
	}
	const isSender = mac !== null && mac !== zeroMac && !isGroupMac(mac);
	const isStart = trip.ingress !== null || port?.role === "bridge";
	if (isSender && isStart && port) {
		const isHost = port.role === "bridge" && leg.direction === "out";
		const isTold = trip.ingress !== null && leg.sighting.direction !== null;
		const { time } = leg.sighting;
		whereabouts.learnPlace(mac, port, isTold || isHost, time);
	}
	learnAddresses(firstFrame(trip), startTime(trip), whereabouts);
}

/** Learns from a further sighting which ports are on one network, and what is routed. */
export function learnFromHop(
	trip: Trip,
	leg: Leg,
	whereabouts: Whereabouts,
): void {
	const { port } = leg.sighting;
	const ingress = trip.ingress?.sighting.port ?? trip.legs[0]?.sighting.port;
	if (!port || !ingress) {
		return;
	}
	if (trip.isRouted) {
		learnRoute(trip, leg, whereabouts);
		return;
	}
	const below = findBelow(trip, leg);
	if (below?.sighting.port) {
		markArrival(trip, below);
		trip.ingress ??= below === trip.legs[0] ? below : null;
		learnShared(below.sighting.port, port, whereabouts);
		return;
	}
	whereabouts.learnTogether(ingress, port);
	if (leg.direction === "out") {
		whereabouts.learnExit(port);
	}
	proveIngress(trip, leg, whereabouts);
}

/**
 * Two ports showed a frame come in at one instant: one lies upon the other. A port whose
 * name tells nothing may as well be the bridge; as soon as it shares a stamp with two
 * ports that do not share theirs, and frames were not seen to leave by it, it is one.
 */
function learnShared(a: Port, b: Port, whereabouts: Whereabouts): void {
	if (a.role !== "unknown" && b.role !== "unknown") {
		whereabouts.learnStacked(a, b);
		return;
	}
	whereabouts.learnTogether(a, b);
	for (const port of whereabouts.learnSharing(a, b)) {
		port.role = "bridge";
		port.isInferred = true;
		whereabouts.forgetPlacesAt(port);
	}
}

/** Where a frame came in at the same instant: one of the two lies upon the other. */
function findBelow(trip: Trip, leg: Leg): Leg | null {
	const { time, port } = leg.sighting;
	if (leg.direction !== "in" || isBridge(port)) {
		return null;
	}
	const below = trip.legs.find(
		({ sighting, direction }) =>
			sighting.port !== port &&
			!isBridge(sighting.port) &&
			direction !== "out" &&
			isSameTime(sighting.time, time),
	);
	return below ?? null;
}

/**
 * Only the port that a frame came in by, with those it is stacked with, shares its stamp
 * with the bridge's copy. That is stronger than any guess from where the sender lived.
 */
function proveIngress(trip: Trip, leg: Leg, whereabouts: Whereabouts): void {
	const { time } = leg.sighting;
	if (leg.direction !== "in" || !isFine(time)) {
		return;
	}
	const sharing = trip.legs.filter(({ sighting }) =>
		isSameTime(sighting.time, time),
	);
	const isSent = sharing.some(({ sighting, direction }) => {
		const isTold = sighting.direction !== null || isBridge(sighting.port);
		return isTold && direction === "out";
	});
	const first = sharing.find(({ sighting }) => !isBridge(sighting.port));
	const isWitnessed = sharing.some(({ sighting }) => isBridge(sighting.port));
	if (
		first &&
		isWitnessed &&
		!isSent &&
		sharing.includes(trip.legs[0] as Leg)
	) {
		setIngress(trip, first, sharing, whereabouts);
	}
}

function setIngress(
	trip: Trip,
	ingress: Leg,
	sharing: readonly Leg[],
	whereabouts: Whereabouts,
): void {
	const { port, time } = ingress.sighting;
	for (const each of sharing) {
		markArrival(trip, each);
		if (port && each.sighting.port && !isBridge(each.sighting.port)) {
			whereabouts.learnStacked(port, each.sighting.port);
		}
	}
	trip.legs.splice(trip.legs.indexOf(ingress), 1);
	trip.legs.unshift(ingress);
	trip.ingress = ingress;
	trip.isIngressProven = true;
	const mac = sourceMac(trip);
	if (mac !== null && port && trip.reflectionOf === null) {
		whereabouts.learnPlace(mac, port, true, time);
	}
}

function isBridge(port: Port | null): boolean {
	return port?.role === "bridge";
}

function learnRoute(trip: Trip, leg: Leg, whereabouts: Whereabouts): void {
	const routed = findRoutedLeg(trip);
	const from = trip.ingress?.sighting.port;
	const to = leg.sighting.port;
	const toNetwork = routed?.sighting.port;
	if (!from || !to || !toNetwork) {
		return;
	}
	if (leg !== routed) {
		whereabouts.learnTogether(toNetwork, to);
	}
	const { frame } = leg.sighting;
	if (to.role === "uplink" && frame.ipv4 !== null) {
		whereabouts.learnRoute(frame.ipv4.destination, to);
	}
	const before = firstFrame(trip).ethernet;
	learnHost(frame.ethernet?.source ?? null, to, leg, whereabouts);
	learnHost(before?.destination ?? null, from, leg, whereabouts);
	const key = replyKey(frame);
	if (frame.icmp?.type === icmpType.echoRequest && key !== null) {
		whereabouts.learnRoutedRequest(key, from);
	}
}

/** The host routed the frame, so both its addresses there live on its bridges. */
function learnHost(
	mac: Mac | null,
	port: Port,
	leg: Leg,
	whereabouts: Whereabouts,
): void {
	const bridge = whereabouts.bridgeOf(port);
	if (mac !== null && bridge !== null) {
		whereabouts.learnPlace(mac, bridge, true, leg.sighting.time);
	}
}

function learnAddresses(
	frame: Frame,
	time: LogTime,
	whereabouts: Whereabouts,
): void {
	const { arp, dhcp, ethernet } = frame;
	if (arp !== null && arp.senderIp !== unspecifiedIpv4) {
		whereabouts.learnHolder(arp.senderIp, arp.senderMac, time);
	}
	if (dhcp === null || !isFromServer(dhcp)) {
		return;
	}
	if (ethernet !== null && dhcp.relayIp === unspecifiedIpv4) {
		whereabouts.learnRouter(ethernet.source);
	}
	for (const router of dhcp.routers) {
		whereabouts.learnRouterAddress(router);
	}
	const { clientMac, yourIp, leaseSeconds } = dhcp;
	const isLease = dhcp.messageType === dhcpType.ack;
	if (isLease && clientMac && yourIp !== unspecifiedIpv4) {
		whereabouts.addresses.learnLease(yourIp, clientMac, time, leaseSeconds);
	}
}
