import { widthOf } from "../show/cell-width.js";
import { formatCount } from "../show/units.js";
import type { Look } from "./look.js";

/** More bytes than these are not shown of a frame. */
const byteLimit = 2048;

/** Offset and the gaps around the two parts. */
const extra = 3 + 6 + 2;

/**
 * Bytes in hexadecimal and in ASCII, as `hexdump -C` has them: lines that are equal to
 * the one before are counted. What belongs to the body (a frame's `bodyStart` and
 * `bodyEnd`) stands out.
 *
 * @param body first byte of it and the first one behind it
 */
export function dumpBytes(
	bytes: Uint8Array,
	body: readonly [start: number, end: number],
	columns: number,
	look: Look,
): string[] {
	const perLine = [32, 16, 8].find((n) => extra + widthFor(n) <= columns) ?? 4;
	const shown = bytes.subarray(0, byteLimit);
	const lines: string[] = [];
	let before: string | null = null;
	let same = 0;
	const tellSame = () => {
		if (same > 0) {
			lines.push(
				look.paint(
					"quiet",
					`   *     ${formatCount(same, "more line")} of the same`,
				),
			);
		}
		same = 0;
	};
	for (let at = 0; at < shown.length; at += perLine) {
		const line = shown.subarray(at, at + perLine);
		const text = line.join();
		if (text === before) {
			same += 1;
			continue;
		}
		tellSame();
		before = text;
		lines.push(dumpLine(line, at, perLine, body, look));
	}
	tellSame();
	const left = bytes.length - shown.length;
	const more = look.paint("quiet", `   … ${formatCount(left, "more byte")}`);
	return left > 0 ? [...lines, more] : lines;
}

/** Cells of so many bytes: three each, a gap every eight of them, and the characters. */
function widthFor(count: number): number {
	return count * 4 + Math.ceil(count / 8);
}

function dumpLine(
	bytes: Uint8Array,
	offset: number,
	perLine: number,
	[start, end]: readonly [number, number],
	{ paint }: Look,
): string {
	const isBody = (at: number) => offset + at >= start && offset + at < end;
	const pieces = [...bytes].map((byte, at) => {
		const hex = byte.toString(16).padStart(2, "0");
		const gap = at % 8 === 7 ? "  " : " ";
		return { hex: hex + gap, ascii: toPrintable(byte), isBody: isBody(at) };
	});
	const hex = joinRuns(pieces, "hex", paint);
	const ascii = joinRuns(pieces, "ascii", paint);
	const room = perLine * 3 + Math.ceil(perLine / 8);
	const lead = paint("quiet", offset.toString(16).padStart(4, "0"));
	return `   ${lead}  ${hex}${" ".repeat(Math.max(0, room - widthOf(hex)))}${ascii}`;
}

interface Piece {
	readonly hex: string;
	readonly ascii: string;
	readonly isBody: boolean;
}

/** Bytes of the body as they are, those before and behind it quiet. */
function joinRuns(
	pieces: readonly Piece[],
	part: "hex" | "ascii",
	paint: Look["paint"],
): string {
	const runs: { text: string; isBody: boolean }[] = [];
	for (const piece of pieces) {
		const last = runs.at(-1);
		if (last?.isBody === piece.isBody) {
			last.text += piece[part];
		} else {
			runs.push({ text: piece[part], isBody: piece.isBody });
		}
	}
	return runs
		.map(({ text, isBody }) => (isBody ? text : paint("quiet", text)))
		.join("");
}

function toPrintable(byte: number): string {
	return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".";
}
