/** What can be said without knowing all: a packet matches, does not, or it may. */
export type Answer = "yes" | "no" | "maybe";

/** What rules look at. Interface names, addresses, numbers in decimal. */
export type Field =
	| "iif"
	| "oif"
	/** Port of the bridge that a frame came in by, or leaves by, for rules of IP. */
	| "physIn"
	| "physOut"
	/** `yes`: the frame is bridged, not routed. */
	| "isBridged"
	| "etherSource"
	| "etherDestination"
	/** `ip`, `arp`. */
	| "etherType"
	| "ipSource"
	| "ipDestination"
	/** `udp`, `icmp`. */
	| "protocol"
	| "sourcePort"
	| "destinationPort"
	/** In decimal. */
	| "icmpType"
	/** `new`, `established`, `related`. */
	| "ctState"
	/** `broadcast`, `multicast`, `unicast`: of the destination MAC address. */
	| "packetType"
	/** In decimal: 1 asks, 2 answers. */
	| "arpOperation"
	| "arpSourceIp"
	| "arpTargetIp";

/**
 * A packet as rules see it at one place. A field that is not there is not known; null:
 * the packet has no such thing; several values: it has one of them.
 */
export type Packet = {
	readonly [Name in Field]?: string | readonly string[] | null;
};

/** Whether a packet's field passes a test. What the packet has not, matches no rule. */
export function ask(
	packet: Packet,
	field: Field,
	test: (value: string) => Answer,
	isNegated = false,
): Answer {
	const held = packet[field];
	if (held === undefined) {
		return "maybe";
	}
	if (held === null) {
		return "no";
	}
	const values = typeof held === "string" ? [held] : held;
	const answers = new Set(values.map(test));
	const [only = "maybe"] = answers;
	const answer = answers.size === 1 ? only : "maybe";
	return isNegated ? negate(answer) : answer;
}

/** The answer to the contrary question; what may be, may not be. */
export function negate(answer: Answer): Answer {
	return answer === "yes" ? "no" : answer === "no" ? "yes" : "maybe";
}

/** All must match. */
export function askAll(answers: Iterable<Answer>): Answer {
	let all: Answer = "yes";
	for (const answer of answers) {
		if (answer === "no") {
			return "no";
		}
		all = answer === "maybe" ? "maybe" : all;
	}
	return all;
}

/** One must match. */
export function askAny(answers: Iterable<Answer>): Answer {
	let found: Answer = "no";
	for (const answer of answers) {
		if (answer === "yes") {
			return "yes";
		}
		found = answer === "maybe" ? "maybe" : found;
	}
	return found;
}
