import { Diagnosis } from "../../src/diagnosis/diagnosis.js";
import { addNs } from "../../src/model/capture.js";
import type { Cause, Exchange } from "../../src/model/exchange.js";
import type { HostDocumentType, Json } from "../../src/model/host-document.js";
import type { Hop, Journey } from "../../src/model/journey.js";
import { makeSafe } from "../../src/model/safe-text.js";
import { buildTopology } from "../../src/topology/build-topology.js";
import { exchange } from "../show/exchanges.js";
import { hop, journey, start } from "../show/journeys.js";
import { documentsOf, type HostWords } from "../topology/documents.js";
import { missionHost, vm1Mac, vm3Mac } from "../topology/hosts.js";

/** MAC address of the gateway. */
export const router = "00:0d:b9:4a:1c:20";
const everyone = "ff:ff:ff:ff:ff:ff";
const names = (list: readonly string[]) => list.map((name) => makeSafe(name));
const safe = (name: string | null) => (name === null ? null : makeSafe(name));

/** What a host says besides, or otherwise than, the mission's. */
export interface HostChanges {
	/** `vnet0`: members of its link that are otherwise. */
	readonly links?: Readonly<Record<string, { readonly [key: string]: Json }>>;
	/** Members of `info_slave_data` of a port. */
	readonly ports?: Readonly<Record<string, { readonly [key: string]: Json }>>;
	readonly sysctls?: Readonly<Record<string, string | null>>;
	/** Output of `nft -j list ruleset`, `iptables-save -c`, `ebtables-save -c`. */
	readonly nft?: readonly Json[];
	readonly iptables?: string;
	readonly ebtables?: string;
	readonly fdb?: Json;
	readonly listeners?: string;
	readonly neighbours?: Json;
	/** TX drops of taps. */
	readonly drops?: Json;
	readonly domains?: HostWords["domains"];
	readonly networks?: HostWords["networks"];
}

/** All is well: rules that take nothing, tables without surprises. */
export function hostDocuments(changes: HostChanges = {}) {
	const host = missionHost();
	const own: [HostDocumentType, string, Json][] = [
		[
			"host-sysctls",
			"/proc/sys",
			{
				"net/ipv4/ip_forward": "1",
				"net/bridge/bridge-nf-call-iptables": "0",
				"net/bridge/bridge-nf-call-arptables": "0",
				...changes.sysctls,
			},
		],
		[
			"host-services",
			"ss -H -l -u -n -p sport = :67",
			changes.listeners ??
				'UNCONN 0 0 0.0.0.0%virbr0:67 0.0.0.0:* users:(("dnsmasq",pid=811,fd=4))\n',
		],
		...(changes.drops === undefined ? [] : [dropsOf(changes.drops)]),
		["host-fdb", "bridge -j fdb show", changes.fdb ?? []],
		[
			"host-firewall",
			"nft -j list ruleset",
			{ nftables: [...(changes.nft ?? masquerade)] },
		],
		["host-firewall", "iptables-save -c", changes.iptables ?? ""],
		["host-firewall", "ebtables-save -c", changes.ebtables ?? ""],
	];
	const links = (host.links ?? []).map((link) => {
		const name = String(link.ifname);
		const changed = { ...link, ...changes.links?.[name] };
		const port = changes.ports?.[name];
		return port === undefined ? changed : withPort(changed, port);
	});
	const types = new Set(own.map(([type]) => type));
	return documentsOf({
		...host,
		links,
		...(changes.domains ? { domains: changes.domains } : {}),
		...(changes.networks ? { networks: changes.networks } : {}),
		...(changes.neighbours
			? { neighbours: changes.neighbours as HostWords["links"] }
			: {}),
		statements: [
			...(host.statements ?? []).filter(([type]) => !types.has(type)),
			...own,
		],
	} as HostWords);
}

function dropsOf(drops: Json): [HostDocumentType, string, Json] {
	return ["host-counters", "/sys/class/net/*/statistics/tx_dropped", drops];
}

/** What libvirt's network needs. */
export const masquerade: readonly Json[] = [
	chain("ip", "nat", "postrouting", "postrouting", "accept"),
	rule("ip", "nat", "postrouting", 7, [
		equal("meta iifname", "virbr0"),
		{ masquerade: null },
	]),
];

function withPort(
	link: { readonly [key: string]: Json },
	port: { readonly [key: string]: Json },
): { readonly [key: string]: Json } {
	const info = link.linkinfo as { readonly [key: string]: Json };
	const data = info.info_slave_data as { readonly [key: string]: Json };
	return {
		...link,
		linkinfo: { ...info, info_slave_data: { ...data, ...port } },
	};
}

/** A base chain, as `nft -j` prints it. */
export function chain(
	family: string,
	table: string,
	name: string,
	hook: string,
	policy: string,
): Json {
	return {
		chain: {
			family,
			table,
			name,
			handle: 1,
			type: "filter",
			hook,
			prio: 0,
			policy,
		},
	};
}

/** A rule, as `nft -j` prints it. */
export function rule(
	family: string,
	table: string,
	name: string,
	handle: number,
	expr: readonly Json[],
): Json {
	return { rule: { family, table, chain: name, handle, expr } };
}

