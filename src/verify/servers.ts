import type { Ipv4, Mac } from "../model/address.js";
import { isFromServer } from "../model/dhcp.js";
import type { Exchange } from "../model/exchange.js";
import type { Frame } from "../model/frame.js";
import type { Port } from "../model/port.js";
import { BoundedMap } from "./bounded-map.js";

/** A DHCP server that answered a client. */
export interface DhcpAnswerer {
	/** Option 54, else the sender of the packet. */
	readonly server: Ipv4;
	/** Of the frame: the server's own, or that of a relay or router before it. */
	readonly mac: Mac | null;
	/** What it offered or granted. */
	readonly address: Ipv4;
}

const exchangeLimit = 4096;
/** Servers of one exchange that are kept. */
const serverLimit = 16;

/** Which DHCP servers answered which client, from the frames themselves. */
export class ServerBook {
	readonly #answers = new BoundedMap<string, Map<Ipv4, DhcpAnswerer>>(
		exchangeLimit,
	);

	/** @param port where it was seen; what a server sends to a relay is no answer here */
	note({ dhcp, ipv4, ethernet, udp }: Frame, port: Port | null): void {
		const server = dhcp?.serverIdentifier ?? ipv4?.source ?? null;
		const isAnswer = dhcp !== null && isFromServer(dhcp) && port !== null;
		if (!isAnswer || server === null || udp?.destinationPort === 67) {
			return;
		}
		const key = keyOf(dhcp.transactionId, dhcp.clientMac);
		const known = this.#answers.get(key) ?? new Map<Ipv4, DhcpAnswerer>();
		if (!known.has(server) && known.size < serverLimit) {
			const mac = ethernet?.source ?? null;
			known.set(server, { server, mac, address: dhcp.yourIp });
		}
		this.#answers.set(key, known);
	}

	/** Who answered in an exchange, in order of time. */
	of({ xid, mac }: Exchange): readonly DhcpAnswerer[] {
		const known = xid === null ? undefined : this.#answers.get(keyOf(xid, mac));
		return [...(known?.values() ?? [])];
	}
}

function keyOf(transactionId: number, client: Mac | null): string {
	return `${transactionId} ${client}`;
}
