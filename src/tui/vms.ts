import type { Cause, Exchange, ExchangeOutcome } from "../model/exchange.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import type { Domain, KnownAddress, Topology } from "../model/topology.js";
import { compareCauses } from "./harm.js";
import { compareOutcomes } from "./standing.js";
import type { Subject } from "./subject.js";
import type { ListRow, VmState } from "./world.js";

/** A VM, and what was seen of its MAC addresses. */
export interface Vm {
	readonly state: VmState;
	readonly subjects: readonly Subject[];
	readonly domain: Domain | null;
}

/** What VMs are told by. */
export interface VmSources {
	readonly subjects: Iterable<Subject>;
	readonly topology: Topology | null;
	/** Names of captured ports that are taps. */
	readonly taps: ReadonlySet<SafeText>;
}

interface Group {
	readonly key: string;
	readonly name: SafeText;
	readonly domain: Domain | null;
	readonly subjects: Subject[];
}

/**
 * All VMs, those that run first, then those only seen in the log, then the others; each
 * by name. A MAC address belongs to the domain that has it, else to the one that its
 * journeys name.
 */
export function listVms(sources: VmSources): Vm[] {
	const { topology, taps } = sources;
	const groups = new Map<string, Group>();
	const byMac = new Map<string, Group>();
	for (const domain of topology?.domains ?? []) {
		const { name, nics } = domain;
		const group = { key: name, name, domain, subjects: [] };
		groups.set(name, group);
		for (const { mac } of nics) {
			if (mac !== null && (domain.isRunning || !byMac.has(mac))) {
				byMac.set(mac, group);
			}
		}
	}
	for (const subject of sources.subjects) {
		const { mac, name } = subject;
		const key = name ?? mac;
		const group =
			(mac === null ? undefined : byMac.get(mac)) ?? groups.get(key ?? "");
		if (group !== undefined) {
			group.subjects.push(subject);
		} else if (key !== null) {
			const domain = null;
			const own = { key, name: makeSafe(key), domain, subjects: [subject] };
			groups.set(key, own);
		}
	}
	return Array.from(groups.values(), (group) =>
		describeVm(group, topology, taps),
	).sort(compareVms);
}

function describeVm(
	{ key, name, domain, subjects }: Group,
	topology: Topology | null,
	captured: ReadonlySet<SafeText>,
): Vm {
	const nics = domain?.nics ?? [];
	const macs = new Set([
		...nics.flatMap(({ mac }) => mac ?? []),
		...subjects.flatMap(({ mac }) => mac ?? []),
	]);
	const taps = new Set([
		...nics.flatMap(({ tap }) => tap ?? []),
		...subjects.flatMap(({ entries }) =>
			[...entries].filter((port) => captured.has(port)),
		),
	]);
	const holding = subjects
		.flatMap(({ standing }) => standing.list)
		.sort((a, b) => compareOutcomes(a.outcome, b.outcome));
	const dhcp = newest(subjects.flatMap((subject) => subject.dhcp ?? []));
	const state: VmState = {
		key,
		name,
		uuid: domain?.uuid ?? null,
		state: domain?.state ?? null,
		macs: [...macs].map((mac) => makeSafe(mac)),
		taps: [...taps],
		...findAddress(macs, subjects, dhcp, topology),
		dhcp,
		outcome: judge(holding[0]?.outcome ?? null, subjects),
		causes: listCauses(holding),
		journeys: subjects.reduce((sum, { journeys }) => sum + journeys, 0),
		lost: subjects.reduce((sum, { lost }) => sum + lost, 0),
	};
	return { state, subjects, domain };
}

function newest(exchanges: readonly Exchange[]): Exchange | null {
	return exchanges.reduce<Exchange | null>(
		(latest, exchange) =>
			latest === null ||
			exchange.since.seconds > latest.since.seconds ||
			(exchange.since.seconds === latest.since.seconds &&
				exchange.since.nanos > latest.since.nanos)
				? exchange
				: latest,
		null,
	);
}

/**
 * The address of a VM, by what says it surest: a lease seen in the log; a lease or agent
 * that the host knows; ARP seen in the log; the host's ARP table.
 */
