import type { Mac } from "../model/address.js";
import type { LogTime } from "../model/capture.js";
import type { ExchangeMessage } from "../model/exchange.js";
import type { Journey } from "../model/journey.js";
import type { SafeText } from "../model/safe-text.js";
import { BoundedMap } from "./bounded-map.js";

/** A MAC address that a VM sent from. */
export interface Client {
	readonly mac: Mac;
	/** Null: nothing names it. */
	readonly vm: SafeText | null;
	/** Where its latest frame came in; null: at no tap. */
	readonly tap: SafeText | null;
	/** When that was. */
	readonly seen: LogTime;
}

/** Questions that wait for their answers; more are not counted. */
const openLimit = 1024;

/** Questions of a client, by protocol. */
const questions: Readonly<Record<Journey["protocol"], readonly string[]>> = {
	arp: ["request"],
	dhcp: ["discover", "request"],
	icmp: ["echo-request"],
};

/** Whether somebody asks something, and an answer is to come. */
export function isQuestion({ protocol, message }: Journey): boolean {
	return questions[protocol].includes(message);
}

/** The VMs that were heard, and what of their questions is still open. */
export class ClientBook {
	readonly #clients: BoundedMap<Mac, Client>;
	/** Questions that are in no exchange that was told, by id. */
	readonly #open = new BoundedMap<number, Journey>(openLimit);

	constructor(limit: number) {
		this.#clients = new BoundedMap(limit);
	}

	/** Heard longest ago first. */
	get list(): readonly Client[] {
		return this.#clients.values;
	}

	note(journey: Journey): void {
		const { mac, vm, source, hops, id } = journey;
		const [first] = hops;
		if (mac === null || source !== "vm" || first === undefined) {
			return;
		}
		const known = this.#clients.get(mac);
		this.#clients.set(mac, {
			mac,
			vm: vm ?? known?.vm ?? null,
			tap: first.direction === "out" ? (known?.tap ?? null) : first.interface,
			seen: first.time,
		});
		if (isQuestion(journey)) {
			this.#open.set(id, journey);
		}
	}

	/** Somebody asked for a lease, and by the frames alone it need not be a VM. */
	noteAsker(mac: Mac, { vm, mac: proven, source, hops }: Journey): void {
		const [first] = hops;
		if (proven === null && source === "lan" && first?.direction !== "out") {
			const tap = first?.interface ?? null;
			const seen = first?.time;
			if (seen && !this.#clients.get(mac)) {
				this.#clients.set(mac, { mac, vm, tap, seen });
			}
		}
	}

	/** An exchange was told: its questions are open no more. */
	answer(messages: readonly ExchangeMessage[]): void {
		for (const { journey } of messages) {
			this.#open.delete(journey);
		}
	}

	/** When a card was heard last; null: never. */
	heardOf(mac: Mac | null, tap: SafeText | null): LogTime | null {
		const client = this.list.findLast(
			(one) => one.mac === mac || (tap !== null && one.tap === tap),
		);
		return client?.seen ?? null;
	}

	/** The questions of a card that no exchange was told of yet. */
	openOf(mac: Mac | null, tap: SafeText | null): Journey[] {
		return this.#open.values.filter(
			({ mac: asker, hops }) =>
				(mac !== null && asker === mac) ||
				(tap !== null && hops[0]?.interface === tap),
		);
	}
}
