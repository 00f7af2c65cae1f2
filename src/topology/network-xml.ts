import { makeSafe, type SafeText } from "../model/safe-text.js";
import type { VirtualNetwork } from "../model/topology.js";
import { parseIpv4 } from "./ipv4.js";
import { agree, usualLeaseSeconds } from "./leases.js";
import {
	attribute,
	findChild,
	findChildren,
	parseXml,
	type XmlElement,
	XmlError,
} from "./xml.js";

/** A libvirt network, with what else its XML says. */
export interface NetworkDescription {
	readonly network: VirtualNetwork;
	/** For how long its leases are granted; null: for ever, or some other than others. */
	readonly leaseSeconds: number | null;
}

/**
 * Reads a libvirt network's XML, as `virsh net-dumpxml` prints it.
 *
 * @throws {XmlError} when it is no network's
 */
export function parseNetworkXml(
	text: string,
	isActive: boolean,
): NetworkDescription {
	const network = findChild(parseXml(text), "network");
	const name = findChild(network, "name")?.text.trim() ?? "";
	if (network === undefined || name === "") {
		throw new XmlError("it has no <network> with a <name>");
	}
	const forward = findChild(network, "forward");
	const mode = attribute(forward, "mode") ?? "nat";
	const ip = findChildren(network, "ip").find(
		(element) => (attribute(element, "family") ?? "ipv4") === "ipv4",
	);
	const dhcp = findChild(ip, "dhcp");
	return {
		network: {
			name: makeSafe(name),
			isActive,
			bridge: safeName(attribute(findChild(network, "bridge"), "name")),
			forward: makeSafe(forward === undefined ? "isolated" : mode),
			address: parseIpv4(attribute(ip, "address") ?? ""),
			hasDhcp: dhcp !== undefined,
		},
		leaseSeconds: agree(
			[...findChildren(dhcp, "range"), ...findChildren(dhcp, "host")].map(
				readLeaseSeconds,
			),
		),
	};
}

const unitSeconds: Readonly<Record<string, number>> = {
	seconds: 1,
	minutes: 60,
	hours: 3600,
};

/** `<lease expiry='12' unit='hours'/>`: in minutes without a unit, 0: for ever. */
function readLeaseSeconds(element: XmlElement): number | null {
	const lease = findChild(element, "lease");
	const expiry = attribute(lease, "expiry");
	if (expiry === null) {
		return usualLeaseSeconds;
	}
	const unit = unitSeconds[attribute(lease, "unit") ?? "minutes"] ?? 60;
	return Number(expiry) > 0 ? Number(expiry) * unit : null;
}

function safeName(name: string | null): SafeText | null {
	return name === null ? null : makeSafe(name);
}
