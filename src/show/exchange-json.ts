import { formatTimeNs } from "../model/capture.js";
import type { Exchange, Lease } from "../model/exchange.js";
import { formatTransactionId } from "./json.js";

/** An exchange as `vmpath-1.schema.json` describes it. */
export function exchangeToJson(exchange: Exchange): object {
	const { since, xid, lease, ...rest } = exchange;
	return {
		type: "exchange",
		...rest,
		tsNs: formatTimeNs(since),
		xid: xid === null ? null : formatTransactionId(xid),
		lease: lease && leaseToJson(lease),
	};
}

function leaseToJson({ since, ...rest }: Lease): object {
	return { ...rest, tsNs: formatTimeNs(since) };
}
