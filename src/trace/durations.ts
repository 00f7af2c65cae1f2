/** A stretch of time as reasons give it: `0.250 ms`, `131 ms`, `12.3 s`. */
export function formatMs(ns: number): string {
	return ns < 1e10
		? `${(ns / 1e6).toFixed(ns < 1e7 ? 3 : 0)} ms`
		: `${(ns / 1e9).toFixed(1)} s`;
}

/** A time of the log as seen from a frame: `131 ms before`, `0.250 ms after`. */
export function formatOffset(ns: number): string {
	return ns < 0 ? `${formatMs(-ns)} before` : `${formatMs(ns)} after`;
}

/** `1 frame`, `12 frames` */
export function formatFrames(count: number): string {
	return `${count} ${count === 1 ? "frame" : "frames"}`;
}
