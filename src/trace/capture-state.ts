import type { LogTime } from "../model/capture.js";
import type { HostDocument, Json } from "../model/host-document.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import { dropOldest } from "./drop-oldest.js";

/** A time over which a port was captured. */
export interface CaptureWindow {
	/** What tells it from other windows of the port. */
	readonly key: string;
	readonly since: LogTime;
	/** Null: it goes on. */
	readonly until: LogTime | null;
	readonly isPromiscuous: boolean;
}

/** A `capture` document, read and made safe. */
export interface CaptureReport {
	readonly countsDrops: boolean;
	/** pcap-filter expression on top of the built-in one; null: none. */
	readonly filter: SafeText | null;
	/** By the names of the ports; the oldest first. */
	readonly windows: ReadonlyMap<SafeText, readonly CaptureWindow[]>;
}

/** More ports, or windows of one, than these are not kept: the newest are. */
const portLimit = 4096;
const windowLimit = 64;

/** Reads what is captured and since when; null when that is not what the document says. */
export function parseCaptureState(
	document: HostDocument,
): CaptureReport | null {
	const state = document.statements[0]?.output ?? null;
	if (!isObject(state) || !Array.isArray(state.interfaces)) {
		return null;
	}
	const windows = new Map<SafeText, CaptureWindow[]>();
	for (const item of state.interfaces as readonly Json[]) {
		const window = parseWindow(item);
		if (window !== null) {
			addWindow(windows, makeSafe(window.name), window);
		}
	}
	const { filter, countsDrops } = state;
	return {
		countsDrops: countsDrops === true,
		filter: typeof filter === "string" ? makeSafe(filter) : null,
		windows,
	};
}

/** What captures: `packet`, `cap`; null when the document does not say. */
export function parseEngine({ statements }: HostDocument): SafeText | null {
	const state = statements[0]?.output ?? null;
	return isObject(state) && typeof state.engine === "string"
		? makeSafe(state.engine)
		: null;
}

function addWindow(
	windows: Map<SafeText, CaptureWindow[]>,
	name: SafeText,
	window: CaptureWindow,
): void {
	const others = windows.get(name) ?? [];
	windows.delete(name);
	windows.set(name, [...others, window].slice(-windowLimit));
	dropOldest(windows, portLimit);
}

function parseWindow(item: Json): (CaptureWindow & { name: string }) | null {
	if (!isObject(item) || typeof item.name !== "string") {
		return null;
	}
	const { name, index, sinceNs, untilNs, isPromiscuous } = item;
	const since = parseNs(sinceNs);
	const until = parseNs(untilNs);
	if (since === null || (untilNs !== null && until === null)) {
		return null;
	}
	return {
		name,
		key: `${name} ${String(index)} ${String(sinceNs)}`,
		since,
		until,
		isPromiscuous: isPromiscuous === true,
	};
}

/** Decimal nanoseconds since the epoch. */
function parseNs(text: Json | undefined): LogTime | null {
	if (typeof text !== "string" || !/^\d{1,20}$/.test(text)) {
		return null;
	}
	return {
		seconds: Number(text.slice(0, -9)),
		nanos: Number(text.slice(-9)),
	};
}

function isObject(
	value: Json | undefined,
): value is { readonly [key: string]: Json } {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
