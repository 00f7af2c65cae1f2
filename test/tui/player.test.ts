import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { addNs, elapsedNs } from "../../src/model/capture.js";
import {
	advance,
	changeSpeed,
	playerSpeeds,
	seek,
	step,
	togglePlay,
	toNextLoss,
} from "../../src/tui/player.js";
import { Store } from "../../src/tui/store.js";
import { createView, type Player } from "../../src/tui/view.js";
import { made, makeExchange, makeJourney, stepNs } from "./made.js";

const playing: Player = { isPlaying: true, speed: 1, positionNs: 0 };

test("advance() goes on by the time that passed, at the player's speed", () => {
	assert.equal(advance(playing, 9e9, 500).positionNs, 5e8);
	assert.equal(advance({ ...playing, speed: 1 / 8 }, 9e9, 800).positionNs, 1e8);
	const paused = { ...playing, isPlaying: false };
	assert.equal(advance(paused, 9e9, 500), paused);
});

test("advance() stops at the end and shows all, and waits there for what is still read", () => {
	const ended = { isPlaying: false, speed: 1, positionNs: null };
	assert.deepEqual(advance(playing, 4e8, 500), ended);
	const waiting = advance(playing, 4e8, 500, true);
	assert.deepEqual(waiting, { ...playing, positionNs: 4e8 });
	assert.equal(advance({ ...playing, speed: 0 }, 9e9, 1).positionNs, null);
});

test("togglePlay() begins anew at the end, however it came there", () => {
	const ended = { isPlaying: false, speed: 1, positionNs: null };
	assert.deepEqual(togglePlay(ended, 9e9), playing);
	assert.deepEqual(togglePlay({ ...ended, positionNs: 9e9 }, 9e9), playing);
	const midway = { ...ended, positionNs: 5e9 };
	assert.deepEqual(togglePlay(midway, 9e9), { ...midway, isPlaying: true });
	assert.equal(togglePlay(playing, 9e9).isPlaying, false);
});

test("togglePlay() holds back what comes of a log that grows, and goes on there", () => {
	const following = { isPlaying: false, speed: 1, positionNs: null };
	const held = togglePlay(following, 4e9, true);
	assert.deepEqual(held, { ...following, positionNs: 4e9 });
	const goingOn = togglePlay(held, 9e9, true);
	assert.deepEqual(goingOn, { ...held, isPlaying: true });
});

test("changeSpeed() goes through the speeds and stops at both ends", () => {
	let player: Player = { ...playing, speed: 1 / 8 };
	assert.equal(changeSpeed(player, -1).speed, 1 / 8);
	const passed = playerSpeeds.map(() => {
		player = changeSpeed(player, 1);
		return player.speed;
	});
	assert.deepEqual(passed, [1 / 4, 1 / 2, 1, 2, 4, 8, 16, 0, 0]);
});

const begin = new Date(2026, 10, 22, 13, 48, 57, 900).getTime();
const reach = {
	begin: { seconds: Math.floor(begin / 1000), nanos: 900_000_000 },
	end: { seconds: Math.floor(begin / 1000) + 20, nanos: 900_000_000 },
	positionNs: 2e9,
};

const goals: readonly (readonly [text: string, positionNs: number])[] = [
	["13:48:58", 1e8],
	["13:48:57", 0],
	["13:48:58.9", 1e9],
	["13:48:58,900000001", 1e9 + 1],
	["13:49", 2.1e9],
	["+3.5s", 5.5e9],
	["+3.5", 5.5e9],
	["-200ms", 1.8e9],
	["-1min", 0],
	["+1h", 20e9],
	["50%", 10e9],
	[" 0 % ", 0],
	["250%", 20e9],
];

for (const [text, positionNs] of goals) {
	test(`seek() goes to ${text}`, () => {
		assert.deepEqual(seek(text, reach), { positionNs });
	});
}

test("seek() goes past midnight with the log", () => {
	const late = new Date(2026, 10, 22, 23, 59, 50).getTime() / 1000;
	const night = {
		begin: { seconds: late, nanos: 0 },
		end: { seconds: late + 60, nanos: 0 },
		positionNs: null,
	};
	assert.deepEqual(seek("00:00:05", night), { positionNs: 15e9 });
	assert.deepEqual(seek("-10s", night), { positionNs: 50e9 });
});

