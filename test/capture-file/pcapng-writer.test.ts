import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { LogHandle } from "../../src/capture-file/event-log.js";
import { PcapngWriter } from "../../src/capture-file/pcapng-writer.js";
import { formatTimeNs } from "../../src/model/capture.js";
import {
	endOfOptions,
	enhancedPacket,
	interfaceBlock,
	join,
	option,
	raw,
	section,
	splitTime,
	statistics,
	uint,
} from "./build.js";
import { hostPacket, logTimeNs, partText, tickText } from "./build-host.js";
import { readCapture } from "./collect.js";
import {
	at,
	documentOf,
	flags,
	frameOf,
	origin,
	portOf,
	writeLog,
} from "./write-log.js";

const frame = Buffer.from("0123456789abcd", "hex");

test("PcapngWriter writes what the format's draft says", () => {
	const log = new PcapngWriter(origin);
	const description = "VM1 ö";
	const filter = "icmp";
	const vnet0 = log.addPort(portOf("vnet0", { description, filter }));
	const tun0 = log.addPort(portOf("tun0", { linkType: 101 }));
	log.addFrame(vnet0, {
		...frameOf(Buffer.concat([Buffer.alloc(3), frame]), at(1), flags.in, 99),
		start: 3,
		captured: 7,
	});
	log.addFrame(tun0, frameOf(frame, at(2)));
	log.addStatistics(tun0, { at: at(3), received: 2 ** 40, dropped: 7 });
	log.addDocument({ type: "host-fdb", statements: [] }, at(4));
	const until = at(5);
	log.addTick({ until, dropsTotal: 7, monotonic: { seconds: 5, nanos: 7 } });
	const time = (nanos: bigint) => logTimeNs + nanos;
	const expected = join(
		section(
			option(3, raw("Linux 6.18.5")),
			option(4, raw("vmpath 0.1.0")),
			endOfOptions,
		),
		interfaceBlock(
			{ name: "vmpath:host" },
			option(3, raw("what the host says of itself")),
			option(9, uint(9, 1)),
		),
		interfaceBlock(
			{ name: "vnet0" },
			option(3, raw(description)),
			option(9, uint(9, 1)),
			option(11, raw("\0icmp")),
		),
		interfaceBlock({ name: "tun0", linkType: 101, tsresol: 9 }),
		enhancedPacket(
			frame,
			{ interfaceId: 1, time: time(1n), length: 99 },
			option(2, uint(1, 4)),
			endOfOptions,
		),
		enhancedPacket(frame, { interfaceId: 2, time: time(2n) }),
	)(false);
	const behind = join(
		hostPacket(partText("host-fdb", 1, [1, 1], "[]"), time(4n)),
		hostPacket(tickText(time(5n), 7), time(5n)),
	)(false);
	const written = log.takeBytes();
	assert.deepEqual(written.subarray(0, expected.length), expected);
	const counters = written.subarray(expected.length, -behind.length);
	// The builder of the tests writes 0 for the block's own time, at 12.
	counters.fill(0, 12, 20);
	assert.deepEqual(
		counters,
		statistics(
			2,
			option(3, splitTime(time(3n))),
			option(4, uint(2 ** 40, 8)),
			option(5, uint(7, 8)),
			endOfOptions,
		)(false),
	);
	assert.deepEqual(written.subarray(-behind.length), behind);
});

test("PcapngWriter leaves out what is not known", () => {
	const log = new PcapngWriter({ application: "vmpath 0.1.0", system: null });
	log.addPort(portOf("vnet0"));
	const start = section(option(4, raw("vmpath 0.1.0")), endOfOptions)(false);
	const written = log.takeBytes();
	assert.deepEqual(written.subarray(0, start.length), start);
	const port = interfaceBlock({ name: "vnet0", tsresol: 9 })(false);
	assert.deepEqual(written.subarray(-port.length), port);
});

test("PcapngWriter clips text that does not fit into an option", () => {
	const log = new PcapngWriter(origin);
	log.addPort(portOf("vnet0", { description: "€".repeat(100_000) }));
	const { interfaces, complaints } = readCapture(log.takeBytes());
	assert.deepEqual(complaints, []);
	assert.deepEqual(
		interfaces.map(({ name }) => name),
		["vnet0"],
	);
});

