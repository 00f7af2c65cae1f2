import type { LogTime } from "../model/capture.js";
import { elapsedNs } from "../model/capture.js";
import { isFromServer } from "../model/dhcp.js";
import type { Direction, Frame } from "../model/frame.js";
import type { Sighting } from "../model/journey.js";
import type { Port } from "../model/port.js";
import { isIcmpError } from "../wire/icmp-types.js";
import { AgingMap } from "./aging-map.js";
import { firstFrame, startTime, type Trip } from "./trip.js";

/** More answers than this are not remembered: the oldest are forgotten. */
const answerLimit = 16_384;

const arp = { request: 1, reply: 2 };
const echo = { reply: 0, request: 8 };

interface Answer {
	readonly port: Port;
	readonly time: LogTime;
}

/**
 * The answers that were handed to those who asked. A question that was answered was not
 * lost, wherever it was not seen: a bridge or the host may answer in the place of others
 * (proxy ARP, neigh_suppress), or the capture missed the question there.
 */
export class AnswerBook {
	readonly #answers = new AgingMap<string, Answer>();

	note({ frame, port, time }: Sighting, direction: Direction | null): void {
		const key = direction === "in" ? null : answerKey(frame);
		if (key === null || port === null || port.role === "bridge") {
			return;
		}
		const known = this.#answers.get(key);
		// What comes late answered an earlier question.
		if (known === undefined || elapsedNs(known.time, time) >= 0) {
			this.#answers.renew(key, { port, time });
			this.#answers.shrink(answerLimit);
		}
	}

	/** The clock was set back to `now`: what lies ahead of it was answered long ago. */
	setClock(now: LogTime): void {
		for (const [key, { time }] of this.#answers) {
			if (elapsedNs(now, time) > 0) {
				this.#answers.delete(key);
			}
		}
	}

	/** The port where whoever sent a trip's frame was handed the answer; null: nowhere. */
	answeredAt(trip: Trip): Port | null {
		const key = questionKey(firstFrame(trip));
		const answer = key === null ? undefined : this.#answers.get(key);
		const isAsker = answer?.port === trip.ingress?.sighting.port;
		return answer && isAsker && elapsedNs(startTime(trip), answer.time) > 0
			? answer.port
			: null;
	}
}

function questionKey({
	arp: question,
	dhcp,
	icmp,
	ipv4,
}: Frame): string | null {
	if (question !== null) {
		const { operation, targetIp, senderMac } = question;
		return operation === arp.request ? `arp ${targetIp} ${senderMac}` : null;
	}
	if (dhcp !== null) {
		return isFromServer(dhcp)
			? null
			: `dhcp ${dhcp.transactionId} ${dhcp.clientMac}`;
	}
	return icmp?.type === echo.request && ipv4 !== null
		? `${ipv4.source} ${ipv4.destination} ${icmp.identifier} ${icmp.sequence}`
		: null;
}

/** The key of the question that a frame answers; null when it is no answer. */
function answerKey({ arp: answer, dhcp, icmp, ipv4 }: Frame): string | null {
	if (answer !== null) {
		const { operation, senderIp, targetMac } = answer;
		return operation === arp.reply ? `arp ${senderIp} ${targetMac}` : null;
	}
	if (dhcp !== null) {
		return isFromServer(dhcp)
			? `dhcp ${dhcp.transactionId} ${dhcp.clientMac}`
			: null;
	}
	const quoted = icmp?.quoted ?? null;
	const isError = icmp !== null && isIcmpError(icmp.type);
	if (isError && quoted?.icmp?.type === echo.request) {
		const { source, destination } = quoted.ipv4;
		const { identifier, sequence } = quoted.icmp;
		return `${source} ${destination} ${identifier} ${sequence}`;
	}
	return icmp?.type === echo.reply && ipv4 !== null
		? `${ipv4.destination} ${ipv4.source} ${icmp.identifier} ${icmp.sequence}`
		: null;
}
