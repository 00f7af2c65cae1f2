import type { Journey } from "../model/journey.js";
import { nameOf } from "../show/ladder-words.js";
import type { Paint } from "../show/style.js";
import { formatElapsed } from "../show/units.js";

/** Stands for ports that have no room, or were not captured. */
const others = "…";

/**
 * Where a frame was seen, in fewer cells than its whole path takes, the longest first:
 * `vnet0 → br0 → ens3 +25 µs`, `vnet0→ens3`, the VM's end alone as `vnet0→…`, `+25 µs`.
 */
export function shortenPath(
	{ hops, source }: Journey,
	paint: Paint,
): readonly string[] {
	const elapsed = hops.at(-1)?.elapsedNs ?? 0;
	const sign = elapsed > 0 ? "+" : "";
	const time =
		elapsed === 0 ? "" : paint("quiet", `${sign}${formatElapsed(elapsed)}`);
	const names = hops.map(nameOf);
	// Another VM than those whose taps were captured sent it.
	const way = source === "other-vm" ? [others, ...names] : names;
	const [first = "", ...further] = way;
	const last = further.at(-1);
	if (last === undefined) {
		return [time];
	}
	const arrow = paint("quiet", "→");
	const join = (ports: readonly string[], between: string) =>
		ports.map((port) => paint("strong", port)).join(between);
	const all = join(way, ` ${arrow} `);
	const ends = join([first, last], arrow);
	const own = join(source === "vm" ? [first, others] : [others, last], arrow);
	const timed = (ports: string) => (time === "" ? ports : `${ports} ${time}`);
	return [timed(all), all, timed(ends), ends, own, time];
}
