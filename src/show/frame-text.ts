import type { CapturedFrame } from "../model/capture.js";
import type { Frame } from "../model/frame.js";
import type { Port } from "../model/port.js";
import { summarize } from "../trace/describe.js";
import type { Paint } from "./style.js";
import { formatTimeOfDay } from "./units.js";

/** A frame in words, before it is laid out. */
export interface FrameText {
	readonly time: string;
	/** `vnet0 in` */
	readonly place: string;
	readonly summary: string;
	/** Why decoding stopped; empty when it did not. */
	readonly remark: string;
	readonly paintRemark: (text: string) => string;
}

export function frameToText(
	captured: CapturedFrame,
	frame: Frame,
	port: Port | null,
	paint: Paint,
): FrameText {
	const direction = captured.direction ?? frame.direction ?? "";
	const vlans = frame.vlans.map(({ id }) => `vlan ${id} `).join("");
	const { problem } = frame;
	const time =
		captured.time === null ? "no time" : formatTimeOfDay(captured.time);
	return {
		time: paint("quiet", time),
		place: `${port?.name ?? "unnamed"} ${direction}`.trimEnd(),
		summary: `${vlans}${summarize(frame)}, ${captured.length} bytes`,
		remark: problem === null ? "" : `problem: ${problem}`,
		paintRemark: (text) => paint("bad", text),
	};
}
