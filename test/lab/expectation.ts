import type { Ipv4 } from "../../src/model/address.js";
import type { VmPlan } from "./plan.js";

/** An exact number, at least one, or at least two. */
export type Times = number | "some" | "repeated";

/** How often each port must have seen a frame, by the words of `ReadFrame.line`. */
export interface Expectation {
	readonly line: string;
	/** By port. */
	readonly at: Readonly<Record<string, Times>>;
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

/** The four messages of a lease, each seen once at every one of these ports. */
export function lease(
	vm: VmPlan,
	ports: readonly string[],
): readonly Expectation[] {
	const at = everyPort(ports, 1);
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
	return [
		{ line: `icmp echo-request ${from} > ${to}`, at },
		{ line: `icmp echo-reply ${to} > ${from}`, at },
	];
}

/** The same at every one of these ports. */
export function everyPort(
	ports: readonly string[],
	times: Times,
): Expectation["at"] {
	return Object.fromEntries(ports.map((port) => [port, times]));
}
