import type { Ipv4 } from "../model/address.js";
import { makeSafe } from "../model/safe-text.js";
import type { ListRow } from "./world.js";

/** A range of addresses as numbers, both ends belonging to it. */
interface Range {
	readonly first: number;
	readonly last: number;
}

const dotted = /^(\d{1,3}(?:\.\d{1,3}){0,3})(\.?)(?:\/(\d{1,2}))?$/;
const inText = /\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b/g;

/**
 * What `ip:` tests: an address (`192.168.100.57`), how one begins (`192.168.100.`), or a
 * network (`192.168.100.0/24`); of either end, or named in the frame's summary.
 */
export function compileAddress(
	value: string,
): ((row: ListRow) => boolean) | { readonly problem: string } {
	const range = parseRange(value);
	if (range === null) {
		return {
			problem: `ip: takes 192.168.100.57, 192.168.100. or 192.168.100.0/24, not ${makeSafe(value)}`,
		};
	}
	const isMeant = rememberAnswers((address) => isIn(address, range));
	return (row) =>
		addressesOf(row).some((address) => address !== null && isMeant(address)) ||
		(textOf(row).match(inText) ?? []).some(isMeant);
}

/** A log names few addresses often. */
function rememberAnswers(
	isMeant: (address: Ipv4) => boolean,
): (address: Ipv4) => boolean {
	const answers = new Map<Ipv4, boolean>();
	return (address) => {
		const known = answers.get(address);
		if (known !== undefined) {
			return known;
		}
		if (answers.size > 4096) {
			answers.clear();
		}
		const answer = isMeant(address);
		answers.set(address, answer);
		return answer;
	};
}

function textOf(row: ListRow): string {
	return row.kind === "journey" ? row.journey.summary : row.exchange.summary;
}

function addressesOf(row: ListRow): readonly (Ipv4 | null)[] {
	if (row.kind === "journey") {
		const { source, destination } = row.journey.addresses;
		return [source, destination];
	}
	const { server, lease } = row.exchange;
	return [server, lease?.address ?? null, ...(lease?.routers ?? [])];
}

function parseRange(text: string): Range | null {
	const [, digits, dot, length] = dotted.exec(text) ?? [];
	const parts = (digits ?? "").split(".").map(Number);
	const isWhole = parts.length === 4;
	const isWrong =
		digits === undefined ||
		parts.some((part) => part > 255) ||
		Number(length ?? 0) > 32 ||
		(isWhole ? dot !== "" : length !== undefined);
	if (isWrong) {
		return null;
	}
	const bits = isWhole ? Number(length ?? 32) : parts.length * 8;
	const address = [0, 1, 2, 3].reduce(
		(number, index) => number * 256 + (parts[index] ?? 0),
		0,
	);
	const size = 2 ** (32 - bits);
	const first = Math.floor(address / size) * size;
	return { first, last: first + size - 1 };
}

function isIn(address: Ipv4, { first, last }: Range): boolean {
	const number = address
		.split(".")
		.reduce((sum, part) => sum * 256 + Number(part), 0);
	return number >= first && number <= last;
}
