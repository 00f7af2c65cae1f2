import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { drawScreen } from "../../src/tui/draw-screen.js";
import { plainLook } from "../../src/tui/theme.js";
import { createView } from "../../src/tui/view.js";
import { fillStore } from "./fill-store.js";

const folder = "test/tui/screens/recorded";
const sizes = [
	{ columns: 80, rows: 24 },
	{ columns: 120, rows: 40 },
];

/** What each shows, by a log of the lab or of a real host. */
const logs: Readonly<Record<string, string>> = {
	"three-guests": "fixtures/recordings/three-guests/log.pcapng.gz",
	"offer-lost": "fixtures/scenarios/offer-lost-at-bridge/ports.pcapng",
	"server-silent": "fixtures/scenarios/server-silent/ports.pcapng",
	"nat-forward-drop": "fixtures/scenarios/nat-forward-drop/ports.pcapng",
	"uplink-gone": "fixtures/scenarios/uplink-gone/ports.pcapng",
	"healthy-bridged": "fixtures/scenarios/healthy-bridged/ports.pcapng",
};

const zone = process.env.TZ;
before(() => {
	process.env.TZ = "UTC";
});
after(() => {
	process.env.TZ = zone;
});

/** `UPDATE_SCREENS=1` writes the screens anew: look at each of them then. */
for (const [name, log] of Object.entries(logs)) {
	test(`drawScreen() draws what came of ${log}`, async () => {
		const { store } = await fillStore(log);
		const view = createView(null);
		const [vm] = store.look(view).vms;
		const chosen = { ...view, vm: vm?.key ?? null };
		for (const size of sizes) {
			const file = `${folder}/${name}-${size.columns}x${size.rows}.txt`;
			const rows = drawScreen(
				store.look(chosen),
				chosen,
				store.details,
				size,
				plainLook,
			).map((row) => `${row.trimEnd()}\n`);
			if (process.env.UPDATE_SCREENS === "1") {
				mkdirSync(folder, { recursive: true });
				writeFileSync(file, rows.join(""));
			}
			assert.ok(existsSync(file), `${file} is missing`);
			assert.equal(rows.join(""), readFileSync(file, "utf8"));
		}
	});
}
