import { Headline } from "./headline.js";
import type { Looked } from "./looked.js";
import type { Moment } from "./moment.js";
import { indexOfVm } from "./named-vm.js";
import { chosenRow } from "./selected-frame.js";
import type { View } from "./view.js";
import { type Vm, vmOfRow } from "./vms.js";
import type { World } from "./world.js";

/** What was shown last, and for which row. */
interface Shown {
	readonly from: World;
	readonly by: Pick<View, "vm" | "cursor" | "overlay">;
	/** Whose path was put on top; null: it was left as it is. */
	readonly vm: Vm | null;
	readonly world: World;
}

/** Whose path stands on top: of the VM that was chosen, of the row's, or of the one worst off. */
export class ShownPath {
	readonly #headline = new Headline();
	#shown: Shown | null = null;

	/** The VM whose path is shown, whatever row is selected. */
	pick(
		{ vms, troubles, isOpen }: Moment,
		{ vm, isReplay }: Pick<Looked, "vm" | "isReplay">,
	): Vm | null {
		const states = vms.map(({ state }) => state);
		return vm === null
			? this.#headline.choose(vms, troubles, isReplay && isOpen)
			: (vms[indexOfVm(states, vm)] ?? null);
	}

	/**
	 * The world with the path of the row that was gone to, where that is of another VM; the
	 * same object while nothing changed.
	 *
	 * @param moment that the world is of
	 * @param version of a world that is new
	 */
	turn(world: World, view: View, moment: Moment, version: number): World {
		const last = this.#shown?.from === world ? this.#shown : null;
		if (last !== null && isSame(last.by, view)) {
			return last.world;
		}
		const own = world.path?.vm ?? null;
		const row = view.vm === null ? chosenRow(world, view) : null;
		const found = row && vmOfRow(moment.vms, row, own);
		const vm = found?.state.name === own ? null : found;
		const turned =
			vm === null
				? world
				: last?.vm === vm
					? last.world
					: { ...world, version, path: moment.draw(vm) };
		this.#shown = { from: world, by: view, vm, world: turned };
		return turned;
	}
}

function isSame(a: Shown["by"], b: Shown["by"]): boolean {
	return a.vm === b.vm && a.cursor === b.cursor && a.overlay === b.overlay;
}
