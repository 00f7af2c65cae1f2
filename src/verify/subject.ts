import { type Ipv4, parseMac } from "../model/address.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import type { Domain, Topology } from "../model/topology.js";
import { describeUnknown, findNics, isTapLike } from "../topology/chosen-vm.js";
import { listNames } from "../topology/safe-template.js";
import type { Client } from "./clients.js";
import type { Evidence, LogState, VmCard } from "./evidence.js";

/** The VM that a verdict is about. */
export interface Subject {
	/** Its name, else what it was called by. */
	readonly name: SafeText;
	/** Null: nothing tells of it but its frames. */
	readonly domain: Domain | null;
	readonly cards: readonly VmCard[];
}

/** There is no such VM; one line that says what there is. */
export class UnknownVm {
	readonly reason: string;

	constructor(reason: string) {
		this.reason = reason;
	}
}

/**
 * Finds the VM that is meant: by name, UUID, MAC address, tap or IP address, from what the
 * host said, else from what passed.
 */
export function findSubject(
	vm: string,
	evidence: Evidence,
	state: LogState,
): Subject | UnknownVm {
	const { topology, addresses } = state;
	const told = topology && findTold(topology, vm);
	if (told) {
		return told;
	}
	const clients = evidence.clients.list;
	const holder = addresses.findLast(({ address }) => address === vm);
	const mac = holder?.mac ?? parseMac(vm);
	const heard =
		clients.findLast((client) => client.mac === mac || client.vm === vm) ??
		clients.findLast((client) => client.tap === makeSafe(vm));
	const byMac = mac !== null && topology ? findTold(topology, mac) : null;
	if (byMac !== null) {
		return byMac;
	}
	if (heard !== undefined) {
		return { ...subjectOf(heard, topology), name: heard.vm ?? makeSafe(vm) };
	}
	const tap = findTap(vm, state);
	return tap === null
		? new UnknownVm(describeMissing(vm, clients, state))
		: { name: tap, domain: null, cards: [{ mac: null, tap }] };
}

/** A tap that nothing was heard from. */
function findTap(vm: string, { ports, topology }: LogState): SafeText | null {
	const name = makeSafe(vm);
	const isCaptured = ports.some(
		(port) => port.name === name && port.role === "tap",
	);
	const told = topology?.ports.find((port) => port.name === name);
	return isCaptured || (told && isTapLike(told)) ? name : null;
}

/**
 * Every running VM that the host tells of. Where it tells of none, every tap of a bridge,
 * and every one that was heard besides.
 */
export function listSubjects(
	evidence: Evidence,
	{ topology }: LogState,
): Subject[] {
	const domains = topology?.domains ?? [];
	const running = domains.filter(
		({ isRunning, nics }) => isRunning && nics.length > 0,
	);
	if (domains.length > 0) {
		return running.map((domain) => ({
			name: domain.name,
			domain,
			cards: domain.nics.map(({ mac, tap }) => ({ mac, tap })),
		}));
	}
	const heard = evidence.clients.list;
	const taps = (topology?.ports ?? []).flatMap(({ name, role, master }) =>
		role === "tap" && master !== null ? [name] : [],
	);
	const others = heard.filter(({ tap }) => tap === null || !taps.includes(tap));
	return [
		...taps.map((tap): Subject => {
			const mac = heard.findLast((client) => client.tap === tap)?.mac ?? null;
			return { name: tap, domain: null, cards: [{ mac, tap }] };
		}),
		...others.map((client) => subjectOf(client, topology)),
	];
}

/** `VM1`; of one that does not run, with what it is: `VM1, which is shut off`. */
export function nameWithState({ name, domain }: Subject): string {
	const isOff = domain !== null && !domain.isRunning;
	return isOff ? `${name}, which is ${domain.state}` : name;
}

/** The addresses by which a VM's frames are known. */
export function macsOf({ cards }: Subject): readonly string[] {
	return cards.flatMap(({ mac }) => mac ?? []);
}

function findTold(topology: Topology, vm: string): Subject | null {
	const found = findNics(topology, vm);
	const [first] = found;
	if (first === undefined) {
		return null;
	}
	const cards = found.map(({ nic: { mac, tap } }) => ({ mac, tap }));
	return { name: first.domain.name, domain: first.domain, cards };
}

function subjectOf(
	{ mac, tap, vm }: Client,
	topology: Topology | null,
): Subject {
	const told = topology && findTold(topology, mac);
	return (
		told ?? { name: vm ?? makeSafe(mac), domain: null, cards: [{ mac, tap }] }
	);
}

function describeMissing(
	vm: Ipv4 | string,
	clients: readonly Client[],
	{ topology }: LogState,
): string {
	const heard = clients.map(({ mac, tap }) => tap ?? makeSafe(mac));
	const known = [...new Set(heard)];
	const isTold = topology !== null && topology.domains.length > 0;
	if (isTold || (topology !== null && known.length === 0)) {
		return describeUnknown(topology, vm);
	}
	return known.length === 0
		? `there is no VM ${makeSafe(vm)}: no frame of a VM was seen`
		: `there is no VM ${makeSafe(vm)}: there ${known.length === 1 ? "is" : "are"} ${listNames(known)}`;
}
