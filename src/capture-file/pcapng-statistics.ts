import { elapsedNs, type LogTime } from "../model/capture.js";
import { readCount, readU32 } from "./byte-order.js";
import { optionCode, readOptions } from "./pcapng-options.js";
import { microseconds, type TimeResolution, toLogTime } from "./pcapng-time.js";

/** What an Interface Statistics Block says. */
export interface StatisticsBlock {
	/** isb_ifdrop and isb_osdrop. */
	readonly dropped: number;
	/** The two halves of isb_endtime; null when it is not there. */
	readonly end: { readonly high: number; readonly low: number } | null;
	/** An option claims more bytes than the block has. */
	readonly isBad: boolean;
}

/** Reads what follows the interface and the time of the block, [start, end). */
export function parseStatisticsBlock(
	bytes: Buffer,
	start: number,
	end: number,
	isBigEndian: boolean,
): StatisticsBlock {
	let dropped = 0;
	let endTime: StatisticsBlock["end"] = null;
	const bad = readOptions(bytes, start, end, isBigEndian, (code, value) => {
		if (value.length < 8) {
			return;
		}
		if (
			code === optionCode.statisticsInterfaceDrop ||
			code === optionCode.statisticsOsDrop
		) {
			dropped += readCount(value, 0, isBigEndian);
		} else if (code === optionCode.statisticsEndTime) {
			const high = readU32(value, 0, isBigEndian);
			endTime = { high, low: readU32(value, 4, isBigEndian) };
		}
	});
	return { dropped, end: endTime, isBad: bad !== null };
}

/**
 * When a capture ended, which is not before its last record. dumpcap counts this in
 * microseconds, whatever its interfaces' resolution is.
 *
 * @param latest of the records; null when none has a time
 * @returns null when it is before that in either unit
 */
export function findCaptureEnd(
	{ end }: StatisticsBlock,
	resolution: TimeResolution,
	latest: LogTime | null,
): LogTime | null {
	if (end === null) {
		return null;
	}
	const times = [resolution, microseconds].map((unit) =>
		toLogTime(end.high, end.low, unit),
	);
	return times.find((time) => !latest || elapsedNs(latest, time) >= 0) ?? null;
}
