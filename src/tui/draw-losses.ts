import { certaintyMarks, nameCauses } from "../show/cause-lines.js";
import { cut } from "../show/cell-width.js";
import { exchangeMarks, exchangeToText } from "../show/exchange-text.js";
import { formatCount } from "../show/units.js";
import type { Look } from "./look.js";
import type { PathPicture, Trouble, World } from "./world.js";

/**
 * What stands below the path: where frames are lost, and why; else what went wrong with
 * the VM beyond it.
 *
 * @param isLong whether evidence and what mends it are told as well
 */
export function drawLosses(
	world: World,
	columns: number,
	isLong: boolean,
	look: Look,
): string[] {
	const { path } = world;
	if (path === null) {
		return [];
	}
	const losses = listLosses(path, isLong, look);
	const lines =
		losses.length > 0 ? losses : tellTrouble(world, path, isLong, look);
	const told =
		lines.length > 0 ? lines : [look.paint("quiet", sayNothing(path))];
	const [first = "", ...rest] = told;
	const note = path.isInferred
		? look.paint("quiet", " (path put together from what passed)")
		: "";
	return [first + note, ...rest].map((line) => cut(`  ${line}`, columns));
}

/** What was not seen cannot be said to have arrived. */
function sayNothing({ ports }: PathPicture): string {
	const isSeen = ports.some(({ counts }) =>
		Object.values(counts).some((count) => count > 0),
	);
	return isSeen
		? "nothing is known to be lost on this path"
		: "nothing was seen on this path";
}

function listLosses(
	{ ports, gateway }: PathPicture,
	isLong: boolean,
	look: Look,
): string[] {
	return ports.flatMap((port, index) => {
		const { lostToNext, lostFromNext, causes } = port;
		const lost =
			lostToNext === 0
				? `${lostFromNext} lost inwards`
				: lostFromNext === 0
					? `${lostToNext} lost outwards`
					: `${lostToNext} lost outwards and ${lostFromNext} inwards`;
		if (lostToNext + lostFromNext === 0) {
			return [];
		}
		const next = ports[index + 1]?.name ?? gateway?.address ?? "what follows";
		const named = causes.length === 0 ? "" : `: ${nameCauses(causes)}`;
		const [from, to] = lostToNext > 0 ? [port.name, next] : [next, port.name];
		const head = `✗ ${lost} between ${from} and ${to}${named}`;
		return [look.paint("bad", head), ...(isLong ? tellWhy(causes, look) : [])];
	});
}

function tellWhy(causes: Trouble["exchange"]["causes"], look: Look): string[] {
	const [first] = causes;
	if (first === undefined) {
		return [];
	}
	const { mark, tone } = certaintyMarks[first.certainty];
	const [evidence = ""] = first.evidence;
	return [
		`${look.paint(tone, mark)} ${evidence}`,
		`${look.paint("strong", "fix:")} ${first.fix}`,
	].map((line) => `  ${line}`);
}

/** Nothing was lost on the path, and still the VM has no success. */
function tellTrouble(
	{ vms, troubles }: World,
	{ vm, mac }: PathPicture,
	isLong: boolean,
	look: Look,
): string[] {
	const state = vms.find(({ name }) => name === vm);
	if (state?.outcome === undefined || state.outcome === null) {
		return [];
	}
	const trouble = troubles.find(
		({ exchange }) =>
			exchange.vm === vm || (mac !== null && exchange.mac === mac),
	);
	if (state.outcome === "delivered" || trouble === undefined) {
		return [];
	}
	const { exchange, count } = trouble;
	const { mark, tone } = exchangeMarks[exchange.outcome];
	const { path } = exchangeToText(exchange, (_tone, text) => text);
	const times = count > 1 ? ` (${formatCount(count, "time")})` : "";
	const named =
		exchange.causes.length === 0 ? "" : `: ${nameCauses(exchange.causes)}`;
	const head = `${mark} ${exchange.protocol.toUpperCase()} ${path.join(" ")}${times}${named}`;
	return [
		look.paint(tone, head),
		...(isLong ? tellWhy(exchange.causes, look) : []),
	];
}