test("seek() says where the log reaches, and what can be typed", () => {
	assert.deepEqual(seek("12:00", reach), {
		problem: "the log goes from 13:48:57.900 to 13:49:17.900",
	});
	const problem = "a time like 13:48:57.9, +3.5s, -200ms or 50%";
	for (const text of ["", "soon", "25:00", "13:61", "+", "%", "1e3"]) {
		assert.deepEqual(seek(text, reach), { problem });
	}
	const nothing = { begin: null, end: null, positionNs: null };
	assert.ok("problem" in seek("50%", nothing));
});

function filled(): Store {
	const store = new Store();
	const vm1 = { vm: "VM1", mac: "52:54:00:00:00:01" };
	const path = ["vnet9", "br0", "ens3"];
	store.addJourney(makeJourney({ id: 1, ...vm1 }));
	store.addJourney(
		makeJourney({ id: 2, vm: "VM2", atNs: 1e9, outcome: "lost", path }),
	);
	store.addJourney(makeJourney({ id: 3, ...vm1, atNs: 1e9 + stepNs }));
	store.addExchange(makeExchange({ id: 1, atNs: 0, journeys: [1] }));
	store.addExchange(
		makeExchange({ id: 2, atNs: 1e9, journeys: [2], outcome: "unanswered" }),
	);
	return store;
}

test("step() goes from sighting to sighting and from exchange to exchange", () => {
	const { timeline } = filled().look(createView(playing));
	let player: Player = playing;
	const stops = [1, 2, 3, 4, 5, 6, 7].map(() => {
		player = step(player, "frame", 1, timeline);
		return player.positionNs;
	});
	const second = 1e9;
	assert.deepEqual(stops, [
		stepNs,
		2 * stepNs,
		second,
		second + stepNs,
		second + 2 * stepNs,
		second + 3 * stepNs,
		null,
	]);
	assert.equal(player.isPlaying, false);
	assert.equal(
		step(player, "frame", -1, timeline).positionNs,
		second + 3 * stepNs,
	);
	assert.equal(step(player, "exchange", -1, timeline).positionNs, second);
	assert.equal(step(playing, "exchange", 1, timeline).positionNs, second);
	assert.equal(step(playing, "frame", -1, timeline).positionNs, 0);
});

test("toNextLoss() goes to where it shows, of what is looked at", () => {
	const store = filled();
	const { timeline } = store.look(createView(playing));
	const lost = toNextLoss(playing, timeline);
	assert.equal(lost?.positionNs, 1e9 + stepNs);
	const told = lost && toNextLoss(lost, timeline);
	assert.equal(told?.positionNs, 1e9 + stepNs + 2e9);
	assert.equal(told && toNextLoss(told, timeline), null);
	const ofVm1 = store.look({ ...createView(playing), vm: "VM1" });
	const next = toNextLoss(playing, ofVm1.timeline);
	assert.equal(next, null);
});

test("Timeline.next() finds what a search through all sightings finds", () => {
	const journey = fc.record({
		atNs: fc.nat(200_000),
		path: fc.constantFrom(["a"], ["a", "b"], ["a", "b", "c", "d", "e", "f"]),
	});
	fc.assert(
		fc.property(
			fc.array(journey, { minLength: 1, maxLength: 30 }),
			fc.nat(250_000),
			fc.constantFrom(1 as const, -1 as const),
			(list, position, by) => {
				const store = new Store();
				const all = list.map((one, id) => makeJourney({ id, ...one }));
				for (const one of all) {
					store.addJourney(one);
				}
				const world = store.look(createView(playing));
				const first = world.begin ?? made;
				const times = all
					.flatMap(({ hops }) => hops.map(({ time }) => elapsedNs(first, time)))
					.filter((time) => (time - position) * by > 0)
					.sort((a, b) => (a - b) * by);
				const next = world.timeline?.next("frame", position, by);
				assert.equal(next, times[0] ?? null);
			},
		),
	);
});

test("step() shows a frame at the port that it went to", () => {
	const store = filled();
	const view = createView(playing);
	const { timeline } = store.look(view);
	const player = step(playing, "frame", 1, timeline);
	const world = store.look({ ...view, player });
	const [row] = world.rows;
	assert.deepEqual(
		row?.kind === "journey" && row.journey.hops.map((hop) => hop.interface),
		["vnet0", "br0"],
	);
	assert.deepEqual(world.now, addNs(made, stepNs));
});
