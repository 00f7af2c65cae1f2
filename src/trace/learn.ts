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
import { replyKey } from "./expected-path.js";
import {
	firstFrame,
	type Leg,
	sourceMac,
	startTime,
	type Trip,
} from "./trip.js";
import type { Whereabouts } from "./whereabouts.js";

const icmpEchoRequest = 8;

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
		const isTold = leg.sighting.direction !== null;
		const isHost = port.role === "bridge" && leg.direction === "out";
		whereabouts.learnPlace(mac, port, isTold || isHost);
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
	const mac = sourceMac(trip);
	if (!port || !ingress) {
		return;
	}
	if (leg.isRouted || trip.legs.some(({ isRouted }) => isRouted)) {
		learnRoute(trip, leg, whereabouts);
		return;
	}
	whereabouts.learnTogether(ingress, port);
	const isProven = port.role === "bridge" && trip.ingress !== null;
	if (isProven && mac !== null && trip.reflectionOf === null) {
		// Only the ingress shares its stamp with the bridge's copy.
		whereabouts.learnPlace(mac, ingress, true);
	}
}

function learnRoute(trip: Trip, leg: Leg, whereabouts: Whereabouts): void {
	const routed = trip.legs.find(({ isRouted }) => isRouted);
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
	learnHost(frame.ethernet?.source ?? null, to, whereabouts);
	learnHost(firstFrame(trip).ethernet?.destination ?? null, from, whereabouts);
	const key = replyKey(frame);
	if (frame.icmp?.type === icmpEchoRequest && key !== null) {
		whereabouts.learnRoutedRequest(key, from);
	}
}

/** The host routed the frame, so both its addresses there live on its bridges. */
function learnHost(
	mac: Mac | null,
	port: Port,
	whereabouts: Whereabouts,
): void {
	const isBridge = ({ role }: Port) => role === "bridge";
	const bridge = whereabouts.networkOf(port).find(isBridge);
	if (mac !== null && bridge !== undefined) {
		whereabouts.learnPlace(mac, bridge, true);
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
