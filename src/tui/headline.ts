import type { Exchange } from "../model/exchange.js";
import { compareHarm } from "./harm.js";
import { isBad } from "./standing.js";
import { concernsVm, type Vm } from "./vms.js";
import type { Trouble } from "./world.js";

/** A VM, and the worst that went wrong with it. */
interface Harmed {
	readonly vm: Vm;
	readonly exchange: Exchange;
}

/** What was shown last. */
interface Kept {
	/** Key of the VM. */
	readonly key: string;
	/** Something of it was seen: it does not give way to one with traffic. */
	readonly isSeen: boolean;
	readonly isReading: boolean;
}

/**
 * The VM whose path is shown while none is chosen. It stays, mended or not, until another
 * one is worse off.
 */
export class Headline {
	#kept: Kept | null = null;

	/**
	 * @param troubles in their order
	 * @param isReading a log is still being read; when all of it was, the choice is made
	 * anew, so that it is the same however fast that went
	 */
	choose(
		vms: readonly Vm[],
		troubles: readonly Trouble[],
		isReading: boolean,
	): Vm | null {
		const kept = this.#kept?.isReading === isReading ? this.#kept : null;
		const shown = vms.find(({ state }) => state.key === kept?.key) ?? null;
		const worst = findHarmed(vms, troubles, false);
		const own = shown && findWorst(shown, troubles);
		const isSeen =
			shown !== null &&
			(kept?.isSeen === true || own !== null || shown.state.journeys > 0);
		const isOutdone =
			worst !== null && (own === null || compareHarm(worst.exchange, own) < 0);
		const vm = isSeen && !isOutdone ? shown : chooseVm(vms, troubles);
		this.#kept = vm && {
			key: vm.state.key,
			isSeen: (vm === shown && isSeen) || vm === worst?.vm || hasTraffic(vm),
			isReading,
		};
		return vm;
	}
}

/**
 * The VM whose path is shown when none was before: that of the first trouble, else with
 * traffic, else with a path.
 */
export function chooseVm(
	vms: readonly Vm[],
	troubles: readonly Trouble[],
): Vm | null {
	return (
		findHarmed(vms, troubles, false)?.vm ??
		vms.find(({ state }) => isBad(state.outcome)) ??
		findHarmed(vms, troubles, true)?.vm ??
		vms.find(hasTraffic) ??
		vms.find(({ domain }) => domain?.isRunning) ??
		vms[0] ??
		null
	);
}

function hasTraffic({ state }: Vm): boolean {
	return state.journeys > 0;
}

/** The first one that is of a VM: of the host's own troubles none is. */
function findHarmed(
	vms: readonly Vm[],
	troubles: readonly Trouble[],
	isOver: boolean,
): Harmed | null {
	for (const trouble of troubles) {
		const told =
			(trouble.isOver ?? false) === isOver ? exchangesOf(trouble) : [];
		for (const exchange of told) {
			const vm = vms.find(({ state }) => concernsVm(state, exchange));
			if (vm !== undefined) {
				return { vm, exchange };
			}
		}
	}
	return null;
}

/** The worst of what is not mended with a VM; null: nothing is. */
function findWorst(
	{ state }: Vm,
	troubles: readonly Trouble[],
): Exchange | null {
	const [worst = null] = troubles
		.filter(({ isOver }) => !isOver)
		.flatMap(exchangesOf)
		.filter((exchange) => concernsVm(state, exchange))
		.sort(compareHarm);
	return worst;
}

/** The exchange that stands for a trouble, and the worst of each other VM that has it. */
export function exchangesOf({
	exchange,
	others = [],
}: Trouble): readonly Exchange[] {
	return [exchange, ...others];
}
