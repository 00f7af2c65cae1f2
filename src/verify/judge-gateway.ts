import type { Ipv4 } from "../model/address.js";
import type { Journey } from "../model/journey.js";
import { exitOf, type Verdict } from "../model/verdict.js";
import { adviseFindings, adviseNetwork, adviseTraffic } from "./advice.js";
import type { VerifyOptions } from "./assessment.js";
import {
	type Contact,
	contactKinds,
	findContacts,
	roundTripOf,
} from "./contact.js";
import type { Evidence, LogState, VmCard } from "./evidence.js";
import { type FoundGateway, findGateway } from "./find-gateway.js";
import { describeContacts, describeNoContact } from "./gateway-sentence.js";
import { findAddresses } from "./known-addresses.js";
import { findStanding } from "./standing.js";
import type { Subject } from "./subject.js";
import { findWorst, tellNothing } from "./verdicts.js";
import { weighContacts } from "./weigh-contacts.js";

/** An address beyond any gateway, to be pinged by those who know no other. */
const beyond = "9.9.9.9";
/** Journeys of a verdict that are shown. */
const journeyLimit = 24;

/**
 * Whether a VM reaches its gateway, and, where that is this host, whether it gets out by
 * the uplink: by who-has, by ping and by what it pings beyond. Of several cards the worst
 * decides; those of which nothing was seen do not. Where nothing at all was seen, the host
 * may say that nothing gets to the VM.
 */
export function verifyGateway(
	subject: Subject,
	evidence: Evidence,
	state: LogState,
	options: VerifyOptions,
): Verdict {
	const verdicts = subject.cards.flatMap(
		(card) => judgeCard(subject, card, evidence, state, options) ?? [],
	);
	return (
		findWorst(verdicts) ??
		findStanding("gateway", subject, evidence, state) ??
		sawNothing(subject, evidence, state, options)
	);
}

function judgeCard(
	subject: Subject,
	card: VmCard,
	evidence: Evidence,
	state: LogState,
	{ gateway: given }: VerifyOptions,
): Verdict | null {
	const gateway = findGateway(card, given, evidence, state);
	if (gateway === null) {
		return null;
	}
	const contacts = findContacts(card, gateway.address, evidence, state);
	const weighed = weighContacts(contacts, {
		isHost: gateway.isHost,
		end: state.end,
		heard: evidence.clients.heardOf(card.mac, card.tap),
	});
	if (weighed === null) {
		return null;
	}
	const { outcome, reason, decisive } = weighed;
	const { exchange } = decisive.traced;
	const isOpen = outcome === "inconclusive";
	return {
		subject: "gateway",
		vm: subject.name,
		mac: exchange.mac ?? card.mac,
		outcome,
		sentence: describeContacts(subject, gateway, contacts, {
			...weighed,
			causes: exchange.causes,
		}),
		exit: exitOf(outcome),
		reason,
		causes: exchange.causes,
		exchange,
		journeys: chooseJourneys(contacts, decisive),
		roundTripNs: findRoundTrip(decisive),
		addresses: isOpen ? findAddresses(subject, state) : [],
		advice: isOpen
			? adviseAll(subject, state, gateway)
			: exitOf(outcome) === 2
				? adviseNetwork(subject, state)
				: [],
	};
}

function findRoundTrip(contact: Contact): number | null {
	const { outcome } = contact.traced.exchange;
	const isAnswered = outcome === "delivered" || outcome === "degraded";
	return isAnswered ? roundTripOf(contact) : null;
}

/** What decided, and the latest of each kind beside it. */
function chooseJourneys(
	contacts: readonly Contact[],
	decisive: Contact,
): Journey[] {
	const known = contacts.filter(({ result }) => result !== "unknown");
	const latest = contactKinds.flatMap(
		(kind) => known.findLast((contact) => contact.kind === kind) ?? [],
	);
	const chosen = new Set([...latest, decisive]);
	return contacts
		.filter((contact) => chosen.has(contact))
		.flatMap(({ traced }) => traced.journeys)
		.slice(-journeyLimit);
}

/** Whom the VM should ask, so that more can be told. */
function adviseAll(
	subject: Subject,
	state: LogState,
	gateway: FoundGateway | null,
): string[] {
	const targets =
		gateway === null
			? []
			: [gateway.address, ...(gateway.isHost ? [beyond] : [])];
	return [
		...adviseFindings(subject, state),
		...adviseNetwork(subject, state),
		...adviseTraffic(subject, targets),
	];
}

function sawNothing(
	subject: Subject,
	evidence: Evidence,
	state: LogState,
	{ gateway: given }: VerifyOptions,
): Verdict {
	const addresses = findAddresses(subject, state);
	const gateways = subject.cards.flatMap(
		(card) => findGateway(card, given, evidence, state) ?? [],
	);
	const [gateway] = gateways;
	const known: Ipv4 | null = gateway?.address ?? null;
	return tellNothing(subject, {
		subject: "gateway",
		sentence: describeNoContact(subject, known, addresses),
		reason:
			known === null
				? "its gateway is not known"
				: "nothing passed between it and its gateway",
		addresses,
		advice: adviseAll(subject, state, gateway ?? null),
	});
}
