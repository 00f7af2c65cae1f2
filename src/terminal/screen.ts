import { elapsedNs } from "../model/capture.js";
import type { SafeText } from "../model/safe-text.js";
import type { Action, Effect } from "../tui/action.js";
import { drawScreen } from "../tui/draw-screen.js";
import { actionOf, type Key, unseenActionOf } from "../tui/keys.js";
import type { Look, Size } from "../tui/look.js";
import { advance } from "../tui/player.js";
import { reduce } from "../tui/reduce.js";
import { isTooSmall } from "../tui/screen-plan.js";
import type { Store } from "../tui/store.js";
import type { View } from "../tui/view.js";
import type { World } from "../tui/world.js";
import { AlternateScreen } from "./alternate-screen.js";
import { Canvas } from "./canvas.js";
import type { Keyboard } from "./keyboard.js";
import { loadInk } from "./load-ink.js";
import { Pace } from "./pace.js";
import { Painter } from "./painter.js";
import { Suspension } from "./suspension.js";

/** What a screen shows, and what is done for it. */
export interface ScreenOptions {
	readonly store: Store;
	readonly view: View;
	readonly look: Look;
	readonly keyboard: Keyboard;
	/** What is captured or replayed; null: what is read says it. */
	readonly source: SafeText | null;
	/** Does what a key asked for beside a new view; says what became of it. */
	readonly perform: (effect: Effect, view: View) => Promise<string>;
}

/** While a window is dragged its size changes all the time. */
const resizePauseMs = 40;

/**
 * The screen while it is open: keys change the view at once, what comes is drawn at a pace
 * that leaves most of the processor to others, and nothing is drawn that is there already.
 */
export class Screen {
	/** Resolves once somebody wants it to end; rejects when it cannot be drawn. */
	readonly ended: Promise<void>;
	readonly #options: ScreenOptions;
	readonly #terminal = new AlternateScreen();
	readonly #painter = new Painter();
	/** Null: ink is still being loaded. */
	#canvas: Canvas | null = null;
	readonly #pace = new Pace();
	readonly #suspension: Suspension;
	#view: View;
	#size: Size = readSize();
	#drawn: { world: World; view: View; size: Size } | null = null;
	#timer: NodeJS.Timeout | undefined;
	#dueMs = Number.POSITIVE_INFINITY;
	#advancedMs = performance.now();
	#isClosed = false;
	#end = (): void => {};
	#fail = (_error: unknown): void => {};

	constructor(options: ScreenOptions) {
		this.#options = options;
		this.#view = options.view;
		this.ended = new Promise((resolve, reject) => {
			this.#end = resolve;
			this.#fail = reject;
		});
		this.#terminal.enter();
		process.stdout.on("resize", this.#resize);
		this.#suspension = new Suspension({
			onStop: () => this.#suspend(),
			onContinue: () => this.#resume(),
		});
		options.keyboard.listen((key) => this.#press(key));
		this.#draw();
		this.#prepareCanvas().catch(this.#fail);
	}

	/** There may be something new. */
	wake(): void {
		this.#drawIn(this.#pace.waitMs(performance.now()));
	}

	/** Says it on the last line until the next key. */
	say(message: string): void {
		this.#view = { ...this.#view, message };
		this.wake();
	}

	/** The terminal is as it was before; the screen is not to be used any more. */
	close(): void {
		if (this.#isClosed) {
			return;
		}
		this.#isClosed = true;
		clearTimeout(this.#timer);
		process.stdout.off("resize", this.#resize);
		this.#suspension.close();
		this.#canvas?.close();
		this.#options.keyboard.close();
		this.#terminal.leave();
	}

	/** Loading ink takes as long as all else: what was read is on the screen before. */
	async #prepareCanvas(): Promise<void> {
		const ink = await loadInk();
		if (!this.#isClosed) {
			const onError = (error: unknown) => this.#fail(error);
			this.#canvas = new Canvas(ink, (rows) => this.#paint(rows), onError);
		}
	}

	#paint(rows: readonly string[]): void {
		this.#terminal.write(this.#painter.paint(rows));
	}

