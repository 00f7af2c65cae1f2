import { parseMac } from "../model/address.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import type { Nic, NicKind } from "../model/topology.js";
import {
	attribute,
	findChild,
	findChildren,
	parseXml,
	type XmlElement,
	XmlError,
} from "./xml.js";

/** What a domain's XML says; whether it runs, only its `id` hints at. */
export interface DomainDescription {
	readonly name: SafeText;
	readonly uuid: SafeText | null;
	/** It has an `id`: libvirt gives one to running domains alone. */
	readonly hasId: boolean;
	readonly nics: readonly Nic[];
}

/** Most NICs of a domain that are read. */
const nicLimit = 256;

const kinds: readonly NicKind[] = [
	"bridge",
	"network",
	"direct",
	"hostdev",
	"ethernet",
	"user",
	"vhostuser",
];

/**
 * Reads a domain's XML as `virsh dumpxml` prints it, or as it stands in
 * /etc/libvirt/qemu or, within <domstatus>, in /run/libvirt/qemu.
 *
 * @throws {XmlError} when it is no domain XML; the message says why, in one line
 */
export function parseDomainXml(text: string): DomainDescription {
	const document = parseXml(text);
	const domain =
		findChild(document, "domain") ?? findChild(document, "domstatus", "domain");
	const name = findChild(domain, "name")?.text.trim() ?? "";
	if (domain === undefined || name === "") {
		throw new XmlError("it has no <domain> with a <name>");
	}
	const uuid = findChild(domain, "uuid")?.text.trim() ?? "";
	const interfaces = findChildren(findChild(domain, "devices"), "interface");
	return {
		name: makeSafe(name),
		uuid: uuid === "" ? null : makeSafe(uuid),
		hasId: attribute(domain, "id") !== null,
		nics: interfaces.slice(0, nicLimit).map(readInterface),
	};
}

function readInterface(element: XmlElement): Nic {
	const source = findChild(element, "source");
	const type = attribute(element, "type");
	const kind = kinds.find((known) => known === type) ?? "other";
	// A running NIC of a network says its bridge besides: <source network= bridge=>.
	const bridge = attribute(source, "bridge");
	const network =
		attribute(source, "network") ??
		bridge ??
		attribute(source, "dev") ??
		readPciAddress(source);
	return {
		mac: parseMac(attribute(findChild(element, "mac"), "address") ?? ""),
		tap: safeAttribute(findChild(element, "target"), "dev"),
		kind,
		network: network === null ? null : makeSafe(network),
		bridge: bridge === null ? null : makeSafe(bridge),
		model: safeAttribute(findChild(element, "model"), "type"),
		link: safeAttribute(findChild(element, "link"), "state"),
		filter: safeAttribute(findChild(element, "filterref"), "filter"),
	};
}

function safeAttribute(
	element: XmlElement | undefined,
	name: string,
): SafeText | null {
	const value = attribute(element, name);
	return value === null ? null : makeSafe(value);
}

/** Of a card given to the domain: `0000:03:10.1`, as lspci -D writes it. */
function readPciAddress(source: XmlElement | undefined): string | null {
	const address = findChild(source, "address");
	const [domain, bus, slot, unit] = ["domain", "bus", "slot", "function"].map(
		(field) => attribute(address, field)?.replace(/^0x/, "") ?? null,
	);
	return domain && bus && slot && unit
		? `${domain}:${bus}:${slot}.${unit}`
		: null;
}
