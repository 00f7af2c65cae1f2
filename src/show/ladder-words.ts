import type { Mac } from "../model/address.js";
import type { Hop, Journey } from "../model/journey.js";

/** Captures that do not tell interfaces apart (SLL) have hops without a name. */
export const unnamed = "unnamed";

/** Name of a hop's port. */
export function nameOf(hop: Hop): string {
	return hop.interface ?? unnamed;
}

const clientMessages = ["discover", "request", "decline", "inform", "release"];

/**
 * Whether the VM itself sent it: it says so, or it is a client's message and nothing tells
 * of any VM.
 */
export function isOwn(journey: Journey, ofMac: Mac | null): boolean {
	const { protocol, message, mac, source } = journey;
	const isClients = protocol === "dhcp" && clientMessages.includes(message);
	return source === "vm"
		? ofMac === null || mac === ofMac
		: source === "lan" && mac === null && isClients;
}

/** The ports of a ladder in the order of the paths, the VM's side first. */
export function orderPorts(
	journeys: readonly Journey[],
	mac: Mac | null,
): string[] {
	const ports: string[] = [];
	for (const journey of journeys) {
		let at = -1;
		for (const name of pathOf(journey, isOwn(journey, mac))) {
			if (!ports.includes(name)) {
				ports.splice(at + 1, 0, name);
			}
			at = ports.indexOf(name);
		}
	}
	return ports;
}

function pathOf(journey: Journey, isOutwards: boolean): string[] {
	const { hops, expected, firstMissing } = journey;
	const seen = hops.map(nameOf);
	const names: readonly string[] = expected;
	const path = seen.every((name) => names.includes(name))
		? [...names]
		: [...seen, ...(firstMissing === null ? [] : [firstMissing])];
	const once = path.filter((name, at) => path.indexOf(name) === at);
	return isOutwards ? once : once.reverse();
}

const labels: Readonly<Record<string, string>> = {
	request: "who-has",
	reply: "is-at",
};

/** What a journey is called in a ladder: `DISCOVER`, `who-has`, `echo request 3`. */
export function labelOf({ protocol, message, sequence }: Journey): string {
	if (protocol === "dhcp") {
		return message.toUpperCase();
	}
	const name =
		protocol === "arp"
			? (labels[message] ?? message)
			: message.replaceAll("-", " ");
	return sequence === null ? name : `${name} ${sequence}`;
}
