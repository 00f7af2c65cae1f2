import assert from "node:assert/strict";
import { test } from "node:test";
import { EventLogScript } from "./event-log.js";
import { bridged, ipLink } from "./host.js";

const source = "ip -d -j link show";

/** A recording during which the host's interfaces cannot be listed for a while. */
function interrupted(hasGap: boolean): EventLogScript {
	const log = new EventLogScript()
		.capture([{ name: "vnet0" }, { name: "br0" }, { name: "ens3" }])
		.document("host-links", -5_000, source, ipLink(bridged))
		.ticks(-4_900, -100);
	if (hasGap) {
		log.document("host-links", -50, source, null);
	}
	return log
		.frames("discover: vnet0<0 br0<0 ens3>0.05")
		.frames("offer: ens3<10 br0<10")
		.ticks(0, 2_000);
}

test("interfaces that cannot be listed for a while have not gone", async () => {
	assert.deepEqual(
		await interrupted(true).trace(),
		await interrupted(false).trace(),
	);
});
