import assert from "node:assert/strict";
import { test } from "node:test";
import { addNs } from "../../src/model/capture.js";
import type { Change, Journey } from "../../src/model/journey.js";
import { Observed } from "../../src/tui/observed.js";
import { Store } from "../../src/tui/store.js";
import { createView } from "../../src/tui/view.js";
import { type MadeJourney, made, makeJourney, stepNs } from "./made.js";

const vm1 = "52:54:00:00:00:0a";
const vm2 = "52:54:00:00:00:0b";
/** Addresses of two bridges of the host, over which it routes. */
const bridge1 = "42:ff:28:a2:ae:b3";
const bridge2 = "1e:d1:4e:54:ab:8b";

/** A ping from VM1 to VM2, as the host routes it between its bridges (RFC 1812, 5.2). */
function makeRouted(wanted: Partial<MadeJourney> = {}): Journey {
	const changed: readonly Change[] = [
		{ field: "ethernet.source", from: vm1, to: bridge2 },
		{ field: "ethernet.destination", from: bridge1, to: vm2 },
		{ field: "ipv4.ttl", from: 64, to: 63 },
	];
	const journey = makeJourney({
		id: 1,
		mac: vm1,
		path: ["vnet2", "virbr0", "virbr1", "vnet5"],
		destination: "other-vm",
		ethernet: { source: vm1, destination: bridge1 },
		...wanted,
	});
	const hops = journey.hops.map((hop) =>
		hop.interface === "virbr1" ? { ...hop, changed } : hop,
	);
	return { ...journey, hops };
}

function macsOf({ subjects }: Observed): (string | null)[] {
	return [...subjects].map(({ mac }) => mac);
}

test("addJourney() counts what is routed for the VM that gets it, not for the gateway", () => {
	const observed = new Observed();
	observed.addJourney(makeRouted(), null);
	assert.deepEqual(macsOf(observed), [vm1, vm2]);
	assert.deepEqual(
		[...observed.subjects].map(({ journeys }) => journeys),
		[1, 1],
	);
});

test("addJourney() counts what is bridged for the VM it is addressed to", () => {
	const observed = new Observed();
	const ethernet = { source: vm1, destination: vm2 };
	const path = ["vnet2", "virbr0", "vnet5"];
	observed.addJourney(makeRouted({ ethernet, path }), null);
	assert.deepEqual(macsOf(observed), [vm1, vm2]);
});

test("addJourney() knows who gets what is routed by the tap, where no address is told", () => {
	const observed = new Observed();
	observed.addJourney(
		makeJourney({ id: 1, mac: vm2, path: ["vnet5", "virbr1"] }),
		null,
	);
	const routed = makeRouted();
	const hops = routed.hops.map((hop) => ({
		...hop,
		changed: hop.changed.filter(({ field }) => field === "ipv4.ttl"),
	}));
	observed.addJourney({ ...routed, hops }, null);
	assert.deepEqual(macsOf(observed), [vm2, vm1]);
	assert.equal([...observed.subjects][0]?.journeys, 2);
});

test("look() lists no gateway as a VM, also before a frame was routed", () => {
	const store = new Store();
	store.addJourney(makeRouted());
	const end = addNs(made, 3 * stepNs);
	for (const positionNs of [null, 0, stepNs, 2 * stepNs, 3 * stepNs, 0]) {
		const player = { isPlaying: false, speed: 1, positionNs };
		const { vms, now } = store.look(createView(player));
		const isOver = now !== null && now.nanos >= end.nanos;
		assert.deepEqual(
			vms.flatMap(({ macs }) => macs),
			isOver ? [vm1, vm2] : [vm1],
			String(positionNs),
		);
	}
});
