import type {
	HostDocument,
	HostDocumentType,
	HostStatement,
} from "../model/host-document.js";
import { readCounters } from "./counters.js";
import { readDomains } from "./domains.js";
import { readFirewall } from "./firewall.js";
import type { HostOptions } from "./host-options.js";
import { mapInTurn } from "./in-turn.js";
import { readNetwork } from "./network-documents.js";
import { readNetworks } from "./networks.js";
import { readServices } from "./services.js";
import { readSysctls } from "./sysctls.js";
import { readSystem } from "./system.js";

/** Documents that the host is asked for; `capture` is the recorder's own. */
export type ReadableType = Exclude<HostDocumentType, "capture">;

type Reader = (options: HostOptions) => Promise<HostStatement[]>;

/** Links first: all else is told apart by them. */
const readers: Readonly<Record<ReadableType, Reader>> = {
	"host-links": (options) => readNetwork("host-links", options),
	"host-addresses": (options) => readNetwork("host-addresses", options),
	"host-domains": readDomains,
	"host-networks": readNetworks,
	"host-system": readSystem,
	"host-routes": (options) => readNetwork("host-routes", options),
	"host-neighbours": (options) => readNetwork("host-neighbours", options),
	"host-fdb": (options) => readNetwork("host-fdb", options),
	"host-vlans": (options) => readNetwork("host-vlans", options),
	"host-sysctls": readSysctls,
	"host-firewall": readFirewall,
	"host-services": readServices,
	"host-counters": readCounters,
};

/** Every type that can be read, those that matter most first. */
export const readableTypes = Object.keys(readers) as readonly ReadableType[];

/** Documents read at a time: enough to hide that virsh is slow. */
const atOnce = 4;

/** Asks the host for all it says of one subject. What cannot be read is a gap in it. */
export async function readHostDocument(
	type: ReadableType,
	options: HostOptions,
): Promise<HostDocument> {
	return { type, statements: await readers[type](options) };
}

/** Asks the host for everything, once. */
export function readAllHostDocuments(
	options: HostOptions,
): Promise<HostDocument[]> {
	return mapInTurn(readableTypes, atOnce, (type) =>
		readHostDocument(type, options),
	);
}
