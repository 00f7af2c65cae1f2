import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { createCaptureReader } from "../../src/capture-file/reader.js";
import type { CaptureSink } from "../../src/capture-file/sink.js";
import type { CapturedFrame } from "../../src/model/capture.js";
import { decodeFrame } from "../../src/wire/frame.js";
import { isOfInterest } from "../../src/wire/interest.js";
import { isKnownLinkType } from "../../src/wire/link.js";
import {
	expectFrame,
	loadTruth,
	publicCaptures,
	type TruthPacket,
} from "./truth.js";

const truth = loadTruth();
const skip = truth === null && "the public captures are not here";

test("the public captures hold frames of every kind", { skip }, () => {
	const protocols = new Set(truth?.map((packet) => packet["frame.protocols"]));
	assert.ok((truth?.length ?? 0) > 300);
	assert.ok(protocols.size > 10);
});

for (const [file, packets] of byFile(truth ?? [])) {
	test(`decodeFrame() agrees with tshark on ${file}`, () => {
		const frames = readFrames(file);
		for (const packet of packets) {
			const captured = frames.get(packet.packet_no);
			assert.ok(captured, `packet ${packet.packet_no} was not read`);
			comparePacket(packet, captured);
		}
	});
}

function comparePacket(packet: TruthPacket, captured: CapturedFrame): void {
	const { bytes, length } = captured;
	const { linkType } = captured.interface;
	const frame = decodeFrame(bytes, length, linkType);
	if (!isKnownLinkType(linkType)) {
		assert.equal(frame.problem, `link type ${linkType} is not supported`);
		return;
	}
	expectFrame(packet, frame, captured);
	assert.ok(isOfInterest(bytes, 0, bytes.length, linkType));
	assert.ok(frame.problem === null || bytes.length < length);
}

function byFile(
	packets: readonly TruthPacket[],
): Map<string, readonly TruthPacket[]> {
	return new Map(
		packets.map(({ file }) => [
			file,
			packets.filter((packet) => packet.file === file),
		]),
	);
}

/** Reads the frames of a capture, by number. */
function readFrames(file: string): Map<number, CapturedFrame> {
	const frames = new Map<number, CapturedFrame>();
	const ignore = () => {};
	const sink: CaptureSink = {
		addInterface: ignore,
		addFrame: (frame) => {
			frames.set(frame.number, { ...frame, bytes: frame.bytes.slice() });
		},
		setDrops: ignore,
		setProgress: ignore,
		addDocument: ignore,
		addTick: ignore,
		addComment: ignore,
		addDamage: ignore,
	};
	let interfaces = 0;
	const reader = createCaptureReader(sink, {
		source: 0,
		interfaceName: null,
		keep: () => true,
		nextInterfaceId: () => interfaces++,
	});
	const raw = readFileSync(new URL(encodeURI(file), publicCaptures));
	reader.write(file.endsWith(".gz") ? gunzipSync(raw) : raw);
	reader.end();
	return frames;
}
