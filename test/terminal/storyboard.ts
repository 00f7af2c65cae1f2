import type { Scene, Step } from "./film.js";

const lost = "fixtures/faults/bridge-netfilter-half-open/log.pcapng.gz";
const guests = "fixtures/recordings/three-guests/log.pcapng.gz";

function step(keys: string, shows: RegExp, caption: string, ms: number): Step {
	return {
		keys: keys.split(" ").filter((key) => key !== ""),
		shows,
		caption,
		ms,
	};
}

/** A replay reads on while it is looked at: its last page tells when all is read. */
const opening = [
	step("", /\? help/, "", 0),
	step("5", /\[health\](?![\s\S]* so far)/, "", 0),
];

const any = /vmpath/;
const journeys = /\[journeys\](?!.* details)/;

/** A bridge that drops DHCP replies: from the loss to what mends it. */
export const lostOffer: Scene = {
	args: `replay ${lost}`,
	opening,
	first: step("1", journeys, "", 2500),
	steps: [
		step("E", /▸✗ .*OFFER/, "E  back to the last loss", 2200),
		step("E", /▸✗ .*OFFER/, "E  to the one before", 1200),
		step("Right", /▸. .*DISCOVER/, "→  on, sighting by sighting", 1200),
		step("Right", any, "→  on, sighting by sighting", 1200),
		step("Right", /▸. .*OFFER/, "→  on, sighting by sighting", 2000),
		step(
			"Enter",
			/ details\b/,
			"enter  details: the ladder and the cause",
			4500,
		),
		step(
			"NPage",
			/frame \d+ of the capture/,
			"pgdn  every field, decoded",
			3500,
		),
		step("Escape", journeys, "esc  back", 800),
		step("4", /\[findings 1\]/, "4  findings, with the fix", 5000),
	],
};

/** Three guests of libvirt, one of them behind NAT. */
export const threeGuests: Scene = {
	args: `replay ${guests}`,
	opening,
	first: step("1", journeys, "", 1500),
	steps: [
		step("2", /\[dhcp\]/, "2  DHCP, a line a VM", 3500),
		step("3", /\[topology\]/, "3  topology", 3000),
		step("] ] ]", /VM3 ─/, "]  next VM: VM3, behind NAT", 3500),
	],
};

/** The lost OFFER, chosen, and its hops in the picture. */
export const replaying: Scene = {
	args: lostOffer.args,
	opening,
	first: step("1", journeys, "", 0),
	steps: [step("E", /▸✗ .*OFFER/, "", 0)],
};

/** What a watch on a host of libvirt shows once VM1 has its lease and was answered. */
export const watching: Scene = {
	args: "watch",
	opening: [],
	first: step(
		"",
		/◆.*DHCP lease 192\.168\.100\.99[\s\S]* seq 2[\s\S]*▸/,
		"",
		0,
	),
	steps: [],
};

/** A command whose output is text. */
export const verifying = `verify dhcp vnet0 --read ${lost}`;
