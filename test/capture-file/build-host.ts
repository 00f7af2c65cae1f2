import {
	enhancedPacket,
	interfaceBlock,
	join,
	option,
	type Part,
	raw,
	section,
} from "./build.js";

/** A time of the log, in nanoseconds: 1,700,000,000 seconds after the epoch. */
export const logTimeNs = 1_700_000_000_000_000_000n;

/** The text of a frame of the pseudo-interface, as Ethernet has it. */
export function hostBytes(text: string | Uint8Array): Buffer {
	return Buffer.concat([
		Buffer.alloc(12),
		Buffer.from("88b5", "hex"),
		Buffer.from(text as string),
	]);
}

/** A packet of the pseudo-interface, which is the first of its section. */
export function hostPacket(
	text: string | Uint8Array,
	time = logTimeNs,
	interfaceId = 0,
): Part {
	return enhancedPacket(hostBytes(text), { interfaceId, time });
}

/** The header line of a part, and its slice. */
export function partText(
	type: string,
	id: number,
	[part, parts]: readonly [part: number, parts: number],
	slice: string,
): string {
	return `${JSON.stringify({ type, id, part, parts })}\n${slice}`;
}

/** The line of a tick. */
export function tickText(untilNs: bigint, dropsTotal: number | null): string {
	return `{"type":"tick","untilNs":"${untilNs}","dropsTotal":${dropsTotal},"monotonicNs":"5000000007"}`;
}

/** The section header of a log, and the block of its pseudo-interface. */
export function logStart(application = "vmpath 0.1.0"): Part {
	return join(
		section(option(4, raw(application))),
		interfaceBlock({ name: "vmpath:host", tsresol: 9 }),
	);
}
