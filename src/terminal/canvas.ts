import { PassThrough, Writable } from "node:stream";
import type { Instance, RenderOptions } from "ink";
import type { Size } from "../tui/look.js";
import type { ScreenProps } from "../tui/screen.js";
import type { loadInk } from "./load-ink.js";

type Ink = Awaited<ReturnType<typeof loadInk>>;

/** What ink writes to instead of the terminal: it hands each frame on as rows. */
class FrameStream extends Writable {
	columns: number;
	rows: number;
	readonly #onFrame: (rows: readonly string[]) => void;

	constructor(size: Size, onFrame: (rows: readonly string[]) => void) {
		super({ decodeStrings: false });
		this.columns = size.columns;
		this.rows = size.rows;
		this.#onFrame = onFrame;
	}

	override _write(
		frame: string,
		_encoding: string,
		done: (error?: Error | null) => void,
	): void {
		this.#onFrame(frame.split("\n"));
		done();
	}
}

/**
 * ink watches every signal that might end a process, and where nobody else does ends it.
 * Node ignores this one: who writes more than a file may hold (`ulimit -f`) gets EFBIG.
 */
function keepLargeFilesAnError(): void {
	process.on("SIGXFSZ", () => {});
}

/**
 * Draws elements with ink, which lays them out; where rows go on the terminal is not left
 * to it: ink 6.8 clears screen and scrollback for a frame as high as the terminal, counts
 * lines from where it left the cursor, and reads keys itself.
 */
export class Canvas {
	readonly #ink: Ink;
	readonly #stream: FrameStream;
	readonly #onFrame: (rows: readonly string[]) => void;
	readonly #onError: (error: unknown) => void;
	#instance: Instance | null = null;
	#isClosed = false;

	constructor(
		ink: Ink,
		onFrame: (rows: readonly string[]) => void,
		onError: (error: unknown) => void,
	) {
		this.#ink = ink;
		this.#onError = onError;
		this.#onFrame = onFrame;
		this.#stream = new FrameStream({ columns: 80, rows: 24 }, (rows) => {
			if (!this.#isClosed) {
				this.#onFrame(rows);
			}
		});
	}

	/** Draws, and has handed the rows on when it returns. */
	draw(values: ScreenProps): void {
		const { createElement, Rows, render } = this.#ink;
		const element = createElement(Rows, values);
		this.#stream.columns = values.size.columns;
		this.#stream.rows = values.size.rows;
		if (this.#instance === null) {
			keepLargeFilesAnError();
			this.#instance = render(element, this.#options());
			// An error while drawing ends ink, and shows itself: that is for us to do.
			this.#instance.waitUntilExit().catch(this.#onError);
		} else {
			this.#instance.rerender(element);
		}
	}

	close(): void {
		this.#isClosed = true;
		this.#instance?.unmount();
		this.#instance?.cleanup();
	}

	#options(): RenderOptions {
		const stdout = this.#stream as unknown as NodeJS.WriteStream;
		const stdin = new PassThrough() as unknown as NodeJS.ReadStream;
		return {
			stdout,
			stderr: stdout,
			stdin,
			// Each frame comes whole, at once and without cursor movements.
			debug: true,
			exitOnCtrlC: false,
			patchConsole: false,
		};
	}
}
