import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { linkType } from "../../src/model/capture.js";
import { RecentFrames } from "../../src/trace/recent-frames.js";
import { decodeFrame } from "../../src/wire/frame.js";
import { arpRequest, echoRequest, healthyFrames } from "../wire/packets.js";

const { ethernet } = linkType;

describe("RecentFrames", () => {
	test("decode() gives what decodeFrame() gives, however often it is asked", () => {
		const recent = new RecentFrames();
		for (const bytes of [...healthyFrames, ...healthyFrames]) {
			for (let port = 0; port < 3; port += 1) {
				const { frame } = recent.decode(bytes, bytes.length, ethernet);
				assert.deepEqual(frame, decodeFrame(bytes, bytes.length, ethernet));
			}
		}
	});

	test("decode() knows the same bytes again, in other memory and between others", () => {
		const recent = new RecentFrames();
		const first = recent.decode(echoRequest, echoRequest.length, ethernet);
		recent.decode(arpRequest, arpRequest.length, ethernet);
		const copy = Uint8Array.from(echoRequest);
		assert.equal(recent.decode(copy, copy.length, ethernet), first);
	});

	test("decode() tells frames apart by each byte, their length and their link type", () => {
		const recent = new RecentFrames();
		const { length } = echoRequest;
		for (let at = 0; at < length; at += 1) {
			const first = recent.decode(echoRequest, length, ethernet);
			const other = Uint8Array.from(echoRequest);
			other[at] = (other[at] ?? 0) ^ 1;
			assert.notEqual(recent.decode(other, length, ethernet), first);
		}
		const first = recent.decode(echoRequest, length, ethernet);
		assert.notEqual(recent.decode(echoRequest, length + 1, ethernet), first);
		assert.notEqual(recent.decode(echoRequest, length, linkType.raw), first);
		const short = echoRequest.subarray(0, -1);
		assert.notEqual(recent.decode(short, length, ethernet), first);
	});

	test("decode() keeps what it gave when the memory of the bytes is used anew", () => {
		const recent = new RecentFrames();
		const bytes = Uint8Array.from(echoRequest);
		const { length } = bytes;
		const first = recent.decode(bytes, length, ethernet);
		bytes.fill(0);
		recent.decode(bytes, length, ethernet);
		assert.equal(recent.decode(echoRequest, length, ethernet), first);
	});

	test("decode() decodes a frame that is too long to be kept", () => {
		const recent = new RecentFrames();
		const long = new Uint8Array(4096);
		long.set(echoRequest);
		const { frame } = recent.decode(long, long.length, ethernet);
		assert.deepEqual(frame, decodeFrame(long, long.length, ethernet));
	});
});
