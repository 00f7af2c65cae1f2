import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import stringWidth from "string-width";
import { scrolledRows } from "../../src/tui/draw-body.js";
import type { Store } from "../../src/tui/store.js";
import { plainLook } from "../../src/tui/theme.js";
import { createView, type View } from "../../src/tui/view.js";
import { fillStore } from "./fill-store.js";

const folder = "test/tui/screens/pages";
const widths = [80, 120, 200];

/** A log, and the rows whose details are shown: begin of summary, and the hop. */
interface Case {
	readonly log: string;
	readonly rows: readonly (readonly [summary: string, hop: number])[];
}

const cases: Readonly<Record<string, Case>> = {
	"healthy-bridged": {
		log: "fixtures/scenarios/healthy-bridged/ports.pcapng",
		rows: [["ICMP echo request", 2]],
	},
	"offer-lost": {
		log: "fixtures/scenarios/offer-lost-at-bridge/ports.pcapng",
		rows: [
			["DHCP DISCOVER ×3", 4],
			["DHCP OFFER", 1],
		],
	},
	nat: {
		log: "fixtures/scenarios/nat-errors/ports.pcapng",
		rows: [["ICMP unreachable", 2]],
	},
	"dhcp-nak": {
		log: "fixtures/faults/dhcp-nak/log.pcapng.gz",
		rows: [["DHCP NAK", 0]],
	},
	"rogue-dhcp-server": {
		log: "fixtures/faults/rogue-dhcp-server/log.pcapng.gz",
		rows: [["DHCP lease", 8]],
	},
	"tap-not-in-bridge": {
		log: "fixtures/faults/libvirt-tap-not-in-bridge/log.pcapng.gz",
		rows: [["ARP who-has", 0]],
	},
	"three-guests": {
		log: "fixtures/recordings/three-guests/log.pcapng.gz",
		rows: [["DHCP lease 192.168.122.148", 0]],
	},
};

const zone = process.env.TZ;
before(() => {
	process.env.TZ = "UTC";
});
after(() => {
	process.env.TZ = zone;
});

function drawAll(store: Store, { rows }: Case, columns: number): string[] {
	const draw = (view: View) => {
		const { details } = store;
		const parts = { world: store.look(view), view, details, look: plainLook };
		return scrolledRows(parts, columns);
	};
	const pages = (["dhcp", "topology", "findings", "health"] as const).flatMap(
		(page) => [`== ${page} ==`, ...draw({ ...createView(null), page })],
	);
	const details = rows.flatMap(([begin, hop]) => {
		const world = store.look(createView(null));
		const row = world.rows.findLast((one) =>
			(one.kind === "journey" ? one.journey : one.exchange).summary.startsWith(
				begin,
			),
		);
		assert.ok(row, begin);
		const overlay = { kind: "details", key: row.key, scroll: 0, hop } as const;
		return [
			`== details of ${begin} ==`,
			...draw({ ...createView(null), overlay }),
		];
	});
	return [...details, ...pages];
}

/** `UPDATE_SCREENS=1` writes the pages anew: look at each of them then. */
for (const [name, one] of Object.entries(cases)) {
	test(`the pages show what came of ${one.log}`, async () => {
		const { store } = await fillStore(one.log);
		for (const columns of widths) {
			const file = `${folder}/${name}-${columns}.txt`;
			const rows = drawAll(store, one, columns);
			for (const row of rows) {
				assert.ok(stringWidth(row) <= columns, row);
			}
			const text = rows.map((row) => `${row.trimEnd()}\n`).join("");
			if (process.env.UPDATE_SCREENS === "1") {
				mkdirSync(folder, { recursive: true });
				writeFileSync(file, text);
			}
			assert.ok(existsSync(file), `${file} is missing`);
			assert.equal(text, readFileSync(file, "utf8"));
		}
	});
}
