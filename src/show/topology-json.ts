import type { Topology } from "../model/topology.js";

/**
 * The topology as one JSON object, as `vmpath-1.schema.json` describes it; what is absent
 * is null. `vmpath replay --topology` takes it.
 */
export function topologyToJson(topology: Topology): object {
	return { type: "topology", schema: "vmpath/1", ...topology };
}
