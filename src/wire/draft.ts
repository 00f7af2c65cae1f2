import type { Frame } from "../model/frame.js";
import { makeSafe } from "../model/safe-text.js";
import type { ByteReader } from "./reader.js";

/** A value of the model that is still being decoded. */
export type Draft<T> = { -readonly [Field in keyof T]: T[Field] };

/**
 * A frame that is being decoded. A decoder puts its layer on the frame as soon as the
 * model allows, so that what was read stays when a later field turns out to be cut.
 */
export type FrameDraft = Draft<Frame>;

const noVlans: Frame["vlans"] = [];

/** A frame of which nothing is known yet. */
export function createFrameDraft(): FrameDraft {
	return {
		protocol: null,
		direction: null,
		interfaceIndex: null,
		ethernet: null,
		vlans: noVlans,
		arp: null,
		ipv4: null,
		udp: null,
		icmp: null,
		dhcp: null,
		bodyStart: 0,
		bodyEnd: 0,
		problem: null,
	};
}

/** Keeps what is wrong with a frame; the first problem stays, as others follow from it. */
export function noteProblem(frame: FrameDraft, problem: string): void {
	frame.problem ??= makeSafe(problem);
}

/** Says that the rest of what the reader may read is the body (see `Frame.bodyStart`). */
export function markBody(frame: FrameDraft, reader: ByteReader): void {
	frame.bodyStart = reader.position;
	frame.bodyEnd = reader.end;
}
