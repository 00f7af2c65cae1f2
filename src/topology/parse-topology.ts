import type {
	BridgePort,
	BridgeSettings,
	DhcpServer,
	Domain,
	Finding,
	Gateway,
	HostSystem,
	InterfaceAddress,
	KnownAddress,
	Nic,
	NicPath,
	PortVlan,
	Topology,
	TopologyGap,
	TopologyPort,
	VirtualNetwork,
} from "../model/topology.js";
import {
	amount,
	count,
	flag,
	ipv4,
	list,
	mac,
	object,
	oneOf,
	orNull,
	text,
} from "./decode.js";

const address = object<InterfaceAddress>({
	address: text,
	prefixLength: count,
	family: oneOf(["inet", "inet6"]),
	isDynamic: flag,
});

const bridgePort = object<BridgePort>({
	state: orNull(text),
	isIsolated: orNull(flag),
	floods: orNull(flag),
	floodsMulticast: orNull(flag),
	floodsBroadcast: orNull(flag),
	learns: orNull(flag),
	isHairpin: orNull(flag),
	suppressesNeighbours: orNull(flag),
});

const bridge = object<BridgeSettings>({
	isStpOn: orNull(flag),
	forwardDelaySeconds: orNull(amount),
	isVlanAware: orNull(flag),
	callsIptables: orNull(flag),
});

const vlan = object<PortVlan>({
	id: count,
	lastId: count,
	isPvid: flag,
	isUntagged: flag,
});

const port = object<TopologyPort>({
	name: text,
	index: count,
	mac: orNull(mac),
	kind: orNull(text),
	linkType: orNull(text),
	role: oneOf(["tap", "bridge", "uplink", "unknown"]),
	master: orNull(text),
	bondState: orNull(text),
	link: orNull(text),
	peer: orNull(text),
	isUp: flag,
	hasCarrier: orNull(flag),
	state: orNull(text),
	mtu: orNull(count),
	vlanId: orNull(count),
	addresses: list(address),
	bridgePort: orNull(bridgePort),
	bridge: orNull(bridge),
	vlans: list(vlan),
});

const nic = object<Nic>({
	mac: orNull(mac),
	tap: orNull(text),
	kind: oneOf([
		"bridge",
		"network",
		"direct",
		"hostdev",
		"ethernet",
		"user",
		"vhostuser",
		"other",
	]),
	network: orNull(text),
	bridge: orNull(text),
	model: orNull(text),
	link: orNull(text),
	filter: orNull(text),
});

const domain = object<Domain>({
	name: text,
	uuid: orNull(text),
	state: text,
	isRunning: flag,
	source: text,
	nics: list(nic),
});

const network = object<VirtualNetwork>({
	name: text,
	isActive: flag,
	bridge: orNull(text),
	forward: text,
	address: orNull(ipv4),
	hasDhcp: flag,
});

const gateway = object<Gateway>({
	address: ipv4,
	interface: orNull(text),
	mac: orNull(mac),
	source: text,
});

const dhcpServer = object<DhcpServer>({
	interface: orNull(text),
	address: orNull(ipv4),
	source: text,
});

const knownAddress = object<KnownAddress>({
	address: ipv4,
	mac,
	source: oneOf(["lease", "arp-table", "dhcp", "arp", "agent"]),
	ageSeconds: orNull(amount),
});

const path = object<NicPath>({
	domain: text,
	mac: orNull(mac),
	ports: list(text),
	routedAfter: orNull(text),
	gateway: orNull(ipv4),
	traceable: oneOf(["fully", "partly", "not"]),
	reason: orNull(text),
});

const finding = object<Finding>({
	id: text,
	message: text,
	isProblem: flag,
	evidence: text,
	fix: orNull(text),
	concerns: list(text),
});

const gap = object<TopologyGap>({
	source: text,
	reason: text,
	fix: orNull(text),
});

const host = object<HostSystem>({
	name: orNull(text),
	kernel: orNull(text),
	virtualization: orNull(text),
});

interface TopologyObject extends Topology {
	readonly type: "topology";
	readonly schema: "vmpath/1";
}

const topology = object<TopologyObject>({
	type: oneOf(["topology"]),
	schema: oneOf(["vmpath/1"]),
	host,
	ports: list(port),
	domains: list(domain),
	networks: list(network),
	wayOut: list(text),
	onlyWayOut: orNull(text),
	gateways: list(gateway),
	dhcpServers: list(dhcpServer),
	addresses: list(knownAddress),
	paths: list(path),
	findings: list(finding),
	gaps: list(gap),
});

/**
 * Takes the object that `vmpath topology --format json` prints for a topology, with all
 * texts made safe.
 *
 * @throws {DecodeJsonError} when it is something else; the message says where, in one line
 */
export function parseTopology(json: unknown): Topology {
	const isObject =
		typeof json === "object" && json !== null && !Array.isArray(json);
	// What was printed before there was this field.
	const whole = isObject ? { onlyWayOut: null, ...json } : json;
	const { type: _type, schema: _schema, ...rest } = topology(whole, "");
	return rest;
}
