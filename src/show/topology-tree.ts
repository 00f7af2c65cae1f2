import type {
	Domain,
	Nic,
	Topology,
	TopologyPort,
	VirtualNetwork,
} from "../model/topology.js";
import { cut, widthOf } from "./cell-width.js";
import type { Tone } from "./style.js";
import type { Layout } from "./table.js";
import { describeAddress } from "./topology-address.js";
import {
	type BridgeGroup,
	groupByBridge,
	type NicRow,
} from "./topology-groups.js";
import { listRemarks } from "./topology-remarks.js";
import { wrap } from "./wrap.js";

/**
 * A host at a glance: its bridges, by what each leads out and to which gateway, the VMs
 * that are plugged in, then what is wrong and what could not be read.
 */
export function showTopologyTree(topology: Topology, layout: Layout): string {
	const groups = groupByBridge(topology);
	const widths = measure(groups);
	const blocks = [
		[describeHost(topology)],
		...groups.map((group) => [
			...showHeading(topology, group, layout),
			...group.rows.flatMap((row, at) =>
				showRow(row, at === group.rows.length - 1, widths, layout),
			),
		]),
		...(topology.domains.length === 0 ? [["no VM is known here"]] : []),
		...listRemarks(topology, layout, "here"),
	];
	const lines = blocks.flatMap((block, at) =>
		at === 0 ? block : ["", ...block],
	);
	return lines
		.map((line) => line.trimEnd())
		.map((line) => (layout.columns === null ? line : cut(line, layout.columns)))
		.map((line) => `${line}\n`)
		.join("");
}

function describeHost({ host }: Topology): string {
	const { name, kernel, virtualization } = host;
	const place =
		virtualization === null
			? null
			: virtualization === "none"
				? "no VM itself"
				: `itself a guest (${virtualization})`;
	const facts = [kernel && `Linux ${kernel}`, place].filter(Boolean);
	return [name ?? "this host", facts.join(", ")].filter(Boolean).join(": ");
}

/** `br0 → ens3 → gateway 192.168.100.1`, and below it what the bridge itself is. */
function showHeading(
	topology: Topology,
	group: BridgeGroup,
	{ paint, columns }: Layout,
): string[] {
	const { bridge, further, isRouted, rows } = group;
	if (bridge === null) {
		return [paint("strong", "in no bridge")];
	}
	const network = findNetwork(topology, bridge);
	const route = network?.forward === "nat" ? "NAT" : "routed";
	const steps = [
		paint("strong", bridge.name),
		...(isRouted ? [route] : []),
		...further,
		...listCards(topology, group),
	];
	const words = steps.join(" → ").split(" ");
	const facts = joinWith(describeBridge(topology, bridge), ",");
	const width = (columns ?? Infinity) - 2;
	const way = wrap([...words, ...findGateway(topology, group)], width);
	const lead = rows.length > 0 ? "│ " : "  ";
	return [
		...way.map((line, at) => (at === 0 ? line : `  ${line}`)),
		...wrap(facts, width).map((line) => lead + paint("quiet", line)),
	];
}

function findNetwork(
	{ networks }: Topology,
	{ name }: TopologyPort,
): VirtualNetwork | undefined {
	return networks.find(({ bridge }) => bridge === name);
}

function describeBridge(topology: Topology, bridge: TopologyPort): string[] {
	const network = findNetwork(topology, bridge);
	return [
		...bridge.addresses
			.filter(({ family }) => family === "inet")
			.map(({ address, prefixLength }) => `${address}/${prefixLength}`),
		...(bridge.mac === null ? [] : [bridge.mac]),
		...(bridge.isUp ? [] : ["down"]),
		...(network === undefined
			? []
			: [`network ${network.name} (${network.forward})`]),
		...topology.dhcpServers
			.filter((server) => server.interface === bridge.name)
			.map(({ source }) =>
				network !== undefined && source.endsWith(` ${network.name}`)
					? "DHCP server here"
					: `DHCP server: ${source}`,
			),
	];
}