/** `meta iifname`, `udp dport`, `ct state`: a match as `nft -j` prints it. */
export function equal(left: string, right: Json, op = "=="): Json {
	const [first = "", ...rest] = left.split(" ");
	const key = rest.join(" ");
	const inner =
		first === "meta" || first === "ct"
			? { [first]: { key } }
			: { payload: { protocol: first, field: key } };
	return { match: { op, left: inner, right } };
}

/** A counter of a rule, as `nft -j` prints it. */
export function counter(packets: number): Json {
	return { counter: { packets, bytes: packets * 342 } };
}

/** A path as `vnet0< br0< ens3>`, each port a microsecond later. */
export function hops(path: string, sinceMs = 0): Hop[] {
	return path.split(" ").map((word, index) => {
		const direction = word.endsWith("<") ? "in" : "out";
		return hop(word.slice(0, -1), direction, sinceMs * 1e6 + index * 1000);
	});
}

/** A journey that was lost, or went well where nothing is missing. */
export function trip(
	id: number,
	message: string,
	path: string,
	missing: string | null = null,
	changes: Partial<Journey> = {},
): Journey {
	const seen = hops(path, id);
	const ports = seen.flatMap((one) => one.interface ?? []);
	const protocol = protocolOf(message);
	const isAnswer = /offer|ack|nak|reply/.test(message);
	const isToAll = /discover|who-has|^request$/.test(message);
	const tap = ports.find((name) => name.startsWith("vnet"));
	const vm = path.includes("virbr0") || tap === "vnet2" ? vm3Mac : vm1Mac;
	return journey({
		id,
		protocol,
		message: message === "who-has" ? "request" : message,
		summary: makeSafe(`${protocol.toUpperCase()} ${message}`),
		mac: vm,
		source: isAnswer ? "router" : "vm",
		destination: isAnswer ? "vm" : "router",
		ethernet: isAnswer
			? { source: router, destination: vm }
			: { source: vm, destination: isToAll ? everyone : router },
		addresses: isAnswer
			? { source: "192.168.100.1", destination: "192.168.100.99" }
			: protocol === "dhcp"
				? { source: "0.0.0.0", destination: "255.255.255.255" }
				: { source: "192.168.100.99", destination: "192.168.100.1" },
		hops: seen,
		expected: names([...ports, ...(missing === null ? [] : [missing])]),
		outcome: missing === null ? "delivered" : "lost",
		lastSeen: ports.at(-1) ?? null,
		firstMissing: safe(missing),
		...changes,
	});
}

function protocolOf(message: string): Journey["protocol"] {
	if (message.startsWith("echo") || /exceeded|unreachable/.test(message)) {
		return "icmp";
	}
	return /who-has|reply/.test(message) ? "arp" : "dhcp";
}

/** The exchange that such journeys make, decided by the last one. */
export function troubleOf(
	journeys: readonly Journey[],
	outcome: Exchange["outcome"],
	changes: Partial<Exchange> = {},
): Exchange {
	const last = journeys.at(-1) ?? journey();
	return exchange({
		protocol: last.protocol,
		vm: makeSafe(last.mac === vm3Mac ? "VM3" : "VM1"),
		mac: last.mac,
		messages: journeys.map(({ id, message, outcome: fate }) => ({
			message,
			journey: id,
			outcome: fate,
		})),
		outcome,
		message: last.message,
		lastSeen: last.lastSeen,
		firstMissing: last.firstMissing,
		lease: null,
		summary: last.summary,
		since: journeys[0]?.hops[0]?.time ?? start,
		...changes,
	});
}

/** What a test tells a diagnosis. */
export interface Told {
	/** The host before; null: it says nothing. */
	readonly host: HostChanges | null;
	/** The host as it is read a minute later. */
	readonly later?: HostChanges;
	/** Seen besides, of other exchanges. */
	readonly besides?: readonly Journey[];
}

/** The causes of an exchange, as the host is. */
export function causesOf(
	exchange: Exchange,
	journeys: readonly Journey[],
	{ host, later, besides = [] }: Told,
): readonly Cause[] {
	const diagnosis = new Diagnosis();
	tell(diagnosis, host, -60);
	for (const one of [...besides, ...journeys]) {
		diagnosis.addJourney(one);
	}
	tell(diagnosis, later ?? null, 60);
	return diagnosis.explain(exchange).causes;
}

/** The host says how it is, so many seconds after the begin. */
export function tell(
	diagnosis: Diagnosis,
	host: HostChanges | null,
	seconds: number,
): void {
	const documents = host === null ? [] : hostDocuments(host);
	for (const document of documents) {
		diagnosis.addDocument(document, addNs(start, seconds * 1e9));
	}
	if (documents.length > 0) {
		diagnosis.setTopology(buildTopology(documents));
	}
}

/** `bridge-filter-drop likely` of each. */
export function nameEach(causes: readonly Cause[]): string[] {
	return causes.map(({ id, certainty }) => `${id} ${certainty}`);
}
