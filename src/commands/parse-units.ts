const secondsOf: Readonly<Record<string, number>> = {
	ms: 0.001,
	s: 1,
	m: 60,
	h: 3600,
	d: 86_400,
};

const bytesOf: Readonly<Record<string, number>> = {
	"": 1,
	k: 1024,
	m: 1024 ** 2,
	g: 1024 ** 3,
};

/** A longer time than this is not believed: timers take no more, in milliseconds. */
const longestMs = 2 ** 31 - 1;

/**
 * A span of time as people write it: `30s`, `5m`, `1.5h`, `250ms`; a bare number is in
 * seconds.
 *
 * @returns milliseconds; null when it is none, or none that can be waited for
 */
export function parseDuration(text: string): number | null {
	const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?$/i.exec(text.trim());
	const unit = (match?.[2] ?? "s").toLowerCase();
	const ms = Number(match?.[1]) * (secondsOf[unit] ?? Number.NaN) * 1000;
	return ms > 0 && ms <= longestMs ? ms : null;
}

/**
 * A size as people write it: `100M`, `64k`, `1G`, `1.5GiB`, in powers of 1024; a bare
 * number is in bytes.
 *
 * @returns bytes, whole; null when it is none
 */
export function parseSize(text: string): number | null {
	const match = /^(\d+(?:\.\d+)?)\s*([kmg]?)(?:i?b)?$/i.exec(text.trim());
	const unit = (match?.[2] ?? "").toLowerCase();
	const bytes = Math.round(Number(match?.[1]) * (bytesOf[unit] ?? Number.NaN));
	return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : null;
}
