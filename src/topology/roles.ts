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

/** Whether a bridge is one of libvirt's NAT or isolated networks, by its name. */
export function isLibvirtNetwork(bridge: string): boolean {
	return /^virbr\d+$/.test(bridge);
}
