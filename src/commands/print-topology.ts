import type { HostDocument } from "../model/host-document.js";
import { topologyToJson } from "../show/topology-json.js";
import { showTopologyMermaid } from "../show/topology-mermaid.js";
import { showTopologyTree } from "../show/topology-tree.js";
import { buildTopology } from "../topology/build-topology.js";
import { addDomainFiles } from "../topology/domain-files.js";
import { readDomainFiles } from "./read-domain-files.js";
import { chooseLayout } from "./terminal-layout.js";

/** How a topology is printed. */
export type TopologyFormat = "text" | "json" | "mermaid";

/**
 * Prints what a host's documents say, and files of domain XML besides.
 *
 * @throws {Failure} when a file of domain XML cannot be read
 */
export async function printTopology(
	documents: readonly HostDocument[],
	domainXml: readonly string[],
	format: TopologyFormat,
): Promise<void> {
	const files = await readDomainFiles(domainXml);
	const topology = buildTopology(addDomainFiles(documents, files));
	const text = {
		text: () => showTopologyTree(topology, chooseLayout()),
		json: () => `${JSON.stringify(topologyToJson(topology))}\n`,
		mermaid: () => showTopologyMermaid(topology),
	};
	process.stdout.write(text[format]());
}
