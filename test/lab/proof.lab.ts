import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { ping, pingInVain } from "./clients.js";
import { withLab } from "./lab.js";
import { type JsonObject, parseObjects } from "./live-objects.js";
import { startProgram } from "./live-program.js";
import { fixedIps, settle } from "./live-traffic.js";
import { loadRules } from "./namespaces.js";
import { router } from "./plan.js";
import { findObstacle } from "./requirements.js";
import { waitFor } from "./wait.js";

const obstacle = await findObstacle();

const dropPings = [
	"table bridge filter {",
	"chain forward {",
	"type filter hook forward priority 0;",
	'oifname "ens3" icmp type echo-request counter drop',
	"}",
	"}",
];

/** `icmp 1 bridge-filter-drop proven` of each exchange that has causes, as told last. */
function listCauses(objects: readonly JsonObject[]): string[] {
	const latest = new Map<unknown, string>();
	for (const { type, id, protocol, causes } of objects) {
		const named = (causes ?? []) as { id: string; certainty: string }[];
		if (type === "exchange" && named.length > 0) {
			const words = named.map((cause) => `${cause.id} ${cause.certainty}`);
			latest.set(id, `${protocol} ${id} ${words.join(", ")}`);
		}
	}
	return [...latest.values()];
}

describe("vmpath watch", { skip: obstacle ?? false }, () => {
	test("proves which rule drops pings while it goes on, and its recording as well", async () => {
		await withLab(async (lab) => {
			await settle(lab, "vm1");
			await loadRules(lab.namespaces.kvmhost, dropPings);
			const log = join(lab.directory, "watched.pcapng");
			const args = ["watch", "--format", "jsonl", "-w", log];
			const watching = startProgram(lab, args);
			await watching.saying(/^vmpath: watching /m, 30_000);
			// Tells where the router lives: what never came back could be anywhere.
			await ping(lab, "router", fixedIps.vm1, { count: 1 });
			await pingInVain(lab, "vm1", router.ip, { count: 2 });
			// Rules are read every 10 s, and at once when it asks for them.
			await waitFor("a cause that is proven", 15_000, async () =>
				listCauses(parseObjects(watching.read())).some((one) =>
					/ proven$/.test(one),
				)
					? true
					: undefined,
			);
			const { exitCode, stdout } = await watching.stop();
			assert.equal(exitCode, 0);
			const causes = listCauses(parseObjects(stdout));
			for (const cause of causes.filter((one) => one.startsWith("icmp"))) {
				assert.match(cause, /^icmp \d+ bridge-filter-drop proven$/);
			}
			const replay = ["replay", log, "--format", "jsonl"];
			const again = await startProgram(lab, replay).end(30_000);
			assert.deepEqual(listCauses(parseObjects(again.stdout)), causes);
			const { length } = await readFile(log);
			assert.ok(length < 1e6, `${length} bytes`);
		});
	});
});
