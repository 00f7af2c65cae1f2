import { cut, cutMiddle, widthOf } from "../show/cell-width.js";
import { cutName, formatCompact, formatTiny } from "./cells.js";
import type { Loss, PathPicture, PathPort, PortState } from "./world.js";

/** Something on the path: the VM, a port, the gateway; or where a band goes on. */
export interface PathStop {
	readonly kind: "vm" | "port" | "gateway" | "further";
	/** As far as there is room for it. */
	readonly name: string;
	/** Null for what is no port. */
	readonly port: PathPort | null;
	/** `✗2→`, `NAT`: what stands on the way to the next one. */
	readonly mark: string;
	/** What stands below a port instead of how it is; empty: nothing. */
	readonly below?: string;
	/** Cells from its first to the next one's first. */
	readonly width: number;
}

/** The path in columns; one that is too long goes on in further bands. */
export type Bands = readonly (readonly PathStop[])[];

/** Names of interfaces have at most 15 characters; others are cut anyway. */
const nameLimits = [24, 15, 12, 10, 8] as const;
const bandNameLimit = 15;
/** Room for a count, and for a time like `31.2µs`. */
const narrowest = 8;
/** Room for `ICMP` and `frame`, which stand below the VM. */
const labelColumns = 8;
export const marginColumns = 1;

/** Puts the path into as few bands as hold it, names cut in the middle before that. */
export function layOutColumns(
	picture: PathPicture,
	columns: number,
	routedWord: string,
): Bands {
	const room = columns - marginColumns;
	for (const limit of nameLimits) {
		for (const hasAddresses of [true, false]) {
			const stops = listStops(picture, { limit, hasAddresses, routedWord });
			if (totalOf(stops) <= room) {
				return [widen(stops, room, columns)];
			}
		}
	}
	const stops = listStops(picture, {
		limit: bandNameLimit,
		hasAddresses: false,
		routedWord,
		isBanded: true,
	});
	return breakInto(stops, room).map((band) => widen(band, room, columns));
}

function totalOf(stops: readonly PathStop[]): number {
	return stops.reduce((sum, { width }) => sum + width, 0);
}

interface StopStyle {
	readonly limit: number;
	/** Addresses of ports stand behind their names; else below them. */
	readonly hasAddresses: boolean;
	readonly routedWord: string;
	readonly isBanded?: boolean;
}

function listStops(
	picture: PathPicture,
	{ limit, hasAddresses, routedWord, isBanded = false }: StopStyle,
): PathStop[] {
	const vm = cutName(picture.vm, limit < 15 || isBanded ? 12 : 20);
	const ports = picture.ports.map((port): PathStop => {
		const { party } = port;
		const short = cutMiddle(port.name, limit);
		const isBehind = party !== undefined && hasAddresses;
		const name = isBehind ? `${short} (${party.address})` : short;
		const below = party === undefined || isBehind ? "" : party.address;
		const mark = [
			...(port.name === picture.routedAfter ? [routedWord] : []),
			...lossMarks(port),
		].join(" ");
		const needed = widthOf(name) + (mark ? widthOf(mark) + 2 : 1);
		const state = isBadState(port.state) ? port.state.length + 1 : 0;
		const counts = isBanded ? widthOf(formatCounts(port)) + 1 : 0;
		const under = below === "" ? 0 : widthOf(below) + 1;
		const width = Math.max(narrowest, needed, state, counts, under);
		return { kind: "port", name, port, mark, width, below };
	});
	const end = cut(picture.gateway?.address ?? nameUnknown(picture), 40);
	const under = widthOf(describeEnd(picture));
	return [
		stop("vm", vm, Math.max(labelColumns, widthOf(vm) + 2)),
		...ports,
		stop(
			"gateway",
			end,
			Math.max(widthOf(end), Math.min(under, limit > 10 ? 24 : 16)),
		),
	];
}

/** What stands at the end where nobody knows what is there. */
function nameUnknown(picture: PathPicture): string {
	return hasOwnGateway(picture) ? "beyond" : "?";
}

/** What stands below the end of a path. */
export function describeEnd(picture: PathPicture): string {
	const { gateway } = picture;
	return gateway?.is ?? (hasOwnGateway(picture) ? "" : "gateway unknown");
}

function hasOwnGateway({ ports, routedAfter }: PathPicture): boolean {
	return routedAfter !== null || ports.some(({ party }) => party !== undefined);
}

function stop(
	kind: "vm" | "gateway" | "further",
	name: string,
	width: number,
): PathStop {
	return { kind, name, port: null, mark: "", width };
}

/** DHCP, ARP and ICMP in one cell: `4/12/1.2M`. */
export function formatCounts({ counts }: PathPort): string {
	return [counts.dhcp, counts.arp, counts.icmp].map(formatTiny).join("/");
}

/** Whether nothing passes a port in this state. */
export function isBadState(state: PortState | null): state is PortState {
	return state !== null && state !== "up";
}

/**
 * `✗2→`: lost outwards; `←✗2`: lost on the way to the VM; `(←✗2)`: later ones went well;
 * `?2→`: nobody can tell.
 */
function lossMarks(port: PathPort): string[] {
	const { lostToNext, lostFromNext } = port;
	const enclose = (way: Loss["way"], mark: string) =>
		isOverFor(port, way) ? `(${mark})` : mark;
	const { unsureToNext = 0, unsureFromNext = 0 } = port;
	return [
		...(lostFromNext > 0
			? [enclose("inwards", `←✗${formatCompact(lostFromNext)}`)]
			: []),
		...(lostToNext > 0
			? [enclose("outwards", `✗${formatCompact(lostToNext)}→`)]
			: []),
		...(unsureFromNext > 0 ? [`←?${formatCompact(unsureFromNext)}`] : []),
		...(unsureToNext > 0 ? [`?${formatCompact(unsureToNext)}→`] : []),
	];
}

function isOverFor({ losses }: PathPort, way: Loss["way"]): boolean {
	const own = losses.filter((loss) => loss.way === way);
	return own.length > 0 && own.every(({ isOver }) => isOver);
}

/** Gives room that is left to the ways between. */
function widen(
	stops: readonly PathStop[],
	room: number,
	columns: number,
): PathStop[] {
	const ways = stops.filter(({ kind }) => kind !== "gateway").length;
	const most = columns >= 160 ? 14 : columns >= 120 ? 9 : 7;
	const spare = Math.max(0, room - totalOf(stops));
	const more = Math.min(most, Math.floor(spare / Math.max(1, ways)));
	return stops.map((one) =>
		one.kind === "gateway" ? one : { ...one, width: one.width + more },
	);
}

/** Every band begins with the labels' column. */
function breakInto(stops: readonly PathStop[], room: number): PathStop[][] {
	const bands: PathStop[][] = [];
	let band: PathStop[] = [];
	for (const one of stops) {
		const isFull =
			band.length > 1 && totalOf(band) + Math.min(one.width, room) > room;
		if (isFull) {
			bands.push(band);
			band = [stop("further", "└─", labelColumns)];
		}
		band.push(one);
	}
	return [...bands, band];
}
