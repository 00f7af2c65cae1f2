import { makeSafe, type SafeText } from "../model/safe-text.js";
import type { VirtualNetwork } from "../model/topology.js";
import { parseIpv4 } from "./ipv4.js";
import {
	attribute,
	findChild,
	findChildren,
	parseXml,
	XmlError,
} from "./xml.js";

/**
 * Reads a libvirt network's XML, as `virsh net-dumpxml` prints it.
 *
 * @throws {XmlError} when it is no network's
 */
export function parseNetworkXml(
	text: string,
	isActive: boolean,
): VirtualNetwork {
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
	return {
		name: makeSafe(name),
		isActive,
		bridge: safeName(attribute(findChild(network, "bridge"), "name")),
		forward: makeSafe(forward === undefined ? "isolated" : mode),
		address: parseIpv4(attribute(ip, "address") ?? ""),
		hasDhcp: findChild(ip, "dhcp") !== undefined,
	};
}

function safeName(name: string | null): SafeText | null {
	return name === null ? null : makeSafe(name);
}
