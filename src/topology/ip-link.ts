import type { Mac } from "../model/address.js";
import type { Json } from "../model/host-document.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import type { BridgePort, BridgeSettings } from "../model/topology.js";
import {
	type RawObject,
	readCount,
	readFlag,
	readMac,
	readObject,
	readObjects,
	readString,
	readStrings,
	readText,
} from "./raw-json.js";

/** An interface as `ip -d -j link` has it, before it is joined with others. */
export interface Link {
	readonly name: SafeText;
	readonly index: number;
	readonly mac: Mac | null;
	/** linkinfo.info_kind */
	readonly kind: SafeText | null;
	/** linkinfo.info_data.type of a `tun`: `tap` carries Ethernet, `tun` raw IP. */
	readonly tunType: SafeText | null;
	readonly linkType: SafeText | null;
	readonly master: SafeText | null;
	/** linkinfo.info_slave_kind: `bridge`, `bond`, `openvswitch`. */
	readonly masterKind: SafeText | null;
	/** Of a card of a bond, else null. */
	readonly bondState: SafeText | null;
	/** The peer of a veth, the parent of a VLAN device; null beyond this namespace. */
	readonly link: SafeText | null;
	readonly isUp: boolean;
	/** Null while the interface is down: it cannot be told then. */
	readonly hasCarrier: boolean | null;
	readonly state: SafeText | null;
	/** In bytes. */
	readonly mtu: number | null;
	readonly vlanId: number | null;
	readonly bridgePort: BridgePort | null;
	readonly bridge: BridgeSettings | null;
}

/** Reads the output of `ip -d -j link show`; null when it is something else. */
export function parseIpLink(output: Json): Link[] | null {
	const links = readObjects(output)?.flatMap((raw) => parseLink(raw) ?? []);
	return links?.sort((a, b) => a.index - b.index) ?? null;
}

function parseLink(raw: RawObject): Link | null {
	const name = readText(raw, "ifname");
	const index = readCount(raw, "ifindex");
	if (name === null || index === null) {
		return null;
	}
	const info = readObject(raw, "linkinfo");
	const data = readObject(info, "info_data");
	const kind = readText(info, "info_kind");
	const masterKind = readText(info, "info_slave_kind");
	const slave = readObject(info, "info_slave_data");
	return {
		name,
		index,
		mac: readMac(raw, "address"),
		kind,
		tunType: kind === "tun" ? readText(data, "type") : null,
		linkType: readText(raw, "link_type"),
		master: readText(raw, "master"),
		masterKind,
		bondState: masterKind === "bond" ? readText(slave, "state") : null,
		link: Object.hasOwn(raw, "link_netnsid") ? null : readText(raw, "link"),
		...parseState(raw),
		mtu: readCount(raw, "mtu"),
		vlanId: kind === "vlan" ? readCount(data, "id") : null,
		bridgePort: masterKind === "bridge" ? parseBridgePort(slave) : null,
		bridge: kind === "bridge" ? parseBridge(data) : null,
	};
}

/** `flags`: without IFF_UP the kernel does not tell the carrier (dev_get_flags). */
function parseState(
	raw: RawObject,
): Pick<Link, "isUp" | "hasCarrier" | "state"> {
	const flags = readStrings(raw, "flags");
	const isUp = flags.includes("UP");
	return {
		isUp,
		hasCarrier: isUp ? !flags.includes("NO-CARRIER") : null,
		state: readText(raw, "operstate"),
	};
}

/** Fields of a bridge port, of `ip -d -j link` (info_slave_data) or `bridge -d -j link`. */
export function parseBridgePort(raw: RawObject): BridgePort {
	const answers = [readFlag(raw, "neigh_suppress"), readFlag(raw, "proxy_arp")];
	return {
		state: readText(raw, "state"),
		isIsolated: readFlag(raw, "isolated"),
		floods: readFlag(raw, "flood"),
		floodsMulticast: readFlag(raw, "mcast_flood"),
		floodsBroadcast: readFlag(raw, "bcast_flood"),
		learns: readFlag(raw, "learning"),
		isHairpin: readFlag(raw, "hairpin"),
		suppressesNeighbours: answers.includes(true) || (answers[0] ?? null),
	};
}

function parseBridge(raw: RawObject): BridgeSettings {
	const delay = readCount(raw, "forward_delay");
	const stp = readCount(raw, "stp_state");
	return {
		// 1: the kernel's own, 2: a daemon's.
		isStpOn: stp === null ? null : stp > 0,
		// In hundredths of a second (USER_HZ), as the kernel's attribute is.
		forwardDelaySeconds: delay === null ? null : delay / 100,
		isVlanAware: readFlag(raw, "vlan_filtering"),
		callsIptables: readFlag(raw, "nf_call_iptables"),
	};
}

/** Reads the output of `bridge -d -j link show`: the settings of each port, by its name. */
export function parseBridgeLink(
	output: Json,
): Map<SafeText, BridgePort> | null {
	const objects = readObjects(output);
	return (
		objects &&
		new Map(
			objects.flatMap((raw) => {
				const name = readString(raw, "ifname");
				return name === null ? [] : [[makeSafe(name), parseBridgePort(raw)]];
			}),
		)
	);
}
