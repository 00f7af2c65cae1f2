import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { addNs, type LogTime } from "../../src/model/capture.js";
import type { Journey, Sighting } from "../../src/model/journey.js";
import { makeSafe } from "../../src/model/safe-text.js";
import { AddressBook } from "../../src/trace/address-book.js";
import { ExchangeBook } from "../../src/trace/exchanges.js";
import { PortBook } from "../../src/trace/ports.js";
import { SightingQueue } from "../../src/trace/queue.js";
import { Tracer } from "../../src/trace/tracer.js";
import { echo } from "./conversation.js";

const start: LogTime = { seconds: 1_000, nanos: 0 };

/** A ping that comes in at vnet0, so many nanoseconds after the start. */
function sight(number: number, afterNs: number, book: PortBook): Sighting {
	return {
		port: book.named(makeSafe("vnet0"), 0),
		time: addNs(start, afterNs),
		direction: "in",
		frame: echo("request", 0, number % 65_536).frame,
		captured: 98,
		length: 98,
		source: 0,
		number,
		fingerprint: number,
		routedFingerprint: null,
	};
}

describe("what grows has a bound, and what it lets go is counted", () => {
	test("addresses: those not seen for longest are forgotten", () => {
		const book = new AddressBook();
		const count = 16_384 + 10;
		for (let host = 0; host < count; host += 1) {
			const address = `10.0.${host >> 8}.${host & 255}`;
			book.learnFromArp(address, "52:54:00:00:00:01", start);
		}
		assert.equal(book.list.length, 16_384);
		assert.equal(book.forgotten, 10);
		assert.equal(book.holderOf("10.0.0.9"), null);
		assert.equal(book.holderOf("10.0.0.10"), "52:54:00:00:00:01");
	});

	test("journeys: the oldest settle early, in doubt and never lost", () => {
		const ports = new PortBook(new Map());
		const journeys: Journey[] = [];
		const tracer = new Tracer({
			ports: ports.list,
			coverage: { gapAt: () => null },
			emit: (journey, trip, now) => {
				journeys.push(journey);
				exchanges.take(trip, journey, now);
			},
		});
		const exchanges = new ExchangeBook(
			tracer.whereabouts,
			() => null,
			() => {},
		);
		const count = 65_536 + 1_000;
		for (let number = 0; number < count; number += 1) {
			tracer.take(sight(number, number, ports));
		}
		assert.equal(tracer.settledEarly, 1_000);
		tracer.finish(null);
		assert.equal(journeys.length, count);
		assert.ok(journeys.every(({ outcome }) => outcome === "inconclusive"));
		assert.ok(exchanges.letGo.exchanges > 0);
	});

	test("sightings that wait to be put in order: it is told that some could not", () => {
		const ports = new PortBook(new Map());
		const taken: number[] = [];
		const hurried: number[] = [];
		const queue = new SightingQueue(
			({ number }) => taken.push(number),
			({ number }) => hurried.push(number),
		);
		const count = 262_144 + 3;
		for (let number = 0; number < count; number += 1) {
			queue.add(sight(number, number, ports));
		}
		assert.deepEqual(taken, [0, 1, 2]);
		assert.equal(queue.hurried, 3);
		assert.equal(hurried.length, 3);
	});

	test("ports: what is seen at more interfaces than can be told apart has none", () => {
		const book = new PortBook(new Map());
		for (let index = 0; index < 4_096; index += 1) {
			assert.ok(book.indexed(index, 0));
		}
		assert.equal(book.indexed(4_096, 0), null);
		assert.ok(book.indexed(0, 0));
	});
});
