import { type FSWatcher, watch } from "node:fs";
import { type HostOptions, locate } from "./host-options.js";
import { readLinksSignature } from "./links-signature.js";
import { type Monitor, startMonitor } from "./monitor.js";
import type { ReadableType } from "./read-document.js";
import { virshCommand } from "./virsh.js";

/** Tells of changes until it is stopped. */
export interface HostWatch {
	/** Ends what listens, and waits for its end. */
	stop(): Promise<void>;
}

/** What may have changed when the kernel speaks of a subject, by its label. */
const concerned: Readonly<Record<string, readonly ReadableType[]>> = {
	LINK: ["host-links", "host-addresses", "host-vlans", "host-fdb"],
	ADDR: ["host-addresses", "host-routes"],
	ROUTE: ["host-routes"],
	/** Entries of bridges' forwarding tables come as neighbours. */
	NEIGH: ["host-neighbours", "host-fdb"],
	NETCONF: ["host-sysctls"],
};
const network = [...new Set(Object.values(concerned).flat())];

const slow: readonly ReadableType[] = [
	"host-networks",
	"host-services",
	"host-sysctls",
];

/** Events of virsh after which a domain may be plugged in another way. */
const domainEvent = /\bevent '(lifecycle|device-added|device-removed)'/;

/**
 * Milliseconds by which a change is told late, so that one reading does for the lines
 * that belong together. Of neighbours something is to be told all the time.
 */
const delaysMs: Partial<Record<ReadableType, number>> = {
	"host-links": 0,
	"host-neighbours": 500,
	"host-fdb": 300,
};
const usualDelayMs = 80;

const linksPollMs = 1000;
const countersPollMs = 2000;
const slowPollMs = 10_000;

/** What nothing tells of is polled each third time, what a monitor tells of each sixth. */
const silentShare = 3;
const toldShare = 6;

/** When a monitor that was just started surely listens: what came before is read then. */
const settledMs = [250, 2000];

/**
 * Watches the host, and tells which documents may have changed.
 *
 * - `ip monitor`: links at once, other subjects of the network within half a second.
 * - `virsh event`: domains. The files of libvirt's DHCP servers: its networks.
 * - Everything, by and by: rules and services have no monitor, and a monitor may miss
 *   something. See `chooseToPoll`.
 * - The list of links every second while `ip monitor` does not run; drops of taps every 2 s.
 */
export function watchHost(
	options: HostOptions,
	onChange: (types: readonly ReadableType[]) => void,
): HostWatch {
	const timers = new Timers();
	const tell = (types: readonly ReadableType[]) => {
		for (const type of types) {
			const delay = delaysMs[type] ?? usualDelayMs;
			timers.once(type, delay, () => onChange([type]));
		}
	};
	const tellSettled = (
		types: readonly ReadableType[],
		isUp: () => boolean = () => true,
	) => {
		for (const ms of settledMs) {
			timers.once(`${types[0]} after ${ms}`, ms, () => {
				if (isUp()) {
					tell(types);
				}
			});
		}
	};
	const tellLink = (types: readonly ReadableType[]) => {
		// A VM that nothing tells of comes and goes with its tap.
		const isOfVm = types.includes("host-links") && !domains.isUp;
		tell(isOfVm ? [...types, ...domainTypes] : types);
	};
	const links = watchLinks(options, tellLink, tellSettled);
	const domains = startMonitor(eventCommand(options), options, {
		onStart: () => tellSettled(["host-domains"], () => domains.isUp),
		onLine: (line) => {
			if (domainEvent.test(line)) {
				tell(["host-domains"]);
			}
		},
	});
	let polls = 0;
	timers.every(slowPollMs, () => {
		polls += 1;
		tell(chooseToPoll(polls, links.isUp, domains.isUp));
	});
	timers.every(countersPollMs, () => tell(["host-counters"]));
	pollLinks(options, timers, links, () => tell(network));
	const leases = watchLeases(options, () => tell(["host-networks"]));
	return {
		stop: async () => {
			timers.stop();
			leases?.close();
			await Promise.all([links.stop(), domains.stop()]);
		},
	};
}

const domainTypes = ["host-domains"] as const;

/**
 * What is read at a poll; they come every 10 s and count from 1. Reading everything takes
 * a dozen processes, and 2 % of a core when it is done each time. The firewall's rules are
 * read each time: a rule that was there when a frame was lost is the proof.
 */
export function chooseToPoll(
	poll: number,
	hasLinkEvents: boolean,
	hasDomainEvents: boolean,
): readonly ReadableType[] {
	const isTurn = (share: number) => poll % share === 0;
	return [
		"host-firewall",
		...(isTurn(hasLinkEvents ? toldShare : 1) ? network : []),
		...(isTurn(silentShare) ? slow : []),
		...(isTurn(hasDomainEvents ? toldShare : silentShare) ? domainTypes : []),
	];
}

function eventCommand(options: HostOptions) {
	const [program, ...args] = virshCommand(options);
	return [program, ...args, "event", "--all", "--loop"] as const;
}

/**
 * Which documents a line of `ip -o monitor label` concerns: `[LINK]9: vnet0: <UP>…`. All
 * of the network for one that is not as we know it.
 */
export function concernedBy(line: string): readonly ReadableType[] {
	const label = /^\[(\w+)\]/.exec(line)?.[1] ?? "";
	return concerned[label] ?? network;
}

type Tell = (types: readonly ReadableType[]) => void;

function watchLinks(
	options: HostOptions,
	tell: Tell,
	tellSettled: Tell,
): Monitor {
	const subjects = ["link", "address", "route", "neigh", "netconf"];
	return startMonitor(["ip", "-o", "monitor", "label", ...subjects], options, {
		onStart: () => tellSettled(network),
		onLine: (line) => {
			tell(concernedBy(line));
		},
	});
}

/** libvirt's DHCP servers write each lease into a file there. Null: it is not there. */
function watchLeases(
	options: HostOptions,
	onChange: () => void,
): FSWatcher | null {
	try {
		const directory = locate("/var/lib/libvirt/dnsmasq", options);
		const watcher = watch(directory, { persistent: false }, onChange);
		watcher.on("error", () => watcher.close());
		return watcher;
	} catch {
		return null;
	}
}

function pollLinks(
	options: HostOptions,
	timers: Timers,
	monitor: Monitor,
	onChange: () => void,
): void {
	let last: string | null = null;
	let isReading = false;
	timers.every(linksPollMs, async () => {
		if (monitor.isUp || isReading) {
			last = null;
			return;
		}
		isReading = true;
		const now = await readLinksSignature(options);
		isReading = false;
		if (now !== last) {
			last = now;
			onChange();
		}
	});
}

/** Timers that end together, and keep no process alive. */
class Timers {
	readonly #once = new Map<string, NodeJS.Timeout>();
	readonly #every: NodeJS.Timeout[] = [];
	#isStopped = false;

	/** Calls `act` after so long, once for all calls of this name until then. */
	once(name: string, ms: number, act: () => void): void {
		if (this.#isStopped || this.#once.has(name)) {
			return;
		}
		const timer = setTimeout(() => {
			this.#once.delete(name);
			act();
		}, ms);
		this.#once.set(name, timer.unref());
	}

	every(ms: number, act: () => void): void {
		this.#every.push(setInterval(act, ms).unref());
	}

	stop(): void {
		this.#isStopped = true;
		for (const timer of [...this.#once.values(), ...this.#every]) {
			clearTimeout(timer);
		}
	}
}
