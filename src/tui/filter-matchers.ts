import { parseMac } from "../model/address.js";
import { makeSafe } from "../model/safe-text.js";
import { compileAddress } from "./filter-address.js";
import { macTestOf } from "./filter-mac.js";
import { type FilterKey, filterKeys, type Term } from "./filter-terms.js";
import type { ListRow } from "./world.js";

/** Whether a row passes one term. */
export type Matcher = (row: ListRow) => boolean;

type Compiled = Matcher | { readonly problem: string };

const protocols: readonly string[] = ["arp", "dhcp", "icmp"];
const outcomes: readonly string[] = [
	"delivered",
	"lost",
	"inconclusive",
	"degraded",
	"refused",
	"unanswered",
];

/** What a term tests, or why it tests nothing. */
export function matcherOf({ key, value }: Term): Compiled {
	if (key === null) {
		return containing(value);
	}
	const known = filterKeys.find((one) => one === key);
	return known === undefined
		? {
				problem: `there is no ${makeSafe(key)}: but ${filterKeys.map((one) => `${one}:`).join(" ")}`,
			}
		: compilers[known](value);
}

const compilers: Readonly<Record<FilterKey, (value: string) => Compiled>> = {
	vm: compileVm,
	proto: compileProtocol,
	mac: compileMac,
	ip: compileAddress,
	iface: compileInterface,
	outcome: compileOutcome,
};

function compileVm(value: string): Compiled {
	const isMeant = equalling(value);
	const hasMac = macTestOf(value);
	// `db-01` is a name, and `aa` too.
	const isMac = value.includes(":") || parseMac(value) !== null;
	return (row) => {
		const { vm, mac } = subjectOf(row);
		return (
			(vm !== null && isMeant(vm)) ||
			(mac !== null && (isMeant(mac) || (isMac && hasMac?.(mac) === true)))
		);
	};
}

function compileProtocol(value: string): Compiled {
	const wanted = value.toLowerCase();
	return protocols.includes(wanted)
		? (row) => subjectOf(row).protocol === wanted
		: {
				problem: `proto: is ${listAll(protocols)}, not ${makeSafe(value)}`,
			};
}

function compileMac(value: string): Compiled {
	const isMeant = macTestOf(value);
	if (isMeant === null) {
		return {
			problem: `mac: takes a MAC address or a part of it, not ${makeSafe(value)}`,
		};
	}
	const has = (mac: string | null | undefined) => mac != null && isMeant(mac);
	return (row) => {
		const header = row.kind === "journey" ? row.journey.ethernet : null;
		return (
			has(subjectOf(row).mac) || has(header?.source) || has(header?.destination)
		);
	};
}

function compileInterface(value: string): Compiled {
	const isMeant = equalling(value);
	return (row) => hasInterface(row, isMeant);
}

function compileOutcome(value: string): Compiled {
	const wanted = value.toLowerCase();
	if (wanted === "bad") {
		return (row) => subjectOf(row).outcome !== "delivered";
	}
	return outcomes.includes(wanted)
		? (row) => subjectOf(row).outcome === wanted
		: {
				problem: `outcome: is ${listAll([...outcomes, "bad"])}, not ${makeSafe(value)}`,
			};
}

/** Whether any text of the row has it in it. */
function containing(value: string): Matcher {
	const pattern = new RegExp(escapePattern(value), "iu");
	const has = (text: string | null) => text !== null && pattern.test(text);
	return (row) => {
		const { summary, vm, mac, outcome, reason } = subjectOf(row);
		return (
			has(summary) ||
			has(vm) ||
			has(mac) ||
			has(outcome) ||
			has(reason) ||
			hasInterface(row, has) ||
			(row.kind === "exchange" && row.exchange.causes.some(({ id }) => has(id)))
		);
	};
}

function hasInterface(
	row: ListRow,
	isMeant: (name: string) => boolean,
): boolean {
	const { firstMissing, lastSeen } = subjectOf(row);
	if (
		(firstMissing !== null && isMeant(firstMissing)) ||
		(lastSeen !== null && isMeant(lastSeen))
	) {
		return true;
	}
	if (row.kind === "exchange") {
		return Object.keys(row.exchange.roundTrip ?? {}).some(isMeant);
	}
	const { hops, copies } = row.journey;
	const passed = (hop: { readonly interface: string | null }) =>
		hop.interface !== null && isMeant(hop.interface);
	return hops.some(passed) || copies.some(passed);
}

function subjectOf(row: ListRow) {
	return row.kind === "journey" ? row.journey : row.exchange;
}

/** Names are compared whole; `*` stands for anything: `vnet*`. */
function equalling(value: string): (name: string) => boolean {
	const parts = value.split("*").map(escapePattern);
	const pattern = new RegExp(`^${parts.join(".*")}$`, "iu");
	return (name) => pattern.test(name);
}

function escapePattern(text: string): string {
	return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function listAll(words: readonly string[]): string {
	return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
