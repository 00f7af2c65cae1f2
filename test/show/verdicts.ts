import type { Journey } from "../../src/model/journey.js";
import { makeSafe } from "../../src/model/safe-text.js";
import type { Verdict } from "../../src/model/verdict.js";
import { exchange } from "./exchanges.js";
import { lostOffer } from "./journeys.js";

/** A lease that VM1 got in 31 ms, or what a test makes of it. */
export function verdict(changes: Partial<Verdict> = {}): Verdict {
	return {
		subject: "dhcp",
		vm: makeSafe("VM1"),
		mac: "52:54:00:cd:76:3a",
		outcome: "delivered",
		sentence: "VM1 got 192.168.100.57 from 192.168.100.1 in 31 ms",
		exit: 0,
		reason: null,
		causes: [],
		exchange: exchange(),
		journeys: [],
		roundTripNs: 31_400_000,
		addresses: [],
		advice: [],
		...changes,
	};
}

/** As the router sent it, and first seen when it came in. */
function fromRouter(journey: Journey): Journey {
	const hops = journey.hops.map((one) => ({ ...one, elapsedNs: 0 }));
	const expected = journey.expected.toReversed();
	return { ...journey, source: "router", destination: "vm", hops, expected };
}

/** An OFFER that the bridge dropped, with the rule that did. */
export function lostVerdict(): Verdict {
	return verdict({
		outcome: "lost",
		sentence:
			"The OFFER for VM1 entered at ens3 and never reached vnet0: a rule",
		exit: 2,
		roundTripNs: null,
		journeys: [fromRouter(lostOffer())],
		causes: [
			{
				id: "bridge-filter-drop",
				certainty: "proven",
				evidence: [makeSafe("nft bridge filter forward handle 2")],
				fix: makeSafe("nft delete rule bridge filter forward handle 2"),
			},
		],
	});
}
