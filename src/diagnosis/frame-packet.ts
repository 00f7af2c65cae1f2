import { broadcastMac, isGroupMac } from "../model/address.js";
import type { Journey } from "../model/journey.js";
import type { JourneyMemory } from "./journey-memory.js";
import type { Packet } from "./packet.js";

/** IANA's numbers of the ICMP types that vmpath names. */
const icmpTypes: Readonly<Record<string, string>> = {
	"echo-reply": "0",
	unreachable: "3",
	"source-quench": "4",
	redirect: "5",
	"echo-request": "8",
	"time-exceeded": "11",
	"parameter-problem": "12",
};

const fromServer = new Set(["offer", "ack", "nak"]);

/**
 * What rules see of a journey's frame, wherever they see it.
 *
 * @param messages journeys of the same exchange
 */
export function packetOf(
	journey: Journey,
	messages: readonly Journey[],
	memory: JourneyMemory,
): Packet {
	const { ethernet, protocol } = journey;
	const receiver = ethernet?.destination ?? null;
	const link: Packet = {
		...(ethernet === null ? {} : { etherSource: ethernet.source }),
		...(receiver === null
			? {}
			: { etherDestination: receiver, packetType: packetTypeOf(receiver) }),
		etherType: protocol === "arp" ? "arp" : "ip",
	};
	return protocol === "arp"
		? { ...link, ...arpFields(journey) }
		: { ...link, ...ipFields(journey, messages, memory) };
}

function packetTypeOf(receiver: string): string {
	if (receiver === broadcastMac) {
		return "broadcast";
	}
	return isGroupMac(receiver) ? "multicast" : "unicast";
}

function arpFields({ addresses, message }: Journey): Packet {
	const isQuestion = message === "request" || message === "probe";
	return {
		ipSource: null,
		ipDestination: null,
		protocol: null,
		sourcePort: null,
		destinationPort: null,
		icmpType: null,
		ctState: null,
		arpOperation: isQuestion ? "1" : message === "reply" ? "2" : ["1", "2"],
		...(addresses.source === null ? {} : { arpSourceIp: addresses.source }),
		...(addresses.destination === null
			? {}
			: { arpTargetIp: addresses.destination }),
	};
}

function ipFields(
	journey: Journey,
	messages: readonly Journey[],
	memory: JourneyMemory,
): Packet {
	const { addresses, protocol, message } = journey;
	const isDhcp = protocol === "dhcp";
	const [client, server] = ["68", "67"];
	const isAnswer = fromServer.has(message);
	const icmpType = icmpTypes[message];
	const isFragment = message === "fragment";
	return {
		...(addresses.source === null ? {} : { ipSource: addresses.source }),
		...(addresses.destination === null
			? {}
			: { ipDestination: addresses.destination }),
		protocol: isDhcp ? "udp" : "icmp",
		sourcePort: isDhcp ? (isAnswer ? server : client) : null,
		destinationPort: isDhcp ? (isAnswer ? client : server) : null,
		...(isDhcp ? { icmpType: null } : {}),
		...(icmpType === undefined || isFragment ? {} : { icmpType }),
		ctState: stateOf(journey, messages, memory),
		arpOperation: null,
		arpSourceIp: null,
		arpTargetIp: null,
	};
}

/**
 * What connection tracking makes of a frame. What is broadcast has no answer that belongs
 * to it: the OFFER to a DISCOVER is new. Pings of one identifier are one connection, which
 * is established once a reply came.
 */
function stateOf(
	journey: Journey,
	messages: readonly Journey[],
	memory: JourneyMemory,
): string | string[] {
	const { message, protocol, identifier, addresses } = journey;
	if (protocol === "dhcp") {
		const isUnicast = messages.some(
			(other) =>
				!fromServer.has(other.message) &&
				other.addresses.destination !== "255.255.255.255",
		);
		return isUnicast ? ["new", "established"] : "new";
	}
	if (message === "echo-reply") {
		return "established";
	}
	if (message !== "echo-request") {
		return ["related", "invalid", "new", "established"];
	}
	return memory.wasAnswered(addresses.destination, identifier)
		? ["new", "established"]
		: "new";
}
