import type { Ipv4, Mac } from "./address.js";
import type { PortRole } from "./port.js";
import type { SafeText } from "./safe-text.js";

/** Everything the host said of how VMs, ports and networks join, made safe to show. */
export interface Topology {
	readonly host: HostSystem;
	/** Every interface of the host, in order of its index. */
	readonly ports: readonly TopologyPort[];
	readonly domains: readonly Domain[];
	readonly networks: readonly VirtualNetwork[];
	/** Interfaces of the IPv4 default routes, the one that is taken first. */
	readonly wayOut: readonly SafeText[];
	/**
	 * The interface by which goes all that is for none of the host's own networks; null when
	 * some of it may go elsewhere, by `ip route` and `ip rule`, or that is not known.
	 */
	readonly onlyWayOut: SafeText | null;
	readonly gateways: readonly Gateway[];
	readonly dhcpServers: readonly DhcpServer[];
	/** Who holds which IP address, as far as the host knows; the surest first. */
	readonly addresses: readonly KnownAddress[];
	/** One a NIC of a running domain: from it to its gateway. */
	readonly paths: readonly NicPath[];
	/** Contradictions and doubts that a person should look at. */
	readonly findings: readonly Finding[];
	/** What could not be read. */
	readonly gaps: readonly TopologyGap[];
}

export interface HostSystem {
	readonly name: SafeText | null;
	readonly kernel: SafeText | null;
	/** From systemd-detect-virt; null when it is not known. `none`: bare metal. */
	readonly virtualization: SafeText | null;
}

/** An interface and how it joins others. Words and units of `ip -d -j link`. */
export interface TopologyPort {
	readonly name: SafeText;
	readonly index: number;
	readonly mac: Mac | null;
	/** linkinfo.info_kind: `bridge`, `tun`, `veth`, `vlan`, `bond`; null: physical. */
	readonly kind: SafeText | null;
	/** link_type: `ether`, `loopback`, `none` (tun, WireGuard), `ppp`; null: not told. */
	readonly linkType: SafeText | null;
	readonly role: PortRole;
	/** The bridge or bond it is a port of. */
	readonly master: SafeText | null;
	/** As a card of a bond: info_slave_data.state, `ACTIVE` or `BACKUP`; else null. */
	readonly bondState: SafeText | null;
	/** What it lies upon: the parent of a VLAN device or macvtap. */
	readonly link: SafeText | null;
	/** The other end of a veth pair, where it is on this host and in this namespace. */
	readonly peer: SafeText | null;
	readonly isUp: boolean;
	readonly hasCarrier: boolean | null;
	/** `UP`, `DOWN`, `UNKNOWN`, … */
	readonly state: SafeText | null;
	readonly mtu: number | null;
	readonly vlanId: number | null;
	readonly addresses: readonly InterfaceAddress[];
	/** As a port of a bridge; null when it is none. */
	readonly bridgePort: BridgePort | null;
	/** As a bridge; null when it is none. */
	readonly bridge: BridgeSettings | null;
	/** VLANs of a port of a VLAN-aware bridge, from `bridge -j vlan`. */
	readonly vlans: readonly PortVlan[];
}

export interface InterfaceAddress {
	readonly address: SafeText;
	readonly prefixLength: number;
	readonly family: "inet" | "inet6";
	readonly isDynamic: boolean;
}

export interface BridgePort {
	/** `forwarding`, `learning`, `listening`, `blocking`, `disabled`. */
	readonly state: SafeText | null;
	readonly isIsolated: boolean | null;
	readonly floods: boolean | null;
	readonly floodsMulticast: boolean | null;
	readonly floodsBroadcast: boolean | null;
	readonly learns: boolean | null;
	readonly isHairpin: boolean | null;
	/** neigh_suppress or proxy_arp: the bridge answers who-has in the port's stead. */
	readonly suppressesNeighbours: boolean | null;
}

export interface BridgeSettings {
	readonly isStpOn: boolean | null;
	readonly forwardDelaySeconds: number | null;
	readonly isVlanAware: boolean | null;
	readonly callsIptables: boolean | null;
}

