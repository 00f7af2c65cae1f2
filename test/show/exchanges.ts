import { addNs } from "../../src/model/capture.js";
import type { Exchange } from "../../src/model/exchange.js";
import { makeSafe } from "../../src/model/safe-text.js";
import { start } from "./journeys.js";

/** A lease that vm1 got in 33.7 ms, or what a test makes of it. */
export function exchange(changes: Partial<Exchange> = {}): Exchange {
	return {
		id: 3,
		revision: 0,
		protocol: "dhcp",
		vm: null,
		mac: "52:54:00:cd:76:3a",
		xid: 0x3903f326,
		server: "192.168.100.1",
		messages: [
			{ message: "discover", journey: 1, outcome: "delivered" },
			{ message: "offer", journey: 2, outcome: "delivered" },
		],
		roundTrip: null,
		outcome: "delivered",
		message: "ack",
		lastSeen: makeSafe("vnet0"),
		firstMissing: null,
		reason: null,
		causes: [],
		lease: {
			address: "192.168.100.57",
			server: "192.168.100.1",
			seconds: 3600,
			since: addNs(start, 33_700_000),
			routers: ["192.168.100.1"],
		},
		summary: makeSafe("DHCP lease 192.168.100.57 from 192.168.100.1"),
		since: start,
		...changes,
	};
}
