import { formatTimeNs } from "../model/capture.js";
import type { Exchange, Lease } from "../model/exchange.js";
import { formatTransactionId } from "./json.js";

/** An exchange as `vmpath-1.schema.json` describes it. */
export function exchangeToJson(exchange: Exchange): object {
	const { since, xid, lease } = exchange;
	return {
		type: "exchange",
		id: exchange.id,
		revision: exchange.revision,
		protocol: exchange.protocol,
		vm: exchange.vm,
		mac: exchange.mac,
		server: exchange.server,
		messages: exchange.messages,
		roundTrip: exchange.roundTrip,
		outcome: exchange.outcome,
		message: exchange.message,
		lastSeen: exchange.lastSeen,
		firstMissing: exchange.firstMissing,
		reason: exchange.reason,
		causes: exchange.causes,
		summary: exchange.summary,
		tsNs: formatTimeNs(since),
		xid: xid === null ? null : formatTransactionId(xid),
		lease: lease && leaseToJson(lease),
	};
}

function leaseToJson({ since, ...rest }: Lease): object {
	return { ...rest, tsNs: formatTimeNs(since) };
}
