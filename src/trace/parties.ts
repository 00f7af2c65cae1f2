import { type Ipv4, isGroupMac, type Mac, zeroMac } from "../model/address.js";
import type { Frame } from "../model/frame.js";
import type { Party } from "../model/journey.js";
import { addressedTo } from "./addressed-to.js";
import { firstFrame, type Trip } from "./trip.js";
import type { Whereabouts } from "./whereabouts.js";

/** Between whom a frame travels, and which VM it concerns. */
export interface Parties {
	readonly source: Party;
	readonly destination: Party;
	/** MAC address of the VM: the sender, else the receiver; null when neither is one. */
	readonly vm: Mac | null;
	readonly addresses: {
		readonly source: Ipv4 | null;
		readonly destination: Ipv4 | null;
	};
}

/** Tells the parties of a trip by where their MAC addresses live. */
export function findParties(trip: Trip, whereabouts: Whereabouts): Parties {
	const frame = firstFrame(trip);
	const sender = frame.ethernet?.source ?? null;
	const source = senderParty(trip, sender, whereabouts);
	const receiver = receiverOf(trip, whereabouts);
	const found = partyOf(receiver, whereabouts) ?? "lan";
	const destination = found === "vm" && source === "vm" ? "other-vm" : found;
	const vm = source === "vm" ? sender : destination === "vm" ? receiver : null;
	return { source, destination, vm, addresses: addressesOf(frame) };
}

function senderParty(
	trip: Trip,
	sender: Mac | null,
	whereabouts: Whereabouts,
): Party {
	const known = partyOf(sender, whereabouts);
	if (known !== null && known !== "host") {
		return known;
	}
	const isHosts = sender !== null && whereabouts.placeOf(sender)?.isCertain;
	if (isFromUncaptured(trip) && !isHosts) {
		return hasLeftTheHost(trip) ? "other-vm" : "lan";
	}
	if (known !== null) {
		return known;
	}
	const { ingress, isIngressProven } = trip;
	const isTold = ingress?.sighting.direction != null;
	const role = isTold || isIngressProven ? ingress?.sighting.port?.role : null;
	return role === "tap" ? "vm" : role === "bridge" ? "host" : "lan";
}

/** A bridge that sees a frame first, come in, has it from a port that was not captured. */
function isFromUncaptured({ legs: [first], ingress }: Trip): boolean {
	return (
		ingress === null &&
		first?.direction === "in" &&
		first.sighting.port?.role === "bridge"
	);
}

function hasLeftTheHost({ legs }: Trip): boolean {
	return legs.some(
		({ direction, sighting }) =>
			direction === "out" && sighting.port?.role === "uplink",
	);
}

/** After routing, the frame has other addresses: the last ones tell whom it is for. */
function receiverOf(trip: Trip, whereabouts: Whereabouts): Mac | null {
	const routed = trip.isRouted
		? trip.legs.findLast((leg) => leg.isRouted)
		: undefined;
	return addressedTo(routed?.sighting.frame ?? firstFrame(trip), whereabouts);
}

function partyOf(mac: Mac | null, whereabouts: Whereabouts): Party | null {
	if (mac === null || mac === zeroMac || isGroupMac(mac)) {
		return null;
	}
	const place = whereabouts.placeOf(mac);
	if (!place?.isCertain && whereabouts.vms.isRunning(mac)) {
		return "vm";
	}
	const role = place?.port.role;
	if (role === "tap") {
		return place?.isCertain ? "vm" : null;
	}
	if (role === "bridge") {
		return "host";
	}
	return whereabouts.isRouter(mac) ? "router" : role ? "lan" : null;
}

/** ARP's own addresses for ARP, the IP header's for the others. */
function addressesOf({ arp, ipv4 }: Frame): Parties["addresses"] {
	return arp === null
		? {
				source: ipv4?.source ?? null,
				destination: ipv4?.destination ?? null,
			}
		: { source: arp.senderIp, destination: arp.targetIp };
}
