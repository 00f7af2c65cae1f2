import type { Action } from "./action.js";
import { nameSpeed } from "./draw-player.js";
import { following } from "./list-cursor.js";
import { changeSpeed, step, togglePlay, toNextLoss } from "./player.js";
import type { Player, View } from "./view.js";
import type { World } from "./world.js";

/** What is asked of a replay. */
export type PlayerAction = Extract<
	Action,
	{ readonly kind: "play" | "step" | "speed" | "to loss" }
>;

/** Plays, steps and goes to losses; live there is nothing to play. */
export function playOn(
	view: View,
	action: PlayerAction,
	{ timeline }: World,
): View {
	const { player } = view;
	if (player === null) {
		return { ...view, message: "only a replay can be played" };
	}
	switch (action.kind) {
		case "play":
			return at(view, togglePlay(player));
		case "step":
			return at(view, step(player, action.of, action.by, timeline));
		case "speed": {
			const changed = changeSpeed(player, action.by);
			return {
				...view,
				player: changed,
				message: `speed: ${nameSpeed(changed)}`,
			};
		}
		case "to loss": {
			const found = toNextLoss(player, timeline, action.by);
			const where = action.by > 0 ? "after" : "before";
			return found === null
				? { ...view, message: `no loss ${where} this` }
				: at(view, found);
		}
	}
}

/** Wherever the replay goes, the list shows what happens there. */
function at(view: View, player: Player): View {
	return { ...view, player, cursor: following };
}
