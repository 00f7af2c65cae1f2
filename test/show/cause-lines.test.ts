import assert from "node:assert/strict";
import { test } from "node:test";
import type { Cause } from "../../src/model/exchange.js";
import { CauseLines, nameCauses } from "../../src/show/cause-lines.js";
import { paintNothing } from "../../src/show/style.js";
import { TextPresenter } from "../../src/show/text-presenter.js";
import { exchange } from "./exchanges.js";
import { totals } from "./totals.js";

const proven: Cause = {
	id: "bridge-filter-drop",
	certainty: "proven",
	evidence: ["nft bridge filter forward handle 2: drop", "it counted 3"],
	fix: "nft delete rule bridge filter forward handle 2",
};
const possible = (id: string): Cause => ({
	id,
	certainty: "possible",
	evidence: ["not read here, see bridge fdb show"],
	fix: "bridge fdb del",
});
const layout = { columns: null, paint: paintNothing };

function tell(causes: readonly Cause[], columns: number | null = null) {
	const lines = new CauseLines({ ...layout, columns });
	return lines.tell(exchange({ outcome: "lost", causes }));
}

test("CauseLines.tell() gives evidence and what mends it, below the row", () => {
	const indent = " ".repeat(35);
	assert.equal(
		tell([proven]),
		[
			`${indent}■ bridge-filter-drop, proven`,
			`${indent}  nft bridge filter forward handle 2: drop`,
			`${indent}  it counted 3`,
			`${indent}  fix: nft delete rule bridge filter forward handle 2`,
			"",
		].join("\n"),
	);
});

test("CauseLines.tell() gives what is only possible a line", () => {
	const text = tell([possible("fdb-wrong-port"), possible("port-isolated")]);
	assert.deepEqual(
		text
			.trimEnd()
			.split("\n")
			.map((line) => line.trim()),
		[
			"□ fdb-wrong-port, possible: not read here, see bridge fdb show",
			"□ port-isolated, possible: not read here, see bridge fdb show",
		],
	);
});

test("CauseLines.tell() breaks lines where the terminal ends", () => {
	const lines = tell([proven], 40).trimEnd().split("\n");
	assert.ok(lines.length > 4);
	assert.ok(lines.every((line) => line.length <= 40));
});

test("CauseLines.tell() tells the same causes in full once", () => {
	const lines = new CauseLines(layout);
	const first = exchange({ id: 1, causes: [proven] });
	const second = exchange({ id: 2, causes: [proven] });
	assert.notEqual(lines.tell(first), "");
	assert.equal(lines.hasNews(second), false);
	assert.equal(lines.tell(second), "");
	assert.notEqual(lines.tell(exchange({ causes: [possible("x")] })), "");
	assert.equal(lines.tell(exchange({ causes: [] })), "");
});

test("TextPresenter shows causes below the row, and once more at the end", () => {
	let text = "";
	const log = { sources: [], ports: [] };
	const presenter = new TextPresenter(log, layout, (more) => {
		text += more;
	});
	const lost = { outcome: "lost", lease: null, causes: [proven] } as const;
	presenter.showExchange(exchange({ id: 1, ...lost }));
	presenter.showExchange(exchange({ id: 2, ...lost }));
	assert.equal(text.split("■").length - 1, 1);
	assert.equal(text.split("bridge-filter-drop (proven)").length - 1, 2);
	text = "";
	presenter.showTotals(totals());
	const shown = text.slice(text.indexOf("What went wrong:"));
	assert.equal(shown.split("■").length - 1, 1);
	assert.match(shown, /fix: nft delete rule bridge filter forward handle 2/);
	assert.equal(shown.split("bridge-filter-drop (proven)").length - 1, 2);
});

test("TextPresenter gives a row to a ping whose cause is new", () => {
	const presenter = new TextPresenter(
		{ sources: [], ports: [] },
		layout,
		() => {},
	);
	const ping = { protocol: "icmp", outcome: "lost", lease: null } as const;
	assert.equal(presenter.showExchange(exchange({ ...ping })), false);
	const caused = exchange({ ...ping, causes: [proven] });
	assert.equal(presenter.showExchange(caused), true);
	assert.equal(presenter.showExchange({ ...caused, id: 4 }), false);
});

test("nameCauses() names the surest, and says how sure", () => {
	assert.equal(nameCauses([]), "");
	assert.equal(nameCauses([proven]), "bridge-filter-drop (proven)");
	assert.equal(nameCauses([possible("a"), possible("b")]), "a or b (possible)");
	const likely: Cause = { ...proven, id: "c", certainty: "likely" };
	assert.equal(nameCauses([likely, possible("b")]), "c (likely)");
});

test("CauseLines.tell() does not tell causes again when only a count in them grew", () => {
	const lines = new CauseLines(layout);
	const counted = (count: number) =>
		exchange({
			outcome: "lost",
			causes: [{ ...proven, evidence: [`it counted ${count}`] }],
		});
	assert.notEqual(lines.tell(counted(3)), "");
	assert.equal(lines.tell(counted(4)), "");
	assert.notEqual(lines.tell({ ...counted(4), id: 99 }), "");
});