const frames = fc.record({
	port: fc.nat({ max: 2 }),
	// The year 2554 is the last whole one that 64 bits of nanoseconds hold.
	seconds: fc.integer({ min: 0, max: 18_446_744_072 }),
	nanos: fc.integer({ min: 0, max: 999_999_999 }),
	bytes: fc.uint8Array({ maxLength: 600 }),
	start: fc.nat({ max: 20 }),
	more: fc.nat({ max: 9_000 }),
	flags: fc.constantFrom(flags.none, flags.in, flags.out, flags.outUnready),
});

const directions = new Map<number, string | null>([
	[flags.none, null],
	[flags.in, "in"],
	[flags.out, "out"],
	[flags.outUnready, "out"],
]);

test("what PcapngWriter writes is what a reader reads", () => {
	fc.assert(
		fc.property(fc.array(frames), (sent) => {
			const log = new PcapngWriter(origin);
			const ports = ["vnet0", "br0", "ens3"].map((name) =>
				log.addPort(portOf(name)),
			);
			const taken: Buffer[] = [];
			for (const [
				index,
				{ port, bytes, start, more, ...told },
			] of sent.entries()) {
				const begins = Math.min(start, bytes.length);
				const captured = bytes.length - begins;
				const length = captured + more;
				const rest = {
					bytes: Buffer.from(bytes),
					start: begins,
					captured,
					length,
				};
				log.addFrame(ports[port] as LogHandle, { ...told, ...rest });
				if (index % 3 === 2) {
					taken.push(log.takeBytes());
				}
			}
			const whole = Buffer.concat([...taken, log.takeBytes()]);
			const reading = readCapture(whole);
			assert.deepEqual(reading.complaints, []);
			assert.deepEqual(
				reading.frames,
				sent.map(({ port, bytes, start, more, flags, ...time }, index) => {
					const there = Buffer.from(bytes.subarray(start));
					return {
						interface: port,
						number: index + 1,
						time: formatTimeNs(time),
						bytes: there,
						length: there.length + more,
						direction: directions.get(flags),
						comment: null,
					};
				}),
			);
		}),
	);
});

test("PcapngWriter gives what no 64 bits hold the time 0", () => {
	const log = new PcapngWriter(origin);
	const vnet0 = log.addPort(portOf("vnet0"));
	for (const seconds of [-1, 18_446_744_074]) {
		log.addFrame(vnet0, frameOf(frame, { seconds, nanos: 5 }));
	}
	assert.deepEqual(
		readCapture(log.takeBytes()).frames.map(({ time }) => time),
		["0", "0"],
	);
});

test("PcapngWriter hands out memory that it does not use any more", () => {
	for (const count of [1, 100, 5_000, 20_000]) {
		const log = new PcapngWriter(origin);
		const vnet0 = log.addPort(portOf("vnet0"));
		const fill = (last: number) => {
			for (let index = 0; index < count; index++) {
				log.addFrame(vnet0, frameOf(Buffer.alloc(50, last), at(index)));
			}
			return log.size;
		};
		const size = fill(1);
		const first = log.takeBytes();
		assert.equal(first.length, size);
		assert.equal(log.size, 0);
		assert.equal(log.takeBytes().length, 0);
		const copy = Buffer.from(first);
		fill(2);
		const second = log.takeBytes();
		assert.ok(first.equals(copy));
		const { frames, complaints } = readCapture(Buffer.concat([first, second]));
		assert.equal(frames.length, 2 * count);
		assert.deepEqual(complaints, []);
	}
});

for (const length of [0, 1, 198_950, 199_000, 398_000, 1_000_000]) {
	test(`PcapngWriter writes a document of ${length} characters`, () => {
		for (const letter of ["x", "ö", "€", "😀", '"', "\u0000", "\ud800"]) {
			const log = new PcapngWriter(origin);
			const document = documentOf("host-sysctls", letter.repeat(length));
			log.addDocument(document, at(3));
			const reading = readCapture(log.takeBytes());
			assert.deepEqual(reading.complaints, []);
			assert.deepEqual(reading.documents, [
				{ source: 0, document, time: "1700000000000000003" },
			]);
		}
	});
}

