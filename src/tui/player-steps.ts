import type { Action } from "./action.js";
import { nameSpeed } from "./draw-player.js";
import { following } from "./list-cursor.js";
import { changeSpeed, step, togglePlay, toNextLoss } from "./player.js";
import type { Player, View } from "./view.js";
import type { World } from "./world.js";

/** What is asked of a replay. */
export type PlayerAction = Extract<
	Action,
	{ readonly kind: "play" | "step" | "speed" | "to loss" | "to end" }
>;

/** Plays, steps and goes to losses; live there is nothing to play. */
export function playOn(view: View, action: PlayerAction, world: World): View {
	const { player } = view;
	const { timeline } = world;
	if (player === null) {
		return { ...view, message: "only a replay can be played" };
	}
	switch (action.kind) {
		case "play":
			return play(view, player, world);
		case "step": {
			const stepped = step(player, action.of, action.by, timeline);
			const isThere = stepped.positionNs === player.positionNs;
			const end = action.by > 0 ? "end" : "begin";
			const message = isThere ? `this is the ${end} of the log` : null;
			return { ...at(view, stepped), message };
		}
		case "speed": {
			const changed = changeSpeed(player, action.by);
			return {
				...view,
				player: changed,
				message: `speed: ${nameSpeed(changed)}`,
			};
		}
		case "to end":
			return at(view, {
				...player,
				isPlaying: false,
				positionNs: action.by > 0 ? null : 0,
			});
		case "to loss": {
			const found = toNextLoss(player, timeline, action.by);
			return found === null
				? { ...view, message: tellNoLoss(player, world, action.by) }
				: at(view, found);
		}
	}
}

function tellNoLoss(player: Player, world: World, by: -1 | 1): string {
	const where = by > 0 ? "after" : "before";
	const other = toNextLoss(player, world.timeline, by > 0 ? -1 : 1);
	const way = by > 0 ? ": E goes back to one" : ": e goes on to one";
	return `no loss ${where} this${other === null ? "" : way}`;
}

function play(view: View, player: Player, { timeline, isOpen }: World): View {
	const toggled = togglePlay(player, timeline?.lengthNs ?? 0, isOpen);
	// It would be at the end again before anything is drawn.
	return toggled.isPlaying && toggled.speed === 0 && toggled.positionNs === 0
		? { ...view, message: "at once there is nothing to see: - plays slower" }
		: at(view, toggled);
}

/** Wherever the replay goes, the list shows what happens there. */
function at(view: View, player: Player): View {
	return { ...view, player, cursor: following };
}
