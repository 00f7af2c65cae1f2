import type { Ipv4, Mac } from "../model/address.js";
import type { LogTime } from "../model/capture.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import type { Domain } from "../model/topology.js";
import { safe, shellWord } from "../topology/safe-template.js";
import type { Facts } from "./facts.js";
import { isHandedTo, wasHandedTo } from "./handed-to.js";
import { domainOf, roleOf } from "./host-lookup.js";
import type { JourneyMemory } from "./journey-memory.js";
import type { Loss } from "./loss.js";
import { domainBehind, findHome } from "./target-home.js";

/** The VM that was asked and did not answer: not always the one that the exchange is of. */
export interface QuietGuest {
	readonly tap: SafeText;
	readonly mac: Mac | null;
	readonly domain: Domain | null;
	/** It was asked itself; else only tables of the host may say that it has the address. */
	readonly isSure: boolean;
}

/**
 * Finds whose answer is missing:
 *
 * - where the question was handed to a tap last: the VM behind that;
 * - where a who-has went to all: the VM that has the address, if its tap was handed it;
 * - where an OFFER was not taken: the VM of the exchange.
 *
 * @returns null where no VM of this host owes an answer
 */
export function findQuietGuest(facts: Facts, loss: Loss): QuietGuest | null {
	const { exchange, kind, tap } = loss;
	if (kind === "ignored") {
		return tap === null ? null : describeGuest(facts, tap, exchange.mac, true);
	}
	const { lastSeen, messages } = loss;
	const isHanded = (name: SafeText) =>
		messages.some((journey) => isHandedTo(journey, name));
	if (lastSeen !== null && roleOf(lastSeen, facts.topology) === "tap") {
		const isOfExchange = loss.direction === "to-vm";
		return isHanded(lastSeen)
			? describeGuest(facts, lastSeen, isOfExchange ? exchange.mac : null, true)
			: null;
	}
	const asked = loss.journey?.addresses.destination ?? null;
	const home = findHome(asked, facts);
	if (asked === null || home === null || !isHanded(home.tap)) {
		return null;
	}
	const isSaid = facts.memory.stations.holderOf(asked)?.mac === home.mac;
	return describeGuest(facts, home.tap, home.mac, isSaid);
}

function describeGuest(
	{ topology }: Facts,
	tap: SafeText,
	mac: Mac | null,
	isSure: boolean,
): QuietGuest {
	const domain = domainBehind(tap, topology) ?? domainOf(mac, topology);
	const own = domain?.nics.find((nic) => nic.tap === tap)?.mac ?? null;
	return { tap, mac: own ?? mac, domain, isSure };
}

/**
 * Whether a tap was handed a who-has for an address up to a time, and after all that the VM
 * has said: it did not answer.
 */
export function wasAskedInVain(
	memory: JourneyMemory,
	address: Ipv4,
	tap: SafeText,
	until: LogTime,
): boolean {
	const spoke = memory.lastSentBy(tap);
	for (const journey of memory.all()) {
		const { protocol, message, addresses } = journey;
		const isAsked = protocol === "arp" && message === "request";
		if (
			isAsked &&
			addresses.destination === address &&
			wasHandedTo(journey, tap, spoke, until)
		) {
			return true;
		}
	}
	return false;
}

/** As a user knows it: by its name, else by its MAC address, else only by its tap. */
export function nameGuest({ domain, mac }: QuietGuest): SafeText {
	return domain?.name ?? (mac === null ? safe`the VM` : makeSafe(mac));
}

/** What commands call it. */
export function wordOfGuest(guest: QuietGuest | null): SafeText {
	return shellWord(guest?.domain?.name ?? makeSafe("VM"));
}
