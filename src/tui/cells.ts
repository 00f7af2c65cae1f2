import { cut, cutMiddle, widthOf } from "../show/cell-width.js";

/** As IEEE 802 addresses are written; it is a VM's name where nobody gave it one. */
const macAddress = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i;
/** Last octets of a MAC address, those that a vendor counts on by. */
const ownOctets = 3;
/** Cells of an octet and the colon, or the mark of the cut, beside it. */
const octetColumns = 3;

const groups = new Intl.NumberFormat("en-US");

/** Fills a text up to so many cells. */
export function pad(text: string, columns: number): string {
	return text + " ".repeat(Math.max(0, columns - widthOf(text)));
}

/** Exactly so many cells. */
export function fit(text: string, columns: number): string {
	return pad(cut(text, columns), columns);
}

/**
 * A VM's name, cut so that those of several VMs still differ. The first octets of MAC
 * addresses are alike: the last three have room first, `52:…cd:76:3a`. Of other names both
 * ends stay: some count at the end, and of UUIDs either tells.
 */
export function cutName(name: string, columns: number): string {
	const room = Math.floor(columns / octetColumns);
	if (room < 1 || name.length <= columns || !macAddress.test(name)) {
		return cutMiddle(name, columns);
	}
	const octets = name.split(":");
	const last = Math.min(ownOctets, room);
	const first = octets.slice(0, room - last).map((octet) => `${octet}:`);
	return `${first.join("")}…${octets.slice(-last).join(":")}`;
}

/** The parts, from the first on, that have room together. */
export function takeFitting(
	parts: readonly string[],
	separator: string,
	columns: number,
): string {
	let line = "";
	for (const part of parts) {
		const longer = line === "" ? part : line + separator + part;
		if (widthOf(longer) > columns) {
			break;
		}
		line = longer;
	}
	return line;
}

/** A count in at most five cells: `999`, `12.3k`, `4.56M`. */
export function formatCompact(count: number): string {
	if (count < 10_000) {
		return String(count);
	}
	for (const [size, unit] of [
		[1e3, "k"],
		[1e6, "M"],
		[1e9, "G"],
	] as const) {
		const value = count / size;
		if (value < 999.5) {
			return `${Number(value.toPrecision(3))}${unit}`;
		}
	}
	return `${Math.round(count / 1e12)}T`;
}

/** A count in full: `4,561`. */
export function formatGrouped(count: number): string {
	return groups.format(count);
}

/** A count in at most four cells: `999`, `1.2k`, `12k`, `1.2M`. */
export function formatTiny(count: number): string {
	for (const [size, unit] of [
		[1, ""],
		[1e3, "k"],
		[1e6, "M"],
		[1e9, "G"],
	] as const) {
		const value = count / size;
		if (value < 9.95 && size > 1) {
			return `${Number(value.toFixed(1))}${unit}`;
		}
		if (value < 999.5) {
			return `${Math.round(value)}${unit}`;
		}
	}
	return `${Math.round(count / 1e12)}T`;
}

/** The rows of a window, from the top on; filled up with empty ones. */
export function takeRows(
	rows: readonly string[],
	top: number,
	height: number,
): string[] {
	const some = rows.slice(top, top + height);
	return [
		...some,
		...Array<string>(Math.max(0, height - some.length)).fill(""),
	];
}

/** How far something of so many rows can be scrolled. */
export function clampScroll(
	scroll: number,
	rows: number,
	height: number,
): number {
	return Math.max(0, Math.min(scroll, rows - height));
}
