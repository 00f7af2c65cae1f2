import type { Ipv4 } from "../model/address.js";
import type { Message } from "./open-exchange.js";

/** Who answered: option 54, else the sender of the packet. */
export function serverOf({ frame }: Message): Ipv4 | null {
	return frame.dhcp?.serverIdentifier ?? frame.ipv4?.source ?? null;
}
