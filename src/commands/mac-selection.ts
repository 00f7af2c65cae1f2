import { type FdbEntry, parseFdb } from "../diagnosis/fdb.js";
import { type Mac, parseMac } from "../model/address.js";
import type { HostDocument } from "../model/host-document.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import type { Topology } from "../model/topology.js";
import type { CaptureSelection } from "../topology/capture-plan.js";
import { findNics } from "../topology/chosen-vm.js";
import { parseIpv4 } from "../topology/ipv4.js";
import { listNames, safe } from "../topology/safe-template.js";

/** What was asked for, with taps in the place of MAC addresses that no domain has. */
export interface LocatedSelection {
	readonly selection: CaptureSelection;
	/** Of addresses that are behind no tap; one line each. */
	readonly problems: readonly string[];
}

/**
 * Finds the taps of MAC and IP addresses where no domain tells of them: libvirt is out of reach,
 * or the VM is none of its. libvirt gives a tap the address of its NIC with `fe` as the
 * first octet; QEMU by itself and Proxmox do not, and there the bridge has learned it.
 *
 * @param fdb `host-fdb`, where it was read
 */
export function locateMacs(
	selection: CaptureSelection,
	topology: Topology,
	fdb: HostDocument | undefined,
): LocatedSelection {
	const entries = readFdb(fdb);
	const problems: string[] = [];
	const vms = selection.vms.flatMap((vm) => {
		const mac = parseMac(vm) ?? findHolder(vm, topology);
		if (mac === null || findNics(topology, vm).length > 0) {
			return vm;
		}
		const tap = findTap(mac, topology, entries);
		if (tap === null) {
			problems.push(describeNowhere(mac, topology, entries));
		}
		return tap ?? [];
	});
	return { selection: { ...selection, vms }, problems };
}

/** Whether where a MAC address is may decide what is captured. */
export function hasMac({ vms }: CaptureSelection): boolean {
	return vms.some((vm) => parseMac(vm) !== null || parseIpv4(vm) !== null);
}

/** A VM that no domain tells of, where its address or the bridge tells its tap. */
export interface LocatedVm {
	readonly mac: Mac;
	readonly tap: SafeText;
}

/** Finds the tap of a VM by its MAC or IP address, as `locateMacs`; null: it has none. */
export function locateVm(
	vm: string,
	topology: Topology,
	fdb: HostDocument | undefined,
): LocatedVm | null {
	const mac = parseMac(vm) ?? findHolder(vm, topology);
	const tap = mac === null ? null : findTap(mac, topology, readFdb(fdb));
	return mac === null || tap === null ? null : { mac, tap };
}

/** Who has an IP address, by the host's leases or its ARP table. */
function findHolder(vm: string, { addresses }: Topology): Mac | null {
	const address = parseIpv4(vm);
	const held = addresses.find((known) => known.address === address);
	return address === null ? null : (held?.mac ?? null);
}

function readFdb(fdb: HostDocument | undefined): FdbEntry[] {
	return (fdb?.statements ?? []).flatMap(
		({ output }) => parseFdb(output) ?? [],
	);
}

function findTap(
	mac: Mac,
	{ ports }: Topology,
	entries: readonly FdbEntry[],
): SafeText | null {
	const taps = ports.filter(({ role }) => role === "tap");
	const own = taps.find(
		(tap) => tap.mac === mac || tap.mac === `fe${mac.slice(2)}`,
	);
	const learned = taps.find(({ name }) =>
		entries.some((entry) => entry.mac === mac && entry.port === name),
	);
	return (own ?? learned)?.name ?? null;
}

function describeNowhere(
	mac: Mac,
	{ ports, domains }: Topology,
	entries: readonly FdbEntry[],
): string {
	const learned = entries.find((entry) => entry.mac === mac);
	if (learned !== undefined) {
		return `${mac} is at no tap of this host: ${learned.bridge} reaches it by ${learned.port}`;
	}
	const nics = domains.flatMap(({ name, nics: of }) =>
		of.flatMap((nic) =>
			nic.mac ? [safe`${name} (${makeSafe(nic.mac)})`] : [],
		),
	);
	const taps = ports.flatMap(({ role, name, mac: own }) =>
		role === "tap" && own ? [safe`${name} (${makeSafe(own)})`] : [],
	);
	const there = nics.length > 0 ? nics : taps;
	const what = there.length === 0 ? "no tap at all" : listNames(there, 8);
	return `no VM, tap or bridge here knows ${mac}: there ${there.length > 1 ? "are" : "is"} ${what}`;
}
