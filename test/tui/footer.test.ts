import assert from "node:assert/strict";
import { test } from "node:test";
import { drawFooter } from "../../src/tui/footer.js";
import { createLook, plainLook } from "../../src/tui/theme.js";
import { createView, type Prompt, type View } from "../../src/tui/view.js";
import { world } from "./worlds.js";

const small = { columns: 80, rows: 24 };
const live = createView(null);
const ended = { isPlaying: false, speed: 1, positionNs: null };

function draw(view: View, isOpen = false, size = small): string[] {
	return drawFooter(world({ isOpen }), view, size, plainLook);
}

function prompt(changes: Partial<Prompt>): View {
	return {
		...live,
		prompt: { kind: "seek", text: "", problem: null, ...changes },
	};
}

test("drawFooter() says what space does now", () => {
	const frozen = { ...live, frozen: { rows: 3 } };
	const replay = createView(ended);
	const playing = createView({ ...ended, isPlaying: true, positionNs: 3 });
	assert.match(draw(live)[0] ?? "", / space freeze /);
	assert.match(draw(frozen)[0] ?? "", / space go on /);
	assert.match(draw(replay)[0] ?? "", / space play /);
	assert.match(draw(playing)[0] ?? "", / space pause /);
	assert.match(draw(replay, true)[0] ?? "", / space pause /, "it follows");
	for (const view of [live, frozen, replay]) {
		assert.match(draw(view)[0] ?? "", /^ \? help {2}q quit /);
	}
});

test("drawFooter() says below a prompt what can be typed, and how one gets out", () => {
	assert.deepEqual(draw(prompt({ text: "+10s" })), [
		" to time: +10s ",
		" 13:48:57.9, +10s, -200ms or 50%  enter take  esc cancel  ctrl-u erase all",
	]);
	const [, filter = ""] = draw(prompt({ kind: "filter" }));
	assert.match(filter, / vm: proto: mac: ip: iface: outcome: .* esc cancel/);
	assert.match(
		draw(prompt({ kind: "write" }))[1] ?? "",
		/pcapng {2}enter take/,
	);
});

test("drawFooter() tells why something was refused in full, at 80 columns", () => {
	const problem =
		"outcome: is delivered, lost, inconclusive, degraded, refused, unanswered or bad, not nonsense";
	const rows = draw(prompt({ text: "outcome:nonsense", problem }));
	assert.equal(rows.length, 3);
	assert.equal(
		rows
			.slice(1)
			.map((row) => row.trim())
			.join(" "),
		`✗ ${problem}  enter take  esc cancel  ctrl-u erase all`,
	);
	const tiny = draw(prompt({ problem }), false, { columns: 60, rows: 15 });
	assert.equal(tiny.length, 2);
	assert.ok(tiny.every((row) => row.length <= 60));
	assert.match(tiny[1] ?? "", /^ ✗ outcome: is delivered, lost, .*…$/);
});

test("drawFooter() keeps the place in sight where a line is edited", () => {
	const text = `${"a".repeat(150)}b${"c".repeat(40)}`;
	const at = (caret?: number) =>
		draw(prompt({ text, ...(caret === undefined ? {} : { caret }) }))[0] ?? "";
	assert.match(at(), /^ to time: …a*bc{40} $/);
	assert.match(at(0), /^ to time: a+…$/);
	assert.match(at(150), /^ to time: …a+b/);
	for (const caret of [undefined, 0, 1, 75, 150, 190]) {
		assert.ok(at(caret).length <= 80, `${caret}`);
	}
});

test("drawFooter() shows the caret, and what typing would replace, without colours too", () => {
	const look = createLook(false, true);
	const show = (view: View) => drawFooter(world(), view, small, look)[0];
	const inverse = (text: string) => `\u001b[7m${text}\u001b[27m`;
	const title = ` \u001b[1mto time: \u001b[22m`;
	assert.equal(show(prompt({ text: "13:48" })), `${title}13:48${inverse(" ")}`);
	assert.equal(
		show(prompt({ text: "13:48", caret: 2 })),
		`${title}13${inverse(":")}48`,
	);
	assert.equal(
		show(prompt({ text: "soon", isSelected: true })),
		`${title}${inverse("soon")}`,
	);
});

test("drawFooter() breaks a message that is longer than a row", () => {
	const message = `${"/a/long/folder".repeat(6)}/vm.pcapng: it cannot be written`;
	const rows = draw({ ...live, message });
	assert.equal(rows.length, 2);
	assert.match(rows[1] ?? "", /it cannot be written$/);
});