/** A VLAN or a range of them: Proxmox lets all of 2 to 4094 pass. */
export interface PortVlan {
	readonly id: number;
	/** The last one of the range; of a single VLAN, `id` itself. */
	readonly lastId: number;
	readonly isPvid: boolean;
	readonly isUntagged: boolean;
}

/** A VM, in libvirt's words (or Proxmox's). */
export interface Domain {
	readonly name: SafeText;
	readonly uuid: SafeText | null;
	/** `running`, `paused`, `shut off`, … as virsh says it. */
	readonly state: SafeText;
	readonly isRunning: boolean;
	/** `libvirt`, `proxmox`, or the domain XML's file. */
	readonly source: SafeText;
	readonly nics: readonly Nic[];
}

/** How a NIC gets out; what vmpath can trace of it. */
export type NicKind =
	| "bridge"
	| "network"
	| "direct"
	| "hostdev"
	| "ethernet"
	| "user"
	| "vhostuser"
	| "other";

export interface Nic {
	readonly mac: Mac | null;
	/** The host's interface; null when the domain is off, or there is none. */
	readonly tap: SafeText | null;
	readonly kind: NicKind;
	/** The network's or bridge's or device's name, as the domain says it. */
	readonly network: SafeText | null;
	/** The bridge that the domain means; null when that is not known. */
	readonly bridge: SafeText | null;
	readonly model: SafeText | null;
	/** `up` or `down` as set by domif-setlink. */
	readonly link: SafeText | null;
	/** nwfilter of the NIC (`filterref`); null: none. */
	readonly filter: SafeText | null;
}

export interface VirtualNetwork {
	readonly name: SafeText;
	readonly isActive: boolean;
	readonly bridge: SafeText | null;
	/** `nat`, `route`, `bridge`, `isolated`, … */
	readonly forward: SafeText;
	readonly address: Ipv4 | null;
	readonly hasDhcp: boolean;
}

export interface Gateway {
	readonly address: Ipv4;
	/** The interface the host reaches it by. */
	readonly interface: SafeText | null;
	readonly mac: Mac | null;
	/** How it is known: `default route`, `libvirt network default`, … */
	readonly source: SafeText;
}

export interface DhcpServer {
	/** The interface it listens on; null: not known. */
	readonly interface: SafeText | null;
	readonly address: Ipv4 | null;
	readonly source: SafeText;
}

export interface KnownAddress {
	readonly address: Ipv4;
	readonly mac: Mac;
	readonly source: "lease" | "arp-table" | "dhcp" | "arp" | "agent";
	/**
	 * How old that was when the host was asked, in seconds: since the lease was granted or
	 * renewed, since the entry of the ARP table was confirmed; null: not told.
	 */
	readonly ageSeconds: number | null;
}

export interface NicPath {
	readonly domain: SafeText;
	readonly mac: Mac | null;
	/**
	 * From the tap outwards, each with what leads to the next. It ends at a bond of which
	 * several cards may carry a frame.
	 */
	readonly ports: readonly SafeText[];
	/** The path is routed (NAT) after this port; null: bridged all along. */
	readonly routedAfter: SafeText | null;
	readonly gateway: Ipv4 | null;
	/** Whether frames can be seen on it. */
	readonly traceable: "fully" | "partly" | "not";
	/** Why not fully; null when fully. */
	readonly reason: string | null;
}

export interface Finding {
	/** Stable: `tap-not-in-bridge`, `duplicate-mac`, `mtu-mismatch`, … */
	readonly id: string;
	/** One line. */
	readonly message: SafeText;
	/** False: worth knowing, and nothing fails by it alone. */
	readonly isProblem: boolean;
	/** The command that shows it. */
	readonly evidence: SafeText;
	/** The command that mends it; null: it depends on what was meant. */
	readonly fix: SafeText | null;
	/** Names of ports and domains it concerns. */
	readonly concerns: readonly SafeText[];
}

export interface TopologyGap {
	readonly source: SafeText;
	readonly reason: SafeText;
	readonly fix: SafeText | null;
}
