import type { Ipv4 } from "../../src/model/address.js";
import type { VmPlan } from "./plan.js";

/** An exact number, at least one, or at least two. */
export type Times = number | "some" | "repeated";

/** How often each port must have seen a frame, by the words of `ReadFrame.line`. */
export interface Expectation {
	readonly line: string;
	/** By port. */
	readonly at: Readonly<Record<string, Times>>;
	/** How many ICMP identifiers these frames have at each port; any number when absent. */
	readonly identifiers?: number;
}

/** Whether a frame was seen as often as it had to be. */
export function isMet(count: number, times: Times): boolean {
	if (times === "some") {
		return count >= 1;
	}
	return times === "repeated" ? count >= 2 : count === times;
}

/** A DHCP message of a VM. */
export function dhcp(
	message: string,
	vm: VmPlan,
	at: Expectation["at"],
): Expectation {
	return { line: `dhcp ${message} ${vm.mac}`, at };
}

/** An ICMP message, as often as it is seen at each port. */
export function icmp(
	message: string,
	from: Ipv4,
	to: Ipv4,
	at: Expectation["at"],
): Expectation {
	return { line: `icmp ${message} ${from} > ${to}`, at };
}

/** An ARP message; "from" and "to" are its sender's and its target's protocol addresses. */
export function arp(
	message: "request" | "reply",
	from: Ipv4,
	to: Ipv4,
	at: Expectation["at"],
): Expectation {
	return { line: `arp ${message} ${from} > ${to}`, at };
}

/** The four messages of a lease, each seen once (or `times`) at every one of these ports. */
export function lease(
	vm: VmPlan,
	ports: readonly string[],
	times = 1,
): readonly Expectation[] {
	const at = everyPort(ports, times);
	return ["discover", "offer", "request", "ack"].map((message) =>
		dhcp(message, vm, at),
	);
}

/** Pings that were all answered, seen at every one of these ports. */
export function echoes(
	from: Ipv4,
	to: Ipv4,
	count: number,
	ports: readonly string[],
): readonly Expectation[] {
	const at = everyPort(ports, count);
	return [icmp("echo-request", from, to, at), icmp("echo-reply", to, from, at)];
}

/** Pings too long for one frame that were all answered: each packet in three fragments. */
export function fragmentedEchoes(
	from: Ipv4,
	to: Ipv4,
	count: number,
	ports: readonly string[],
): readonly Expectation[] {
	const at = everyPort(ports, 2 * count);
	return [
		...echoes(from, to, count, ports),
		icmp("fragment", from, to, at),
		icmp("fragment", to, from, at),
	];
}

/** The same at every one of these ports. */
export function everyPort(
	ports: readonly string[],
	times: Times,
): Expectation["at"] {
	return Object.fromEntries(ports.map((port) => [port, times]));
}
