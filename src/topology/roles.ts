import type { PortRole } from "../model/port.js";

/**
 * Names as the kernel, systemd, libvirt, Proxmox (`tap100i0`, `fwbr100i0`, `vmbr0`) and
 * OpenStack (`tap1f2e3d4c-5b`, `qbr1f2e3d4c-5b`) give them.
 */
const patterns: readonly (readonly [RegExp, PortRole])[] = [
	[/^(vnet\d|tap[\w-]*\d|testnet\d)/, "tap"],
	[/^(br([-_.\d]|$)|(virbr|vmbr|fwbr|qbr|bridge)[\w-]*\d)/, "bridge"],
	[/^(en[opsx]|eth\d|em\d|wl|ww|bond|team|ib\d)/, "uplink"],
];

/** What an interface is, judged by its name alone. */
export function inferRole(name: string): PortRole {
	return patterns.find(([pattern]) => pattern.test(name))?.[1] ?? "unknown";
}

/** Names of the two ends of one cable, as Proxmox and OpenStack give them. */
const cables: readonly (readonly [RegExp, RegExp])[] = [
	[/^fwln(\d+)i(\d+)$/, /^fwpr(\d+)p(\d+)$/],
	[/^qvb([\w-]+)$/, /^qvo([\w-]+)$/],
];

/** Whether two interfaces are the ends of one cable (a veth pair), by their names. */
export function areCable(a: string, b: string): boolean {
	return cables.some(([one, other]) => {
		const [left, right] = one.test(a) ? [a, b] : [b, a];
		const ends = [one.exec(left), other.exec(right)];
		const [here, there] = ends.map((match) => match?.slice(1).join(" "));
		return here !== undefined && here === there;
	});
}

/** Whether an interface is an end of such a cable. */
export function isCableEnd(name: string): boolean {
	return /^(fw|qv)/.test(name) && cables.flat().some((end) => end.test(name));
}

/** Whether a bridge is one of libvirt's NAT or isolated networks, by its name. */
export function isLibvirtNetwork(bridge: string): boolean {
	return /^virbr\d+$/.test(bridge);
}
