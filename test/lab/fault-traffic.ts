import type { Ipv4 } from "../../src/model/address.js";
import { clearAddress, ping, setAddress, takeLease } from "./clients.js";
import { type Expectation, echoes, lease } from "./expectation.js";
import { bridgedPath, fixedIp, natPath } from "./fault-scenario.js";
import type { Lab } from "./lab.js";
import { runIp } from "./namespaces.js";
import { internet, natNetwork, router, vms } from "./plan.js";

/** Lets a VM take a lease and ping out, as it does when all is well. */
export async function beWell(lab: Lab, vm: "vm1" | "vm3"): Promise<Ipv4> {
	const ip = await takeLease(lab, vm);
	await ping(lab, vm, vm === "vm1" ? router.ip : internet.ip, { count: 2 });
	return ip;
}

/** What is seen of `beWell` for vm1. */
export function wellBefore(ip: Ipv4): readonly Expectation[] {
	return [
		...lease(vms.vm1, bridgedPath),
		...echoes(ip, router.ip, 2, bridgedPath),
	];
}

/** What is seen of `beWell` for vm3. */
export function wellNatBefore(ip: Ipv4): readonly Expectation[] {
	return [...lease(vms.vm3, natPath), ...echoes(ip, internet.ip, 2, natPath)];
}

/** vm1 has a fixed address for as long as it pings the gateway, and none afterwards. */
export async function pingAsNeighbour(lab: Lab, count: number): Promise<void> {
	await setAddress(lab, "vm1", fixedIp);
	await ping(lab, "vm1", router.ip, { count });
	await clearAddress(lab, "vm1");
}

/** Gives vm3 a fixed address, and virbr0 as its gateway. */
export async function setNatAddress(lab: Lab, ip: Ipv4): Promise<void> {
	await runIp(lab.namespaces.vm3, [
		`address add ${ip}/24 dev eth0`,
		`route add default via ${natNetwork.ip}`,
	]);
}
