import {
	type Ipv4,
	type Mac,
	parseMac,
	unspecifiedIpv4,
} from "../model/address.js";
import type { Exchange } from "../model/exchange.js";
import type { Frame } from "../model/frame.js";
import type { Journey } from "../model/journey.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import type { Topology } from "../model/topology.js";
import { findNics } from "../topology/chosen-vm.js";
import { BoundedMap } from "../verify/bounded-map.js";

/** Taps and addresses that were heard, and journeys whose exchange may come; of each. */
const limit = 32_768;

/** A VM as it was named, and what the host calls it besides. */
interface ChosenVm {
	readonly named: string;
	readonly text: SafeText;
	readonly mac: Mac | null;
	/** As the host said it last. */
	told: Names;
	/** Something is called so. */
	isKnown: boolean;
}

interface Names {
	readonly vms: ReadonlySet<string>;
	readonly macs: ReadonlySet<string>;
	readonly taps: ReadonlySet<string>;
	readonly addresses: ReadonlySet<string>;
}

const noNames: Names = {
	vms: new Set(),
	macs: new Set(),
	taps: new Set(),
	addresses: new Set(),
};

/**
 * The VMs that were asked for, by name, UUID, MAC address, tap or IP address. Whichever it
 * is, the same belongs to them: the other names are the host's word, or are learned from
 * what the VM itself sends.
 */
export class ChosenVms {
	readonly #vms: readonly ChosenVm[];
	/** Who sent last from behind a tap. */
	readonly #owners = new BoundedMap<string, Mac>(limit);
	/** Who used an IP address last. */
	readonly #holders = new BoundedMap<string, Mac>(limit);
	/** Journeys of these VMs, by id. */
	readonly #journeys = new BoundedMap<number, true>(limit);

	/** @param vms as they were named; none: all VMs */
	constructor(vms: readonly string[]) {
		this.#vms = vms.map((named) => ({
			named,
			text: makeSafe(named),
			mac: parseMac(named),
			told: noNames,
			isKnown: false,
		}));
	}

	/** Those that nothing is called by, neither on the host nor in what passed. */
	get unknown(): readonly string[] {
		return this.#vms
			.filter(({ isKnown }) => !isKnown)
			.map(({ named }) => named);
	}

	/** What the host says holds until it says something else. */
	noteTopology(topology: Topology): void {
		for (const vm of this.#vms) {
			vm.told = readNames(topology, vm) ?? vm.told;
			vm.isKnown ||=
				vm.told !== noNames ||
				topology.ports.some(({ name }) => name === vm.text) ||
				topology.domains.some(({ name }) => name === vm.text);
		}
	}

	/** Whether it is a trip from or to one of these VMs. */
	hasJourney(journey: Journey): boolean {
		this.#learn(journey);
		const isOne = this.#some((vm) => this.#isOfJourney(vm, journey));
		if (isOne && this.#vms.length > 0) {
			this.#journeys.set(journey.id, true);
		}
		return isOne;
	}

	/** Whether one of its journeys is one of theirs. */
	hasExchange({ vm: name, mac, lease, messages }: Exchange): boolean {
		if (lease !== null && mac !== null) {
			this.#holders.set(lease.address, mac);
		}
		const isOne = messages.some(
			({ journey }) => this.#journeys.get(journey) === true,
		);
		return (
			isOne ||
			this.#some(
				(vm) =>
					isNamed(vm, name) ||
					this.#isMac(vm, mac) ||
					this.#isAddress(vm, lease?.address),
			)
		);
	}

	hasFrame(
		{ ethernet, arp, ipv4, dhcp }: Frame,
		interfaceName: string | null,
	): boolean {
		const addresses = [
			...[ipv4?.source, ipv4?.destination, arp?.senderIp, arp?.targetIp],
			...[dhcp?.clientIp, dhcp?.yourIp, dhcp?.requestedIp],
		];
		const macs = [ethernet?.source, ethernet?.destination, dhcp?.clientMac];
		return this.#some(
			(vm) =>
				this.#isTap(vm, interfaceName) ||
				macs.some((mac) => this.#isMac(vm, mac)) ||
				addresses.some((address) => this.#isAddress(vm, address)),
		);
	}

	#isOfJourney(vm: ChosenVm, journey: Journey): boolean {
		const { ethernet, addresses, hops, expected, firstMissing } = journey;
		const passed = [...hops.map((hop) => hop.interface), ...expected];
		return (
			isNamed(vm, journey.vm) ||
			this.#isMac(vm, journey.mac) ||
			this.#isMac(vm, ethernet?.source) ||
			this.#isMac(vm, ethernet?.destination) ||
			this.#isAddress(vm, addresses.source) ||
			this.#isAddress(vm, addresses.destination) ||
			[...passed, firstMissing].some((name) => this.#isTap(vm, name))
		);
	}

	/** What a VM sends tells its tap and its address. */
	#learn({ source, mac, hops, addresses }: Journey): void {
		const [first] = hops;
		if (this.#vms.length === 0 || source !== "vm" || mac === null) {
			return;
		}
		if (first?.interface && first.direction !== "out") {
			this.#owners.set(first.interface, mac);
		}
		if (addresses.source !== null && addresses.source !== unspecifiedIpv4) {
			this.#holders.set(addresses.source, mac);
		}
	}

	#some(isMeant: (vm: ChosenVm) => boolean): boolean {
		for (const vm of this.#vms) {
			if (isMeant(vm)) {
				vm.isKnown = true;
				return true;
			}
		}
		return this.#vms.length === 0;
	}

	#isMac(vm: ChosenVm, mac: Mac | null | undefined): boolean {
		return (
			mac != null &&
			(mac === vm.mac ||
				vm.told.macs.has(mac) ||
				this.#owners.get(vm.text) === mac ||
				this.#holders.get(vm.named) === mac)
		);
	}

	#isTap(vm: ChosenVm, name: string | null): boolean {
		return (
			name !== null &&
			(name === vm.text ||
				vm.told.taps.has(name) ||
				this.#isMac(vm, this.#owners.get(name)))
		);
	}

	#isAddress(vm: ChosenVm, address: Ipv4 | null | undefined): boolean {
		return (
			address != null &&
			(address === vm.named ||
				vm.told.addresses.has(address) ||
				this.#isMac(vm, this.#holders.get(address)))
		);
	}
}

function isNamed({ text, told }: ChosenVm, name: string | null): boolean {
	return name !== null && (name === text || told.vms.has(name));
}

/** What a VM is called besides; null: the host does not tell of it now. */
function readNames(topology: Topology, { named }: ChosenVm): Names | null {
	const found = findNics(topology, named);
	const holders = topology.addresses.filter(({ address }) => address === named);
	const macs = new Set([
		...found.flatMap(({ nic }) => nic.mac ?? []),
		...(found.length === 0 ? holders.map(({ mac }) => mac) : []),
	]);
	const held = topology.addresses.filter(({ mac }) => macs.has(mac));
	return found.length === 0 && macs.size === 0
		? null
		: {
				vms: new Set(found.map(({ domain }) => domain.name)),
				macs,
				taps: new Set(found.flatMap(({ nic }) => nic.tap ?? [])),
				addresses: new Set(held.map(({ address }) => address)),
			};
}