	#press(key: Key): void {
		if (this.#isClosed) {
			return;
		}
		const action = isTooSmall(this.#size)
			? unseenActionOf(key)
			: actionOf(key, this.#view);
		if (key.name === "ctrl-c") {
			// Whatever the table of keys says: there is always a way out.
			this.#end();
		} else if (action?.kind === "suspend") {
			this.#suspension.stopJob();
		} else if (action !== null) {
			this.#act(action);
		}
	}

	#act(action: Action): void {
		this.#letTimePass(performance.now());
		const { store } = this.#options;
		const { view, effect } = reduce(
			this.#view,
			action,
			store.look(this.#view),
			this.#size,
			store.details,
		);
		this.#view = view;
		if (effect !== null) {
			this.#perform(effect).catch(this.#fail);
		}
		if (view.isOver) {
			this.#end();
		}
		this.#drawIn(this.#pace.waitForKeyMs(performance.now()));
	}

	async #perform(effect: Effect): Promise<void> {
		this.say(await this.#options.perform(effect, this.#view));
	}

	/** Draws so soon, or sooner when that is due already. */
	#drawIn(ms: number): void {
		const dueMs = performance.now() + ms;
		if (this.#isClosed || dueMs >= this.#dueMs) {
			return;
		}
		clearTimeout(this.#timer);
		this.#dueMs = dueMs;
		this.#timer = setTimeout(() => this.#draw(), ms);
	}

	#draw(): void {
		this.#dueMs = Number.POSITIVE_INFINITY;
		const beginMs = performance.now();
		this.#letTimePass(beginMs);
		try {
			this.#drawView(this.#view, this.#size);
		} catch (error) {
			this.#fail(error);
			return;
		}
		this.#pace.note(beginMs, performance.now());
		if (this.#view.player?.isPlaying) {
			this.wake();
		}
	}

	#drawView(view: View, size: Size): void {
		const { store, look, source } = this.#options;
		const world = store.look(view);
		const drawn = this.#drawn;
		if (drawn?.world === world && drawn.view === view && drawn.size === size) {
			return;
		}
		this.#drawn = { world, view, size };
		const named = source === null ? world : { ...world, source };
		const { details } = store;
		if (this.#canvas === null) {
			this.#paint(drawScreen(named, view, details, size, look));
		} else {
			const values = { world: named, view, details, size, look };
			this.#canvas.draw(values);
		}
	}

	#letTimePass(nowMs: number): void {
		const elapsedMs = nowMs - this.#advancedMs;
		this.#advancedMs = nowMs;
		const { player } = this.#view;
		if (player?.isPlaying) {
			const { begin, end, isOpen } = this.#options.store.look(this.#view);
			const lengthNs = begin && end ? elapsedNs(begin, end) : 0;
			this.#view = {
				...this.#view,
				player: advance(player, lengthNs, elapsedMs, isOpen),
			};
		}
	}

	readonly #resize = (): void => {
		this.#size = readSize();
		this.#painter.forget();
		this.#drawn = null;
		this.#drawIn(resizePauseMs);
	};

	/** It will be stopped: the terminal is as others expect it. */
	#suspend(): void {
		this.#terminal.leave();
		this.#options.keyboard.pause();
	}

	/** It was stopped, and others wrote on the terminal since. */
	#resume(): void {
		// First: in the background this stops it again, before it draws over others.
		this.#options.keyboard.resume();
		this.#terminal.resume();
		// A player stood still meanwhile.
		this.#advancedMs = performance.now();
		this.#resize();
		// Who is stopped is not told of another size: Node looks when it is told.
		process.kill(process.pid, "SIGWINCH");
	}
}

function readSize(): Size {
	const { columns, rows } = process.stdout;
	return { columns: columns || 80, rows: rows || 24 };
}
