import type { Ipv4 } from "../model/address.js";
import type { SafeText } from "../model/safe-text.js";
import type { Facts } from "./facts.js";
import type { Loss } from "./loss.js";

/** Gateways of the VM and of the host, as the host says it, and as leases have named them. */
export function findGatewayAddresses(
	{ topology, memory }: Facts,
	{ exchange, journey }: Loss,
): Ipv4[] {
	const path = topology?.paths.find(({ mac }) => mac === exchange.mac);
	const asked = journey?.addresses.destination ?? null;
	return [
		path?.gateway ?? null,
		...(topology?.gateways ?? []).map(({ address }) => address),
		asked !== null && memory.stations.isRouter(asked) ? asked : null,
	].filter((address) => address !== null);
}

/** States of a neighbour that does not answer the host, as `ip neigh` has them. */
const deaf: ReadonlySet<string> = new Set(["FAILED", "INCOMPLETE"]);

/** The state of an address that gives the host itself no answer either; null: it may. */
export function findDeafness(
	{ neighbours }: Facts,
	address: Ipv4,
): SafeText | null {
	const state = neighbours?.get(address) ?? null;
	return state !== null && deaf.has(state) ? state : null;
}
