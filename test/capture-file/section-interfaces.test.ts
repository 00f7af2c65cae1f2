import assert from "node:assert/strict";
import { test } from "node:test";
import {
	microseconds,
	type TimeResolution,
} from "../../src/capture-file/pcapng-time.js";
import { SectionInterfaces } from "../../src/capture-file/section-interfaces.js";
import type { TimeSpan } from "../../src/capture-file/sink.js";
import { makeSafe } from "../../src/model/safe-text.js";
import { Collector } from "./collect.js";

test("SectionInterfaces.stretchSpan() looks only at interfaces with new times", () => {
	let looks = 0;
	const span: TimeSpan = { first: null, latest: null, disorderNs: 0 };
	const interfaces = new SectionInterfaces({
		sink: new Collector(),
		options: {
			source: 0,
			interfaceName: null,
			keep: () => true,
			nextInterfaceId: () => 0,
		},
		counts: { read: 0, untimed: 0 },
		span,
		isBigEndian: false,
		nextNumber: () => 1,
		damage: assert.fail,
	});
	for (let index = 0; index < 100; index++) {
		interfaces.add({
			linkType: 1,
			snapLength: 0,
			name: makeSafe(`vnet${index}`),
			comment: null,
			isBad: false,
			get resolution(): TimeResolution {
				looks += 1;
				return microseconds;
			},
		});
	}
	const [second, third] = [interfaces.at(2), interfaces.at(3)];
	assert.ok(second && third);
	for (let round = 1; round <= 50; round++) {
		interfaces.addTime(second, 0, round);
		interfaces.addTime(second, 0, round + 1);
		interfaces.addTime(third, 0, 2 * round);
		interfaces.stretchSpan();
		interfaces.stretchSpan();
		assert.deepEqual(span.latest, { seconds: 0, nanos: 2000 * round });
	}
	assert.deepEqual(span.first, { seconds: 0, nanos: 1000 });
	assert.ok(looks > 0 && looks <= 200, `${looks} looks`);
});
