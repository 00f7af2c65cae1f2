import { makeSafe, type SafeText } from "../model/safe-text.js";
import type { Topology } from "../model/topology.js";
import { listNames } from "../topology/safe-template.js";

/** Names that were asked for, and that nothing in a log is called by. */
export interface StrangeNames {
	readonly vms: readonly string[];
	readonly interfaces: readonly string[];
}

/**
 * Says of names that nothing in a log is called by what there is instead; a line each.
 *
 * @param topology null: the log does not tell
 * @param ports interfaces that frames were captured at
 */
export function describeStrange(
	{ vms, interfaces }: StrangeNames,
	topology: Topology | null,
	ports: readonly SafeText[],
): string[] {
	const domains = (topology?.domains ?? []).map(({ name }) => name);
	const captured = describeList("it was captured at", ports);
	const known =
		domains.length === 0 ? captured : describeList("its VMs are", domains);
	const isStrange = (name: string) => !ports.includes(makeSafe(name));
	return [
		...vms
			.filter(isStrange)
			.map(
				(vm) =>
					`nothing in this log is called ${makeSafe(vm)} or belongs to it: ${known}`,
			),
		...interfaces
			.filter(isStrange)
			.map(
				(name) => `nothing in this log passed ${makeSafe(name)}: ${captured}`,
			),
	];
}

function describeList(words: string, names: readonly SafeText[]): string {
	return names.length === 0
		? `${words} nothing that has a name`
		: `${words} ${listNames(names)}`;
}
