import type { LogTime } from "../model/capture.js";

/** How an interface of a pcapng section counts time: if_tsresol and if_tsoffset. */
export interface TimeResolution {
	/** Units a second: a power of 10 or of 2. */
	readonly unitsPerSecond: number;
	/** The same, exact, for resolutions too fine for a number. */
	readonly exactUnitsPerSecond: bigint;
	/** Added to every time, in seconds; may be negative. */
	readonly offsetSeconds: number;
}

export const microseconds = timeResolution(6, 0);

/** Above this, remainders times 256 leave the range of exact integers. */
const plainLimit = 2 ** 45;

/**
 * @param tsresol the byte of if_tsresol: a negative power of 10, or of 2 when the top
 * bit is set
 */
export function timeResolution(
	tsresol: number,
	offsetSeconds: number,
): TimeResolution {
	const base = (tsresol & 0x80) === 0 ? 10n : 2n;
	const exactUnitsPerSecond = base ** BigInt(tsresol & 0x7f);
	return {
		unitsPerSecond: Number(exactUnitsPerSecond),
		exactUnitsPerSecond,
		offsetSeconds,
	};
}

/**
 * Turns the two halves of a 64-bit time stamp into a time, exactly; what is finer than a
 * nanosecond is cut. Long division by bytes, so that the usual resolutions need no
 * bigint.
 */
export function toLogTime(
	high: number,
	low: number,
	resolution: TimeResolution,
): LogTime {
	const { unitsPerSecond, offsetSeconds } = resolution;
	if (unitsPerSecond > plainLimit) {
		return toLogTimeExactly(high, low, resolution);
	}
	let seconds = Math.floor(high / unitsPerSecond);
	let rest = high - seconds * unitsPerSecond;
	for (let shift = 24; shift >= 0; shift -= 8) {
		const dividend = rest * 256 + ((low >>> shift) & 0xff);
		const quotient = Math.floor(dividend / unitsPerSecond);
		seconds = seconds * 256 + quotient;
		rest = dividend - quotient * unitsPerSecond;
	}
	return { seconds: seconds + offsetSeconds, nanos: toNanos(rest, resolution) };
}

function toNanos(units: number, resolution: TimeResolution): number {
	const { unitsPerSecond } = resolution;
	if (unitsPerSecond === 1e9) {
		return units;
	}
	if (unitsPerSecond <= 1e6) {
		return Math.floor((units * 1e9) / unitsPerSecond);
	}
	return Number(
		(BigInt(units) * 1_000_000_000n) / resolution.exactUnitsPerSecond,
	);
}

function toLogTimeExactly(
	high: number,
	low: number,
	{ exactUnitsPerSecond, offsetSeconds }: TimeResolution,
): LogTime {
	const units = (BigInt(high) << 32n) | BigInt(low);
	const rest = units % exactUnitsPerSecond;
	return {
		seconds: Number(units / exactUnitsPerSecond) + offsetSeconds,
		nanos: Number((rest * 1_000_000_000n) / exactUnitsPerSecond),
	};
}

/**
 * Writes a time as nanoseconds in two little-endian halves, the upper one first, exactly
 * and without a bigint. What 64 bits cannot hold (before 1970, after 2554) becomes 1970.
 */
export function writeTimeNs(
	view: DataView,
	at: number,
	seconds: number,
	nanos: number,
): void {
	const upperSeconds = Math.floor(seconds / 0x1_0000);
	const upper = upperSeconds * 1e9;
	const high = Math.floor(upper / 0x1_0000);
	const lower =
		(upper - high * 0x1_0000) * 0x1_0000 +
		(seconds - upperSeconds * 0x1_0000) * 1e9 +
		nanos;
	const carry = Math.floor(lower / 0x1_0000_0000);
	const isHeld = seconds >= 0 && high + carry <= 0xffff_ffff;
	view.setUint32(at, isHeld ? high + carry : 0, true);
	view.setUint32(at + 4, isHeld ? lower - carry * 0x1_0000_0000 : 0, true);
}
