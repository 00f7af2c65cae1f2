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
 * When the counters were read. dumpcap counts this in microseconds, whatever its
 * interfaces' resolution is: of the two readings the one near the records is meant.
 *
 * @param latest of the records; null when none has a time
 * @param isLive counters stand among the records, and not behind the last
 * @returns null when it is not told, or is before the records where it should not be
 */
export function findCounterTime(
	{ end }: StatisticsBlock,
	resolution: TimeResolution,
	latest: LogTime | null,
	isLive: boolean,
): LogTime | null {
	if (end === null) {
		return null;
	}
	const time = toLogTime(end.high, end.low, resolution);
	if (latest === null) {
		return time;
	}
	const other = toLogTime(end.high, end.low, microseconds);
	const isOther =
		Math.abs(elapsedNs(latest, other)) < Math.abs(elapsedNs(latest, time));
	const near = isOther ? other : time;
	return isLive || elapsedNs(latest, near) >= 0 ? near : null;
}
