import type { Ipv4 } from "../../src/model/address.js";
import { echoes, lease } from "../lab/expectation.js";
import {
	type Bench,
	bridgedPath,
	type FaultPlayed,
} from "../lab/fault-scenario.js";
import { router, vms } from "../lab/plan.js";
import type { Guest } from "./guest.js";
import type { LibvirtHost } from "./libvirt-host.js";
import type { GuestName } from "./plan.js";

/** What a fault is made with on the libvirt host. */
export interface GuestStage extends Bench {
	readonly libvirt: LibvirtHost;
	/** The guest that suffers, which runs. */
	readonly guest: Guest;
}

/** A fault that is made on the libvirt host, and mended again. */
export interface GuestFault {
	/** Of its directory. */
	readonly name: string;
	/** One sentence. */
	readonly what: string;
	readonly cause: string;
	readonly vm: GuestName;
	play(stage: GuestStage): Promise<FaultPlayed>;
}

/** The lab's plans of VM1 and VM3, which have the same cards here. */
export const { vm1, vm3 } = vms;

/** Has a guest take a lease and ping its gateway twice, as it does when all is well. */
export async function beWell(guest: Guest): Promise<Ipv4> {
	const ip = await guest.lease();
	const { gateway, name } = guest.plan;
	if ((await guest.ping(gateway, 2)) !== 2) {
		throw new Error(`${name} does not reach ${gateway}`);
	}
	return ip;
}

/** What is seen of `beWell` for VM1. */
export function wellBefore(ip: Ipv4) {
	return [...lease(vm1, bridgedPath), ...echoes(ip, router.ip, 2, bridgedPath)];
}

/** Has a guest ask for a lease, with three DISCOVERs. Throws when it gets one. */
export async function askInVain(guest: Guest): Promise<void> {
	const said = await guest.run(
		"udhcpc -i eth0 -f -q -n -t 3 -T 1 -s /lease || true",
	);
	if (/^lease /m.test(said)) {
		throw new Error(`${guest.plan.name} got a lease in spite of the fault`);
	}
}

/** Gives a guest an address and its gateway as the way out. */
export async function setAddress(guest: Guest, ip: Ipv4): Promise<void> {
	const { gateway } = guest.plan;
	await guest.run(`ip address add ${ip}/24 dev eth0`);
	await guest.run(`ip route replace default via ${gateway}`);
}

/** Throws when a guest gets an answer from an address. */
export async function pingInVain(guest: Guest, to: Ipv4): Promise<void> {
	const answered = await guest.ping(to, 3);
	if (answered !== 0) {
		throw new Error(`${guest.plan.name} got ${answered} answers from ${to}`);
	}
}