/** A way that ends at a bond goes on by any of its cards. */
function listCards({ ports }: Topology, { further }: BridgeGroup): string[] {
	const last = ports.find(({ name }) => name === further.at(-1));
	const cards = ports.filter(
		({ master }) => master === last?.name && last?.role === "uplink",
	);
	return cards.length === 0 ? [] : [cards.map(({ name }) => name).join(" or ")];
}

/** Of a bridged network the host's own gateway, where that is reached by this bridge. */
function findGateway(
	{ paths, gateways }: Topology,
	{ bridge, further, isRouted }: BridgeGroup,
): string[] {
	const names = [bridge?.name, ...(isRouted ? [] : further)];
	const onWay = paths.find(({ ports }) =>
		ports.some((name) => name === bridge?.name),
	);
	const gateway = gateways.find(
		(known) =>
			names.some((name) => name === known.interface) &&
			(onWay?.gateway ?? known.address) === known.address,
	);
	if (gateway === undefined) {
		return [];
	}
	return isRouted || further.length === 0
		? ["(gateway", `${gateway.address})`]
		: ["→", "gateway", gateway.address];
}

/** Widths of the columns: VM, state, tap, MAC address. */
type Widths = readonly number[];

/** A long name shall not push everything else to the right. */
const widthLimit = 24;

function measure(groups: readonly BridgeGroup[]): Widths {
	const cells = groups.flatMap(({ rows }) => rows.map(toCells));
	return [0, 1, 2, 3].map((column) =>
		Math.max(
			0,
			...cells
				.map((row) => widthOf(row[column] ?? ""))
				.filter((width) => width <= widthLimit),
		),
	);
}

function toCells({ domain, nic, inner, addresses }: NicRow): string[] {
	return [
		domain?.name ?? "no known VM",
		domain?.state ?? "",
		inner.join(" → ") || describeNoTap(domain, nic),
		nic?.mac ?? "",
		addresses.slice(0, 3).map(describeAddress).join(", "),
	];
}

/** A VM that is off has no tap yet. */
function describeNoTap(domain: Domain | null, nic: Nic | null): string {
	if (nic === null) {
		return "no card";
	}
	return domain?.isRunning ? "no tap" : "–";
}

function showRow(
	row: NicRow,
	isLast: boolean,
	widths: Widths,
	{ columns, paint }: Layout,
): string[] {
	const cells = toCells(row).map((cell, at) => {
		const space = (widths[at] ?? 0) - widthOf(cell);
		return cell + " ".repeat(Math.max(0, space) + (at < 4 ? 1 : 0));
	});
	const [mark, tone] = chooseMark(row);
	const lead = isLast ? "   " : "│  ";
	const width = (columns ?? Infinity) - 5;
	const [first = "", ...others] = wrap(cells, width);
	const remark = describeLimits(row);
	const below = remark === null ? [] : wrap(remark.split(" "), width);
	return [
		`${isLast ? "└─ " : "├─ "}${paint(tone, mark)} ${first}`,
		...others.map((line) => `${lead}  ${line}`),
		...below.map((line) => `${lead}  ${paint("unsure", line)}`),
	];
}

function describeLimits({ reason, domain }: NicRow): string | null {
	return reason === null || !domain?.isRunning ? null : reason;
}

function chooseMark({ domain }: NicRow): readonly [string, Tone] {
	if (domain === null) {
		return ["?", "unsure"];
	}
	if (!domain.isRunning) {
		return ["○", "quiet"];
	}
	return ["●", domain.state === "running" ? "good" : "unsure"];
}

/** A separator behind all but the last. */
function joinWith(parts: readonly string[], separator: string): string[] {
	return parts.map((part, at) =>
		at < parts.length - 1 ? part + separator : part,
	);
}
