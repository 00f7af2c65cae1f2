import { round } from "./box-drawing.js";
import { readRows } from "./sgr.js";
import { background, cell, drawRow, escapeXml, Names } from "./svg-row.js";

/** What is shown for a while. */
export interface Frame {
	/** Rows of `tmux capture-pane -e -p`. */
	readonly rows: readonly string[];
	/** What stands in the window's title. */
	readonly title: string;
	/** The key that was pressed, and what it does; "": none. */
	readonly caption: string;
	/** How long it is shown. */
	readonly ms: number;
}

/** A picture of a terminal. */
export interface Film {
	/** For those who cannot see it. */
	readonly description: string;
	readonly columns: number;
	/** One: it stands still. */
	readonly frames: readonly Frame[];
}

const padding = 16;
const titleHeight = 38;
/** Of the line below the rows, where any frame has a caption. */
const captionHeight = 26;
/** Where the title is written, from the first row. */
const titleLine = -22.5;
const fonts =
	"ui-monospace,SFMono-Regular,Menlo,'DejaVu Sans Mono','Cascadia Mono',Consolas,'Liberation Mono',monospace";

/** What all frames are made of. */
interface Parts {
	readonly width: number;
	/** Where the caption is written, from the first row. */
	readonly captionLine: number;
	readonly classes: Names;
	/** Rows, as they are drawn. */
	readonly rows: Names;
}

function drawFrame(frame: Frame, parts: Parts): string {
	const { width, captionLine, classes, rows } = parts;
	const uses = readRows(frame.rows).map((spans, index) => {
		const drawn = drawRow(spans, classes);
		return drawn === ""
			? ""
			: `<use href="#${rows.of(drawn)}" y="${index * cell.height}"/>`;
	});
	const write = (text: string, y: number, name: string) =>
		text === ""
			? ""
			: `<text x="${round(width / 2)}" y="${round(y)}" class="${name} m">${escapeXml(text)}</text>`;
	const title = write(frame.title, titleLine, "t");
	return title + write(frame.caption, captionLine, "k") + uses.join("");
}

/** Shows each frame in its turn, and the first where nothing moves. */
function animate(frames: readonly Frame[]): string {
	if (frames.length < 2) {
		return "";
	}
	const whole = frames.reduce((sum, { ms }) => sum + ms, 0);
	const percent = (ms: number) => `${Math.round((ms / whole) * 1e4) / 100}%`;
	let at = 0;
	const rules = frames.map(({ ms }, index) => {
		const [begin, end] = [percent(at), percent(at + ms)];
		at += ms;
		const before = index === 0 ? "" : "0%{visibility:hidden}";
		const after =
			index === frames.length - 1 ? "" : `${end}{visibility:hidden}`;
		return `@keyframes f${index}{${before}${begin}{visibility:visible}${after}}.f${index}{animation-name:f${index}}`;
	});
	return `.f{visibility:hidden;animation:${whole}ms step-end infinite}.f0{visibility:visible}${rules.join("")}@media (prefers-reduced-motion:reduce){.f{animation:none}}`;
}

/** Rows down to the last that has anything. */
function countRows({ frames }: Film): number {
	const last = ({ rows }: Frame) =>
		readRows(rows).findLastIndex((spans) =>
			spans.some(({ text }) => text.trim() !== ""),
		);
	return 1 + Math.max(...frames.map(last));
}

function drawStyle(frames: readonly Frame[], classes: Names): string {
	const css = classes.entries().map(([rules, name]) => `.${name}{${rules}}`);
	return [
		"text{white-space:pre}path{fill:none}.m{text-anchor:middle}",
		".t,.k{fill:#8b949e;font-size:13px}.k{fill:#e3b341;font-size:15px}",
		...css,
		animate(frames),
	].join("");
}

function drawWindow(width: number, height: number): string {
	const dots = ["#ff5f57", "#febc2e", "#28c840"].map(
		(fill, index) =>
			`<circle cx="${20 + 20 * index}" cy="19" r="6" fill="${fill}"/>`,
	);
	const right = round(width - 1);
	return `<rect x=".5" y=".5" width="${right}" height="${round(height - 1)}" rx="10" fill="${background}" stroke="#30363d"/><path d="M1 ${titleHeight}H${right}" stroke="#21262d"/>${dots.join("")}`;
}

/** Draws a terminal in a window as SVG: a picture, or a film where there are more frames. */
export function drawSvg(film: Film): string {
	const { columns, frames, description } = film;
	const classes = new Names("c");
	const rows = new Names("r");
	const rowsHeight = countRows(film) * cell.height;
	const hasCaptions = frames.some(({ caption }) => caption !== "");
	const bottom = padding + (hasCaptions ? captionHeight : 0);
	const inside = {
		width: columns * cell.width,
		captionLine: rowsHeight + captionHeight,
		classes,
		rows,
	};
	const groups = frames.map((frame, index) => {
		const name = frames.length > 1 ? ` class="f f${index}"` : "";
		return `<g${name}>${drawFrame(frame, inside)}</g>`;
	});
	const symbols = rows
		.entries()
		.map(([drawn, name]) => `<g id="${name}">${drawn}</g>`);
	const width = inside.width + 2 * padding;
	const top = titleHeight + padding / 2;
	const height = top + rowsHeight + bottom;
	const size = `width="${round(width)}" height="${round(height)}"`;
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(height)}" ${size} role="img" xml:space="preserve" font-family="${fonts}" font-size="14"><title>${escapeXml(description)}</title><style>${drawStyle(frames, classes)}</style><defs>${symbols.join("\n")}</defs>${drawWindow(width, height)}<g transform="translate(${padding} ${top})">${groups.join("\n")}</g></svg>\n`;
}
