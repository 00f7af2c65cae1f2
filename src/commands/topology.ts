import { readAllHostDocuments } from "../host/read-document.js";
import type { TopologyFormat } from "./print-topology.js";

export interface TopologyOptions {
	readonly format: TopologyFormat;
	/** libvirt connection URI; null: virsh's own default. */
	readonly connect: string | null;
	/** Paths of files of domain XML: VMs besides those that the host tells of. */
	readonly domainXml: readonly string[];
	/** Ask guests' agents for their addresses. */
	readonly asksAgents: boolean;
}

/**
 * Prints what is plugged into what on this host.
 *
 * @throws {Failure} when a file of domain XML cannot be read
 */
export async function showTopology({
	format,
	connect,
	domainXml,
	asksAgents,
}: TopologyOptions): Promise<void> {
	const reading = readAllHostDocuments({ connect, asksAgents });
	// Loading what shows it takes as long as the host takes to answer.
	const loading = import("./print-topology.js");
	const [documents, { printTopology }] = await Promise.all([reading, loading]);
	await printTopology(documents, domainXml, format);
}
