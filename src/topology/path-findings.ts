import { makeSafe, type SafeText } from "../model/safe-text.js";
import type { Finding, NicPath, TopologyPort } from "../model/topology.js";
import { bridgedPart, type Grounds } from "./finding.js";
import { judgePortState } from "./port-state-findings.js";
import { safe, shellWord } from "./safe-template.js";

/** What is wrong with the ports along the bridged part of a VM's path. */
export function findPathFaults(grounds: Grounds): Finding[] {
	return grounds.paths.flatMap((path) => {
		const ports = bridgedPart(path).flatMap(
			(name) => grounds.index.find(name) ?? [],
		);
		const [tap] = ports;
		return tap === undefined || path.traceable === "not"
			? []
			: [
					...judgeMtus(tap, ports.slice(1)),
					...ports.flatMap((port) => judgePortState(grounds, port)),
					...ports.flatMap(judgeFlooding),
					...judgeIsolation(path, ports),
					...judgeVlans(grounds, ports),
				];
	});
}

/** Most links carry frames of so many bytes. */
const usualMtu = 1500;

/**
 * A frame that is too long for the port it leaves by is dropped without a word. A
 * bridge's own MTU does not count, and an uplink that could carry more does no harm.
 */
function judgeMtus(
	tap: TopologyPort,
	further: readonly TopologyPort[],
): Finding[] {
	const others = further.filter(({ role }) => role !== "bridge");
	const mtu = tap.mtu ?? 0;
	return others.flatMap((port) => {
		const other = port.mtu ?? 0;
		const isLess = other < mtu;
		const isMore = other > mtu && mtu < usualMtu;
		if (mtu === 0 || other === 0 || !(isLess || isMore)) {
			return [];
		}
		const [narrow, wide] = isLess ? [port, tap] : [tap, port];
		return [
			{
				id: "mtu-mismatch",
				message: safe`${narrow.name} has MTU ${narrow.mtu ?? 0}, ${wide.name} on the same path ${wide.mtu ?? 0}: longer frames are dropped without a word`,
				isProblem: true,
				evidence: safe`ip -j link show ${shellWord(narrow.name)}`,
				fix: safe`ip link set ${shellWord(narrow.name)} mtu ${wide.mtu ?? 0}`,
				concerns: [narrow.name, wide.name],
			},
		];
	});
}

/** libvirt's macTableManager turns learning and unicast floods off, and that is healthy. */
function judgeFlooding({ name, bridgePort }: TopologyPort): Finding[] {
	return bridgePort?.floodsBroadcast === false
		? [
				{
					id: "flooding-off",
					message: safe`${name} is sent no broadcasts: no ARP request or DHCP DISCOVER leaves by it`,
					isProblem: true,
					evidence: safe`bridge -d link show dev ${shellWord(name)}`,
					fix: safe`bridge link set dev ${shellWord(name)} bcast_flood on`,
					concerns: [name],
				},
			]
		: [];
}

/** Two isolated ports of one bridge exchange no frames. */
function judgeIsolation(
	{ domain }: NicPath,
	ports: readonly TopologyPort[],
): Finding[] {
	const isolated = ports.filter(({ bridgePort }) => bridgePort?.isIsolated);
	return isolated.flatMap((port, at) => {
		const other = isolated[at + 1];
		return other === undefined || other.master !== port.master
			? []
			: [
					{
						id: "port-isolated",
						message: safe`${port.name} of ${domain} and ${other.name} are both isolated: no frame passes between them`,
						isProblem: true,
						evidence: safe`bridge -d link show dev ${shellWord(other.name)}`,
						fix: safe`bridge link set dev ${shellWord(other.name)} isolated off`,
						concerns: [port.name, other.name, domain],
					},
				];
	});
}

/** A VLAN that the uplink does not let through may be meant to stay here: a doubt. */
function judgeVlans(
	{ index }: Grounds,
	ports: readonly TopologyPort[],
): Finding[] {
	const bridges = ports.filter(({ bridge }) => bridge?.isVlanAware === true);
	return bridges.flatMap(({ name }) => {
		const on = ports.filter(({ master }) => master === name);
		const [inner, outer] = on;
		const pvid = inner?.vlans.find(({ isPvid }) => isPvid)?.id;
		const isTold = index.portsOf(name).some(({ vlans }) => vlans.length > 0);
		if (!isTold || inner === undefined || outer === undefined) {
			return [];
		}
		if (inner.vlans.length === 0) {
			const message = safe`${inner.name} is in no VLAN of ${name}, which is VLAN-aware: nothing passes it`;
			return [describeVlan(message, inner.name, 1, true)];
		}
		const passes = (id: number) =>
			outer.vlans.some((vlan) => vlan.id <= id && id <= vlan.lastId);
		if (pvid === undefined || passes(pvid)) {
			return [];
		}
		const message = safe`VLAN ${pvid} of ${inner.name} is not let through ${outer.name}`;
		return [describeVlan(message, outer.name, pvid, false)];
	});
}

function describeVlan(
	message: SafeText,
	port: SafeText,
	id: number,
	isOwn: boolean,
): Finding {
	const flags = makeSafe(isOwn ? " pvid untagged" : "");
	return {
		id: "vlan-filtering",
		message,
		isProblem: isOwn,
		evidence: safe`bridge vlan show dev ${shellWord(port)}`,
		fix: safe`bridge vlan add vid ${id} dev ${shellWord(port)}${flags}`,
		concerns: [port],
	};
}
