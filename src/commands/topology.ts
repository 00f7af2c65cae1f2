import { readAllHostDocuments } from "../host/read-document.js";
import type { HostDocument } from "../model/host-document.js";
import { topologyToJson } from "../show/topology-json.js";
import { showTopologyMermaid } from "../show/topology-mermaid.js";
import { showTopologyTree } from "../show/topology-tree.js";
import { buildTopology } from "../topology/build-topology.js";
import { addDomainFiles } from "../topology/domain-files.js";
import { readDomainFiles } from "./read-domain-files.js";
import { chooseLayout } from "./terminal-layout.js";

export const topologyFormats = ["text", "json", "mermaid"] as const;
export type TopologyFormat = (typeof topologyFormats)[number];

export interface TopologyOptions {
	readonly format: TopologyFormat;
	/** libvirt connection URI; null: virsh's own default. */
	readonly connect: string | null;
	/** Paths of files of domain XML: VMs besides those that the host tells of. */
	readonly domainXml: readonly string[];
}

/** Asks the host for its documents, once. */
export type ReadDocuments = (
	connect: string | null,
) => Promise<readonly HostDocument[]>;

const readHost: ReadDocuments = (connect) => readAllHostDocuments({ connect });

/**
 * Prints what is plugged into what on this host.
 *
 * @throws {Failure} when a file of domain XML cannot be read
 */
export async function showTopology(
	{ format, connect, domainXml }: TopologyOptions,
	readDocuments: ReadDocuments = readHost,
): Promise<void> {
	const files = await readDomainFiles(domainXml);
	const documents = await readDocuments(connect);
	const topology = buildTopology(addDomainFiles(documents, files));
	const text = {
		text: () => showTopologyTree(topology, chooseLayout()),
		json: () => `${JSON.stringify(topologyToJson(topology))}\n`,
		mermaid: () => showTopologyMermaid(topology),
	};
	process.stdout.write(text[format]());
}
