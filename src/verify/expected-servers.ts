import type { Ipv4 } from "../model/address.js";
import type { Cause } from "../model/exchange.js";
import type { Journey } from "../model/journey.js";
import type { SafeText } from "../model/safe-text.js";
import type { Evidence, TracedExchange } from "./evidence.js";
import type { DhcpAnswerer } from "./servers.js";
import { listWords } from "./words.js";

/** A server that answered, and should not have. */
export interface UnexpectedServer extends DhcpAnswerer {
	/** Its answer; null: not followed. */
	readonly journey: Journey | null;
}

/** Those who answered in some attempts and are not among the servers that are expected. */
export function findUnexpected(
	attempts: readonly TracedExchange[],
	evidence: Evidence,
	expected: readonly Ipv4[],
): UnexpectedServer[] {
	const found = new Map<Ipv4, UnexpectedServer>();
	for (const { exchange, journeys } of attempts) {
		for (const answerer of evidence.servers.of(exchange)) {
			if (expected.length > 0 && !expected.includes(answerer.server)) {
				const journey =
					journeys.find(({ ethernet, source }) => {
						return source !== "vm" && ethernet?.source === answerer.mac;
					}) ??
					journeys.find(({ message, ethernet }) => {
						return message === "offer" && ethernet?.source === answerer.mac;
					});
				found.set(answerer.server, { ...answerer, journey: journey ?? null });
			}
		}
	}
	return [...found.values()];
}

/** The cause that a server which is not expected is, with where it was found. */
export function blameServer(
	{ server, mac, address, journey }: UnexpectedServer,
	expected: readonly Ipv4[],
): Cause {
	const evidence = [
		`${server} answered with ${address}${mac === null ? "" : `, from MAC address ${mac}`}${locate(journey)}`,
		`expected by --server: ${listWords(expected, "or")}`,
	];
	const fix = `stop the DHCP server ${server}; if it belongs there, name it with --server as well. libvirt's nwfilter no-dhcp-server keeps VMs from being one`;
	return {
		id: "rogue-dhcp-server",
		certainty: "proven",
		// Addresses, names of ports that are safe, and our own words.
		evidence: evidence as SafeText[],
		fix: fix as SafeText,
	};
}

/** Where an answer first appeared is where its server is. */
function locate(journey: Journey | null): string {
	const [first] = journey?.hops ?? [];
	if (journey === null || first === undefined) {
		return "";
	}
	if (journey.source === "host" || first.direction === "out") {
		return `: this host sent it at ${first.interface}`;
	}
	const isVm = journey.source === "vm" || journey.source === "other-vm";
	const from = isVm ? "a VM" : "the LAN";
	return `: it entered at ${first.interface}, from ${from}`;
}