test("a log tells the same in chunks of any size", () => {
	const { bytes, documents, ticks } = writeLog();
	const whole = readCapture(bytes);
	assert.deepEqual(whole.complaints, []);
	assert.deepEqual(
		whole.documents.map(({ document }) => document),
		documents,
	);
	assert.equal(whole.ticks.length, ticks);
	for (const chunkLength of [1, 3, 4, 28, 1000, 65_536, 199_000, 262_144]) {
		const reading = readCapture(bytes, { chunkLength });
		assert.deepEqual(reading.order, whole.order);
		assert.deepEqual(reading.span, whole.span);
	}
});

test("PcapngWriter begins no section before something stands in it", () => {
	const log = new PcapngWriter(origin);
	log.beginSection();
	assert.equal(log.size, 0);
	const vnet0 = log.addPort(portOf("vnet0"));
	log.addFrame(vnet0, frameOf(frame, at(1)));
	log.takeBytes();
	log.beginSection();
	log.beginSection();
	log.endPort(vnet0);
	assert.equal(log.takeBytes().length, 0);
	log.addTick({ until: at(2), dropsTotal: null, monotonic: at(0) });
	const { interfaces, ticks } = readCapture(log.takeBytes());
	assert.deepEqual(interfaces, []);
	assert.equal(ticks.length, 1);
});

test("PcapngWriter begins each file with the ports and documents of that time", () => {
	const log = new PcapngWriter(origin);
	const gone = log.addPort(portOf("vnet0"));
	const stays = log.addPort(portOf("br0"));
	const old = documentOf("host-links", "old");
	const current = documentOf("host-links", "x".repeat(300_000));
	const fdb = documentOf("host-fdb", "fdb");
	log.addDocument(old, at(1));
	log.addDocument(fdb, at(2));
	log.addDocument(current, at(3));
	log.addFrame(gone, frameOf(frame, at(4)));
	log.endPort(gone);
	const first = log.takeBytes();
	log.beginSection();
	log.addFrame(stays, frameOf(frame, at(5), flags.out));
	const late = log.addPort(portOf("vnet1"));
	log.addFrame(late, frameOf(frame, at(6)));
	log.addStatistics(stays, { at: at(7), received: 1, dropped: 0 });
	const second = log.takeBytes();

	const told = readCapture(second);
	assert.deepEqual(told.complaints, []);
	assert.deepEqual(
		told.interfaces.map(({ id, name }) => [id, name]),
		[
			[0, "br0"],
			[1, "vnet1"],
		],
	);
	assert.deepEqual(
		told.documents.map(({ document, time }) => [document, time]),
		[
			[current, "1700000000000000003"],
			[fdb, "1700000000000000002"],
		],
	);
	assert.deepEqual(
		told.frames.map(({ interface: id, time, direction }) => [
			id,
			time,
			direction,
		]),
		[
			[0, "1700000000000000005", "out"],
			[1, "1700000000000000006", null],
		],
	);
	assert.deepEqual(told.dropTimes, ["1700000000000000007"]);

	const both = readCapture(Buffer.concat([first, second]));
	assert.deepEqual(both.complaints, []);
	assert.deepEqual(
		both.interfaces.map(({ name }) => name),
		["vnet0", "br0", "br0", "vnet1"],
	);
	assert.equal(both.documents.length, 5);
});

test("PcapngWriter describes a port that has ended where a frame of it comes late", () => {
	const log = new PcapngWriter(origin);
	const vnet0 = log.addPort(portOf("vnet0"));
	log.endPort(vnet0);
	log.addFrame(vnet0, frameOf(frame, at(1)));
	log.takeBytes();
	log.beginSection();
	log.addPort(portOf("br0"));
	log.addFrame(vnet0, frameOf(frame, at(2)));
	log.addFrame(vnet0, frameOf(frame, at(3)));
	const { interfaces, frames } = readCapture(log.takeBytes());
	assert.deepEqual(
		interfaces.map(({ name }) => name),
		["br0", "vnet0"],
	);
	assert.deepEqual(
		frames.map(({ interface: id }) => id),
		[1, 1],
	);
});

test("PcapngWriter takes no handle of another kind of log", () => {
	const log = new PcapngWriter(origin);
	assert.throws(
		() => log.addFrame({ port: portOf("vnet0") }, frameOf(frame, at(1))),
		new TypeError("the handle is of another kind of log"),
	);
});