function findAddress(
	macs: ReadonlySet<string>,
	subjects: readonly Subject[],
	dhcp: Exchange | null,
	topology: Topology | null,
): Pick<VmState, "address" | "addressSource"> {
	const told = (topology?.addresses ?? []).filter(({ mac }) => macs.has(mac));
	const seen = subjects.find(({ arpAddress }) => arpAddress !== null);
	const isSure = ({ source }: KnownAddress) =>
		source === "lease" || source === "agent";
	const [found] = [
		...(dhcp?.lease ? [{ address: dhcp.lease.address, source: "dhcp" }] : []),
		...told.filter(isSure),
		...(seen ? [{ address: seen.arpAddress ?? "", source: "arp" }] : []),
		...told,
	];
	return {
		address: found === undefined ? null : makeSafe(found.address),
		addressSource: found?.source ?? null,
	};
}

/** What works now and did not at first is no better than degraded. */
function judge(
	worst: ExchangeOutcome | null,
	subjects: readonly Subject[],
): ExchangeOutcome | null {
	const hadTrouble = subjects.some(({ standing }) => standing.hadTrouble);
	return worst === "delivered" && hadTrouble ? "degraded" : worst;
}

/** The surest first, of equally sure ones those of the worst. */
function listCauses(exchanges: readonly Exchange[]): readonly Cause[] {
	const causes = new Map<string, Cause>();
	const told = exchanges.flatMap((exchange) => exchange.causes);
	for (const cause of told.sort(compareCauses)) {
		causes.set(cause.id, causes.get(cause.id) ?? cause);
	}
	return [...causes.values()];
}

function compareVms(a: Vm, b: Vm): number {
	return rankOf(a) - rankOf(b) || compareNames(a.state.key, b.state.key);
}

function rankOf({ domain }: Vm): number {
	return domain === null ? 1 : domain.isRunning ? 0 : 2;
}

/** VM2 before VM10. */
const names = new Intl.Collator("en", { numeric: true });

function compareNames(a: string, b: string): number {
	return names.compare(a, b) || (a < b ? -1 : 1);
}

/** Whether something names a VM, or one of its MAC addresses. */
export function concernsVm(
	{ name, macs }: VmState,
	{ vm, mac }: Pick<Exchange, "vm" | "mac">,
): boolean {
	return (
		vm === name || (mac !== null && (macs as readonly string[]).includes(mac))
	);
}

/**
 * The VM that a row is of: that it names, else one that it passed, the one that is shown
 * before others; null: it is of none.
 */
export function vmOfRow(
	vms: readonly Vm[],
	row: ListRow,
	shown: SafeText | null,
): Vm | null {
	const told = row.kind === "journey" ? row.journey : row.exchange;
	const named = vms.find(({ state }) => concernsVm(state, told));
	if (named !== undefined) {
		return named;
	}
	const passed = vms.filter(({ state }) => testOfVm(state)(row));
	return passed.find(({ state }) => state.name === shown) ?? passed[0] ?? null;
}

/**
 * Whether a row is of a VM: it names the VM or one of its MAC addresses, or it ends, or
 * should end, at its tap.
 */
export function testOfVm({
	name,
	macs,
	taps,
}: VmState): (row: ListRow) => boolean {
	const isOwn = (mac: string | null | undefined) =>
		mac != null && (macs as readonly string[]).includes(mac);
	const isTap = (port: SafeText | null) => port !== null && taps.includes(port);
	return (row) => {
		if (row.kind === "journey") {
			const { vm, mac, ethernet, hops, expected } = row.journey;
			return (
				vm === name ||
				isOwn(mac) ||
				isOwn(ethernet?.destination) ||
				hops.some((hop) => isTap(hop.interface)) ||
				expected.some(isTap)
			);
		}
		const { vm, mac, lastSeen, firstMissing, roundTrip } = row.exchange;
		return (
			vm === name ||
			isOwn(mac) ||
			isTap(lastSeen) ||
			isTap(firstMissing) ||
			(roundTrip !== null && taps.some((tap) => tap in roundTrip))
		);
	};
}
