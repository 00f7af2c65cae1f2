import { makeSafe } from "../model/safe-text.js";
import type { Domain, Topology } from "../model/topology.js";
import { buildTopology } from "../topology/build-topology.js";
import { DecodeJsonError } from "../topology/decode.js";
import { addDomainFiles } from "../topology/domain-files.js";
import { parseTopology } from "../topology/parse-topology.js";
import { Failure } from "./failure.js";
import { fileFailure } from "./inputs.js";
import { readDomainFiles } from "./read-domain-files.js";
import { readText } from "./read-text.js";

/** In bytes; a host of 1,000 VMs has a megabyte. */
const sizeLimit = 64 << 20;

/** Files that say how the captured host is made. */
export interface TopologyFiles {
	/** Output of `vmpath topology --format json`. */
	readonly topology?: string | null;
	/** Outputs of `virsh dumpxml`. */
	readonly domainXml?: readonly string[];
}

/**
 * Reads how the captured host is made from what the user names; null: nothing is named.
 *
 * @throws {Failure} naming the file and what is wrong with it
 */
export async function readGivenTopology({
	topology: path = null,
	domainXml: paths = [],
}: TopologyFiles): Promise<Topology | null> {
	if (path === null && paths.length === 0) {
		return null;
	}
	const files = await readDomainFiles(paths);
	const described = buildTopology(addDomainFiles([], files));
	return path === null
		? described
		: addDomains(await readTopologyFile(path), described.domains);
}

/** What the topology says of a VM comes first. */
function addDomains(topology: Topology, domains: readonly Domain[]): Topology {
	const known = new Set(topology.domains.map(({ name }) => name));
	const added = domains.filter(({ name }) => !known.has(name));
	return { ...topology, domains: [...topology.domains, ...added] };
}

async function readTopologyFile(path: string): Promise<Topology> {
	const name = makeSafe(path);
	try {
		return parseTopology(JSON.parse(await readText(path, sizeLimit)));
	} catch (error) {
		if (error instanceof DecodeJsonError || error instanceof SyntaxError) {
			throw new Failure(
				`--topology ${name}: ${makeSafe(error.message)} (make it with \`vmpath topology --format json\`)`,
			);
		}
		throw fileFailure(name, error);
	}
}
