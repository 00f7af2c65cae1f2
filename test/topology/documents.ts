import type {
	HostDocument,
	HostDocumentType,
	Json,
} from "../../src/model/host-document.js";

type Raw = Readonly<Record<string, Json>>;

let nextIndex = 0;

/** What a host says, written down shortly: each part becomes a document. */
export interface HostWords {
	readonly links?: readonly Raw[];
	readonly addresses?: Readonly<Record<string, string>>;
	/** `via DEV` of the default route; null: none. */
	readonly route?: readonly [gateway: string | null, device: string];
	readonly neighbours?: readonly Raw[];
	readonly vlans?: Json;
	/** Domain XML of VMs that libvirt knows, by state. */
	readonly domains?: readonly (readonly [state: string, xml: string])[];
	readonly networks?: readonly Raw[];
	readonly statements?: readonly (readonly [
		type: HostDocumentType,
		source: string,
		output: Json,
	])[];
}

/** Makes documents as the host room hands them on. */
export function documentsOf(words: HostWords): HostDocument[] {
	const said: [HostDocumentType, string, Json][] = [
		["host-links", "ip -j -d link show", [...(words.links ?? [])]],
		["host-addresses", "ip -j addr show", addressesOf(words)],
		["host-routes", "ip -j -4 route show table main", routesOf(words)],
		["host-neighbours", "ip -j -s neigh show", [...(words.neighbours ?? [])]],
		["host-vlans", "bridge -j vlan show", words.vlans ?? []],
		[
			"host-domains",
			"virsh -r dumpxml",
			(words.domains ?? []).map(([state, xml], at) => ({
				uuid: `uuid-${at}`,
				state,
				xml,
			})),
		],
		["host-networks", "virsh -r net-dumpxml", [...(words.networks ?? [])]],
		...(words.statements ?? []).map(
			([type, source, output]): [HostDocumentType, string, Json] => [
				type,
				source,
				output,
			],
		),
	];
	const types = new Set(said.map(([type]) => type));
	return [...types].map((type) => ({
		type,
		statements: said
			.filter(([of]) => of === type)
			.map(([, source, output]) => ({ source, output, gap: null })),
	}));
}

function addressesOf({ addresses = {} }: HostWords): Json {
	return Object.entries(addresses).map(([ifname, text]) => {
		const [local = "", prefix] = text.split("/");
		const addr_info = [{ family: "inet", local, prefixlen: Number(prefix) }];
		return { ifname, addr_info };
	});
}

function routesOf({ route }: HostWords): Json {
	if (route === undefined) {
		return [];
	}
	const [gateway, dev] = route;
	return [
		{
			dst: "default",
			dev,
			flags: [],
			...(gateway === null ? {} : { gateway }),
		},
	];
}

/** An interface as `ip -d -j link` prints it, with what the others do not have. */
export function link(ifname: string, more: Raw = {}): Raw {
	nextIndex += 1;
	return {
		ifindex: nextIndex,
		ifname,
		flags: ["BROADCAST", "MULTICAST", "UP", "LOWER_UP"],
		mtu: 1500,
		operstate: "UP",
		link_type: "ether",
		address: "00:25:90:5c:2e:10",
		...more,
	};
}

/** `lo`, and indexes begin anew. */
export function loopback(): Raw {
	nextIndex = 0;
	return link("lo", {
		flags: ["LOOPBACK", "UP", "LOWER_UP"],
		mtu: 65536,
		link_type: "loopback",
		address: "00:00:00:00:00:00",
	});
}

export function bridge(
	ifname: string,
	more: Raw = {},
	settings: Raw = {},
): Raw {
	const info_data = {
		forward_delay: 0,
		stp_state: 0,
		vlan_filtering: 0,
		nf_call_iptables: 0,
		...settings,
	};
	return link(ifname, {
		...more,
		linkinfo: { info_kind: "bridge", info_data },
	});
}

/** What `linkinfo` says of a port of a bridge, besides its own kind. */
export function portOf(kind: Raw = {}, settings: Raw = {}): Raw {
	return {
		...kind,
		info_slave_kind: "bridge",
		info_slave_data: {
			state: "forwarding",
			hairpin: false,
			learning: true,
			flood: true,
			mcast_flood: true,
			bcast_flood: true,
			neigh_suppress: false,
			proxy_arp: false,
			isolated: false,
			...settings,
		},
	};
}

/** A tap that libvirt made for a NIC: its address begins with fe, its state is unknown. */
export function tap(
	ifname: string,
	mac: string,
	master: string | null,
	more: Raw = {},
	settings: Raw = {},
): Raw {
	const kind = { info_kind: "tun", info_data: { type: "tap" } };
	return link(ifname, {
		operstate: "UNKNOWN",
		address: `fe${mac.slice(2)}`,
		...(master === null
			? { linkinfo: kind }
			: { master, linkinfo: portOf(kind, settings) }),
		...more,
	});
}

/** A card in a bridge. */
export function card(ifname: string, master: string, more: Raw = {}): Raw {
	return link(ifname, { master, linkinfo: portOf(), ...more });
}

/** One end of a cable whose other end is on this host. */
export function veth(ifname: string, peer: string, master: string): Raw {
	const linkinfo = portOf({ info_kind: "veth" });
	return link(ifname, { link: peer, master, linkinfo });
}

/** Domain XML of a VM with these interfaces, which libvirt says runs or not. */
export function domainXml(
	name: string,
	interfaces: string,
	isRunning = true,
): string {
	const id = isRunning ? " id='1'" : "";
	return `<domain type='kvm'${id}>\n<name>${name}</name>\n<uuid>uuid-${name}</uuid>\n<devices>\n${interfaces}</devices>\n</domain>`;
}

/** `<interface type='bridge'>` */
export function bridgedNic(
	mac: string,
	bridgeName: string,
	tapName = "",
): string {
	const target = tapName === "" ? "" : `<target dev='${tapName}'/>`;
	return `<interface type='bridge'><mac address='${mac}'/><source bridge='${bridgeName}'/>${target}<model type='virtio'/></interface>`;
}

/** `<interface type='network'>` */
export function networkNic(
	mac: string,
	network: string,
	bridgeName: string,
	tapName: string,
): string {
	return `<interface type='network'><mac address='${mac}'/><source network='${network}' bridge='${bridgeName}'/><target dev='${tapName}'/><model type='virtio'/></interface>`;
}

export const networkXml = `<network>
  <name>default</name>
  <forward mode='nat'><nat><port start='1024' end='65535'/></nat></forward>
  <bridge name='virbr0' stp='on' delay='0'/>
  <ip address='192.168.122.1' netmask='255.255.255.0'>
    <dhcp><range start='192.168.122.2' end='192.168.122.254'/></dhcp>
  </ip>
</network>`;
