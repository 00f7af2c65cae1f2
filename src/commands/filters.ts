import { parseMac } from "../model/address.js";
import { elapsedNs, type LogTime } from "../model/capture.js";
import type { Exchange } from "../model/exchange.js";
import type { Frame, Protocol } from "../model/frame.js";
import type { Journey } from "../model/journey.js";
import { Failure } from "./failure.js";

/** Which of the frames and journeys of a log are shown. All are traced. */
export interface Filters {
	/** MAC addresses, IP addresses, taps or names; none: all VMs. */
	readonly vms: readonly string[];
	readonly protocols: readonly Protocol[];
	readonly interfaces: readonly string[];
	readonly since: LogTime | null;
	readonly until: LogTime | null;
	/** Only what was not plainly delivered. */
	readonly problems: boolean;
}

/** @throws {Failure} when nothing can pass them */
export function checkFilters({ since, until }: Filters): void {
	if (since !== null && until !== null && elapsedNs(since, until) < 0) {
		throw new Failure("--since is later than --until: nothing lies between");
	}
}

/** Whether a journey is shown. Time is that of its first hop. */
export function isJourneyWanted(journey: Journey, filters: Filters): boolean {
	const [first] = journey.hops;
	const passed = [...journey.hops, ...journey.copies].map(
		(hop) => hop.interface,
	);
	return (
		!(filters.problems && journey.outcome === "delivered") &&
		isProtocolWanted(journey.protocol, filters) &&
		isTimeWanted(first?.time ?? null, filters) &&
		isInterfaceWanted(passed, filters) &&
		isVmWanted(filters, (vm) => concernsVm(journey, vm))
	);
}

/** Whether an exchange is shown. Time is that of its first message. */
export function isExchangeWanted(
	exchange: Exchange,
	filters: Filters,
): boolean {
	const { vm, mac, lease, lastSeen, firstMissing, roundTrip } = exchange;
	const passed = [lastSeen, firstMissing, ...Object.keys(roundTrip ?? {})];
	return (
		!(filters.problems && exchange.outcome === "delivered") &&
		isProtocolWanted(exchange.protocol, filters) &&
		isTimeWanted(exchange.since, filters) &&
		isInterfaceWanted(passed, filters) &&
		isVmWanted(
			filters,
			(wanted) =>
				vm === wanted ||
				mac === (parseMac(wanted) ?? wanted) ||
				lease?.address === wanted ||
				passed.some((port) => port === wanted),
		)
	);
}

/** Whether a frame is shown. */
export function isFrameWanted(
	frame: Frame,
	time: LogTime | null,
	interfaceName: string | null,
	filters: Filters,
): boolean {
	return (
		isProtocolWanted(frame.protocol, filters) &&
		isTimeWanted(time, filters) &&
		isInterfaceWanted([interfaceName], filters) &&
		isVmWanted(filters, (vm) => isFrameOfVm(frame, interfaceName, vm))
	);
}

function isVmWanted(
	{ vms }: Filters,
	concerns: (vm: string) => boolean,
): boolean {
	return vms.length === 0 || vms.some(concerns);
}

function isProtocolWanted(
	protocol: Protocol | null,
	{ protocols }: Filters,
): boolean {
	return (
		protocols.length === 0 ||
		(protocol !== null && protocols.includes(protocol))
	);
}

function isInterfaceWanted(
	passed: readonly (string | null)[],
	{ interfaces }: Filters,
): boolean {
	return (
		interfaces.length === 0 ||
		passed.some((name) => name !== null && interfaces.includes(name))
	);
}

function isTimeWanted(
	time: LogTime | null,
	{ since, until }: Filters,
): boolean {
	if (time === null) {
		return since === null && until === null;
	}
	return (
		(since === null || elapsedNs(since, time) >= 0) &&
		(until === null || elapsedNs(time, until) >= 0)
	);
}

function concernsVm(journey: Journey, vm: string): boolean {
	const { mac, ethernet, hops, copies, addresses } = journey;
	const wanted = parseMac(vm) ?? vm;
	return (
		ethernet?.destination === wanted ||
		journey.vm === vm ||
		mac === wanted ||
		hops.some((hop) => hop.interface === vm) ||
		copies.some((hop) => hop.interface === vm) ||
		addresses.source === vm ||
		addresses.destination === vm
	);
}

function isFrameOfVm(
	{ ethernet, arp, ipv4, dhcp }: Frame,
	interfaceName: string | null,
	vm: string,
): boolean {
	const mac = parseMac(vm) ?? vm;
	const names = [
		interfaceName,
		ipv4?.source,
		ipv4?.destination,
		arp?.senderIp,
		arp?.targetIp,
		dhcp?.clientIp,
		dhcp?.yourIp,
		dhcp?.requestedIp,
	];
	const macs = [ethernet?.source, ethernet?.destination, dhcp?.clientMac];
	return names.includes(vm) || macs.includes(mac);
}
