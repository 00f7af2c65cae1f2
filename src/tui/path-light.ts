import type { Hop, Journey } from "../model/journey.js";

/** The hops of the selected frame that are on the path. */
export interface Light {
	readonly hops: ReadonlyMap<string, Hop>;
	readonly journey: Journey | null;
	/** `→` from the VM outwards, `←` to it. */
	readonly arrow: string;
	/** Whether it was seen beside the VM, and beside the gateway. */
	readonly isAtVm: boolean;
	readonly isAtGateway: boolean;
}

/** @param ports of the path, from the VM outwards */
export function toLight(
	journey: Journey | null,
	ports: readonly string[],
): Light {
	const hops = new Map<string, Hop>();
	for (const hop of journey?.hops ?? []) {
		if (hop.interface !== null && ports.includes(hop.interface)) {
			hops.set(hop.interface, hop);
		}
	}
	const seen = [...hops.keys()].map((name) => ports.indexOf(name));
	const [first = 0] = seen;
	const isInwards =
		seen.length > 1 ? first > (seen.at(-1) ?? 0) : journey?.source !== "vm";
	return {
		hops,
		journey,
		arrow: isInwards ? "←" : "→",
		isAtVm: hops.has(ports[0] ?? ""),
		isAtGateway: hops.has(ports.at(-1) ?? ""),
	};
}
