import {
	addNs,
	type CapturedFrame,
	elapsedNs,
} from "../../src/model/capture.js";
import { makeSafe, type SafeText } from "../../src/model/safe-text.js";
import { inOrder, mapTimes, portNameOf, type Recording } from "./recording.js";

export function portNames(recording: Recording): string[] {
	const names = recording.frames.map((frame) => portNameOf(recording, frame));
	return [...new Set(names)].filter((name) => name !== null);
}

export function* subsets(
	names: readonly string[],
): Generator<readonly string[]> {
	for (let mask = 1; mask < 2 ** names.length; mask += 1) {
		yield names.filter((_, index) => mask & (1 << index));
	}
}

/** A bridge's copy of what is not for it: not there if its capture is not promiscuous. */
export function isForwarded({
	bytes,
	interface: { name, linkType },
}: CapturedFrame) {
	const otherHost = 3;
	const isBroadcast = ((bytes[0] ?? 0) & 1) === 1;
	const isHost = bytes[0] === 0 || bytes[6] === 0;
	return linkType === 276
		? bytes[10] === otherHost
		: /br0$/.test(name ?? "") && !isBroadcast && !isHost;
}

export function shiftClock(
	recording: Recording,
	source: number,
	ns: number,
): Recording {
	const shifted = mapTimes(recording, (time, frame) =>
		frame.interface.source === source ? addNs(time, ns) : time,
	);
	return inOrder(shifted);
}

export function cutAt(
	recording: Recording,
	name: string,
	length: number,
	isTold: boolean,
): Recording {
	const interfaces = recording.interfaces.map((description) =>
		isTold && description.name === name
			? { ...description, snapLength: length }
			: description,
	);
	const frames = recording.frames.map((frame) =>
		portNameOf(recording, frame) === name
			? {
					...frame,
					bytes: frame.bytes.subarray(0, length),
					interface: interfaces[frame.interface.id] ?? frame.interface,
				}
			: frame,
	);
	return { ...recording, interfaces, frames };
}

/** Delays each frame's arrival, not its time, by up to 90 ms. */
export function shuffle(recording: Recording, seed: number): Recording {
	let state = seed;
	const random = () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 32;
	};
	const late = inOrder(recording).frames.map((frame) => ({
		frame,
		arrival: frame.time && addNs(frame.time, random() * 90e6),
	}));
	late.sort((a, b) =>
		a.arrival && b.arrival ? elapsedNs(b.arrival, a.arrival) : 0,
	);
	return { ...recording, frames: late.map(({ frame }) => frame) };
}

/** Taps get the first names, bridges the third, uplinks the last. */
export function renaming(
	names: readonly string[],
	[first = "", second = "", bridge = "", uplink = ""]: readonly string[],
): Map<string, string> {
	const taken = new Map<string, number>();
	const unique = (name: string) => {
		const count = (taken.get(name) ?? 0) + 1;
		taken.set(name, count);
		return count === 1 ? name : `${name}${count}`;
	};
	const rename = (name: string) => {
		if (name.startsWith("vnet")) {
			return taken.has(first) ? second : first;
		}
		return name.startsWith("ens") ? uplink : bridge;
	};
	return new Map(names.map((name) => [name, unique(rename(name))]));
}

export function rename(
	recording: Recording,
	names: ReadonlyMap<string, string>,
): Recording {
	const change = (name: SafeText) => makeSafe(names.get(name) ?? name);
	const interfaces = recording.interfaces.map((description) => ({
		...description,
		name: description.name && change(description.name),
	}));
	const frames = recording.frames.map((frame) => ({
		...frame,
		interface: interfaces[frame.interface.id] ?? frame.interface,
	}));
	const indexNames = new Map(
		[...recording.indexNames].map(([index, name]) => [index, change(name)]),
	);
	return { ...recording, interfaces, frames, indexNames };
}

/** Gives cards other MAC addresses, wherever these stand in a frame. */
export function replaceMacs(
	recording: Recording,
	macs: ReadonlyMap<string, string>,
): Recording {
	const pairs = [...macs].map(([from, to]) => [toBytes(from), toBytes(to)]);
	const frames = recording.frames.map((frame) => {
		const bytes = Buffer.from(frame.bytes);
		for (const [from, to] of pairs) {
			let at = from ? bytes.indexOf(from) : -1;
			while (from && to && at >= 0) {
				bytes.set(to, at);
				at = bytes.indexOf(from, at + to.length);
			}
		}
		return { ...frame, bytes };
	});
	const hostMacs = new Map(
		Array.from(recording.hostMacs, ([name, mac]) => [
			name,
			macs.get(mac) ?? mac,
		]),
	);
	return { ...recording, frames, hostMacs };
}

function toBytes(mac: string): Buffer {
	return Buffer.from(mac.replaceAll(":", ""), "hex");
}
