import type { Ipv4 } from "../../src/model/address.js";
import { internet } from "../lab/plan.js";
import type { Guest } from "./guest.js";
import type { LibvirtHost } from "./libvirt-host.js";
import type { Act } from "./log-truth.js";

/** A course of events on a host of libvirt that is recorded. */
export interface Course {
	readonly name: string;
	readonly what: string;
	/** Before the recording begins. */
	prepare(host: LibvirtHost): Promise<void>;
	play(host: LibvirtHost, actor: Actor): Promise<void>;
}

type Change =
	| "powerOff"
	| "boot"
	| "detachNic"
	| "attachNic"
	| "pause"
	| "resume";

/** Does things to guests, and writes down what was done and when. */
export class Actor {
	readonly acts: Act[] = [];
	readonly #untilLogged: (guest: Guest) => Promise<void>;

	/** @param untilLogged waits until the log says of a guest what libvirt says */
	constructor(untilLogged: (guest: Guest) => Promise<void>) {
		this.#untilLogged = untilLogged;
	}

	async change(guest: Guest, what: Change): Promise<void> {
		await this.#note(guest, what, async () => {
			await guest[what]();
			return {};
		});
		await this.#untilLogged(guest);
	}

	async lease(guest: Guest): Promise<Ipv4> {
		let address = "";
		await this.#note(guest, "lease", async () => {
			address = await guest.lease();
			return { address };
		});
		return address;
	}

	async ping(guest: Guest, address: Ipv4, sent: number): Promise<void> {
		await this.#note(guest, "ping", async () => {
			const answered = await guest.ping(address, sent);
			return { address, sent, answered };
		});
	}

	async #note(
		guest: Guest,
		what: string,
		act: () => Promise<Partial<Act>>,
	): Promise<void> {
		const fromNs = nowNs();
		const done = await act();
		const untilNs = nowNs();
		const tap = await guest.tap();
		const nothing = { address: null, sent: 0, answered: 0 };
		const vm = guest.plan.name;
		this.acts.push({ vm, what, tap, ...nothing, ...done, fromNs, untilNs });
	}
}

function nowNs(): string {
	return `${Date.now()}000000`;
}

/** What is recorded for fixtures/recordings. */
export const courses: readonly Course[] = [
	{
		name: "three-guests",
		what: "VM1 and VM2 on br0 and VM3 on libvirt's NAT network get leases and ping their gateways; VM1 and VM2 ping each other, VM3 the internet",
		prepare: async ({ guests: { VM1, VM2, VM3 } }) => {
			// One after the other, so that VM1 has vnet0.
			for (const guest of [VM1, VM2, VM3]) {
				await guest.boot();
			}
		},
		play: async ({ guests: { VM1, VM2, VM3 } }, actor) => {
			const first = await actor.lease(VM1);
			const second = await actor.lease(VM2);
			await actor.lease(VM3);
			for (const guest of [VM1, VM2, VM3]) {
				await actor.ping(guest, guest.plan.gateway, 3);
			}
			await actor.ping(VM1, second, 2);
			await actor.ping(VM2, first, 2);
			await actor.ping(VM3, internet.ip, 3);
		},
	},
	{
		name: "guests-come-and-go",
		what: "VM1 is shut down and started again, with another tap; VM2's card is detached and attached; VM1 is paused, pinged in vain, and resumed. VM3 is off all the while",
		prepare: async ({ guests: { VM1, VM2 } }) => {
			for (const guest of [VM1, VM2]) {
				await guest.boot();
				await guest.lease();
			}
		},
		play: async ({ guests: { VM1, VM2 } }, actor) => {
			await actor.ping(VM1, VM1.plan.gateway, 2);
			await actor.change(VM1, "powerOff");
			await actor.change(VM1, "boot");
			const address = await actor.lease(VM1);
			await actor.ping(VM1, VM1.plan.gateway, 2);
			await actor.change(VM2, "detachNic");
			await actor.change(VM2, "attachNic");
			await actor.lease(VM2);
			await actor.ping(VM2, VM2.plan.gateway, 2);
			await actor.change(VM1, "pause");
			await actor.ping(VM2, address, 2);
			await actor.change(VM1, "resume");
			await actor.ping(VM2, address, 2);
		},
	},
];
