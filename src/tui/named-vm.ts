import type { VmState } from "./world.js";

/**
 * Where the VM is that somebody names, as on the command line: by its key, name, UUID, MAC
 * address, tap or IP address; -1: it is not there.
 */
export function indexOfVm(
	vms: readonly VmState[],
	named: string | null,
): number {
	if (named === null) {
		return -1;
	}
	const text = named.toLowerCase();
	const tests: readonly ((vm: VmState) => boolean)[] = [
		({ key }) => key === named,
		({ name }) => `${name}` === named,
		({ uuid, macs }) => uuid === text || macs.some((mac) => mac === text),
		({ taps }) => taps.some((tap) => `${tap}` === named),
		({ address }) => address === text,
	];
	for (const isMeant of tests) {
		const index = vms.findIndex(isMeant);
		if (index >= 0) {
			return index;
		}
	}
	return -1;
}
