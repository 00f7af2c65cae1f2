import { setImmediate as nextTurn } from "node:timers/promises";
import type { LogFile } from "../capture-file/read-log.js";
import type { CapturedFrame, LogTime } from "../model/capture.js";
import type { Exchange } from "../model/exchange.js";
import type { Frame } from "../model/frame.js";
import type { HostDocument } from "../model/host-document.js";
import type { Journey } from "../model/journey.js";
import type { Port } from "../model/port.js";
import type { SafeText } from "../model/safe-text.js";
import type { Topology } from "../model/topology.js";
import { EndSignals } from "../terminal/end-signals.js";
import type { Keyboard } from "../terminal/keyboard.js";
import { Screen } from "../terminal/screen.js";
import { Store } from "../tui/store.js";
import { createView } from "../tui/view.js";
import { type Filters, ResultFilter } from "./filters.js";
import type { HostLinks } from "./inputs.js";
import { type AnalysisListener, LogAnalysis } from "./log-analysis.js";
import { createTextPresenter, type Output } from "./output.js";
import { chooseLook } from "./terminal-layout.js";
import { FrameFile } from "./write-frames.js";

/** How a log is shown on a screen. */
export interface ScreenRunOptions {
	readonly keyboard: Keyboard;
	readonly version: string;
	readonly filters: Filters;
	/** What is captured or replayed; null: the log says it. */
	readonly source: SafeText | null;
	/** What is captured now cannot be played. */
	readonly isLive: boolean;
	readonly engine: string | null;
	/** Told of each frame that was lost, and each question without answer. */
	readonly onTrouble: () => void;
}

/** Where a log comes from, for as long as it is shown. */
export interface ScreenedLog {
	/** It was read to its end. @throws {Failure} when that was a failure */
	readonly checkEnd: () => Promise<void>;
	/** Nothing more is wanted: it ends soon. */
	readonly stop: () => void;
}

/** Keys wait for no longer than this while a log is read. */
const breathMs = 12;
/** Bytes that are looked at in one go. */
const sliceLength = 64 * 1024;
/** The clock and counters of a capture in which nothing happens change so often. */
const captureMs = 1000;

/** One run over a log: shows what comes of it on a screen, until one has seen enough. */
export class ScreenRun implements AnalysisListener {
	readonly #options: ScreenRunOptions;
	readonly #filter: ResultFilter;
	readonly #output: Output;
	readonly #analysis: LogAnalysis;
	readonly #store = new Store();
	readonly #frameFile: FrameFile;
	readonly #ended: Promise<void>;
	#end = (): void => {};
	#fail = (_error: unknown): void => {};
	#screen: Screen | null = null;
	#isOver = false;
	#isRead = false;
	#breathedMs = 0;
	#toldCaptureMs = Number.NEGATIVE_INFINITY;

	constructor(
		files: readonly LogFile[],
		links: HostLinks,
		options: ScreenRunOptions,
		output: Output,
	) {
		this.#options = options;
		this.#filter = new ResultFilter(options.filters);
		this.#output = output;
		this.#frameFile = new FrameFile(options.version);
		this.#ended = new Promise((resolve, reject) => {
			this.#end = resolve;
			this.#fail = reject;
		});
		const paced = files.map((file) => this.#pace(file));
		const { onTrouble } = options;
		this.#analysis = new LogAnalysis(paced, links, this, onTrouble);
		if (links.topology) {
			this.onTopology(links.topology, null);
		}
	}

	/** One line: onto the screen while there is one. */
	tell(message: string): void {
		if (this.#screen === null) {
			this.#output.tell(message);
		} else {
			this.#store.addNotice(message, this.#analysis.end);
			this.#screen.wake();
		}
	}

	/** Shows the log; at the end of it, until somebody wants no more. */
	async run(log: ScreenedLog): Promise<void> {
		const signals = new EndSignals(() => this.#end());
		const reading = this.#read(log);
		// It is waited for below: should the screen end first, it fails unheard.
		reading.catch(() => {});
		try {
			await Promise.race([this.#ended, reading]);
			if (this.#screen !== null) {
				await this.#ended;
			}
		} finally {
			await this.#close(log, reading);
			signals.close();
		}
	}

	/** What it came to stands on the first screen. */
	async #close(log: ScreenedLog, reading: Promise<void>): Promise<void> {
		const screen = this.#screen;
		this.#isOver = true;
		this.#screen = null;
		screen?.close();
		log.stop();
		await reading.catch(() => {
			// Who waited for it was told.
		});
		if (screen !== null) {
			this.#showTotals();
		}
	}

	async #read(log: ScreenedLog): Promise<void> {
		await this.#analysis.read(() => {
			this.#tellCapture(performance.now());
			this.#screen?.wake();
			return !this.#isOver;
		});
		this.#isRead = !this.#isOver;
		this.#analysis.endNotices();
		this.#tellCapture(Number.POSITIVE_INFINITY);
		this.#screen?.wake();
		await log.checkEnd();
	}

	#tellCapture(nowMs: number): void {
		if (nowMs - this.#toldCaptureMs < captureMs) {
			return;
		}
		this.#toldCaptureMs = nowMs;
		const { log, end, framesRead, relevant } = this.#analysis;
		this.#store.setCapture({
			engine: this.#options.engine,
			framesRead,
			framesRelevant: relevant,
			ports: log.ports,
			end,
			isOpen: !this.#isRead,
		});
	}

	/**
	 * In small pieces, with time for keys between them. The screen opens behind the first:
	 * before, a password may be asked for, and what is no capture is told without it.
	 */
	#pace(file: LogFile): LogFile {
		const breathe = () => this.#breathe();
		async function* read() {
			for await (const chunk of file.chunks) {
				for (let start = 0; start < chunk.length; start += sliceLength) {
					yield chunk.subarray(start, start + sliceLength);
					await breathe();
				}
			}
		}
		return { ...file, chunks: read() };
	}

	async #breathe(): Promise<void> {
		if (this.#screen === null && !this.#isOver) {
			this.#open();
		}
		if (performance.now() - this.#breathedMs > breathMs) {
			await nextTurn();
			this.#breathedMs = performance.now();
		}
	}

	#open(): void {
		const { keyboard, source, isLive } = this.#options;
		const player = { isPlaying: false, speed: 1, positionNs: null };
		this.#tellCapture(performance.now());
		this.#screen = new Screen({
			store: this.#store,
			view: createView(isLive ? null : player),
			look: chooseLook(),
			keyboard,
			source,
			perform: ({ file }, view) =>
				this.#frameFile.write(file, this.#store.framesShown(view)),
		});
		this.#screen.ended.then(this.#end, this.#fail);
	}

	#showTotals(): void {
		const presenter = createTextPresenter(this.#analysis.log, this.#output);
		const reason = this.#isRead ? "end of capture" : "interrupted";
		presenter.showTotals(this.#analysis.totals(reason));
		this.#output.flush();
	}

	onFrame(captured: CapturedFrame, frame: Frame, port: Port | null): void {
		const name = port?.name ?? null;
		if (this.#filter.isFrameWanted(frame, captured.time, name)) {
			this.#store.addFrame(captured, frame, port);
		}
	}

	onJourney(journey: Journey): void {
		if (this.#filter.isJourneyWanted(journey)) {
			this.#store.addJourney(journey);
		}
	}

	onExchange(exchange: Exchange): void {
		if (this.#filter.isExchangeWanted(exchange)) {
			this.#store.addExchange(exchange);
		}
	}

	onDocument(document: HostDocument, readAt: LogTime): void {
		this.#frameFile.addDocument(document, readAt);
	}

	onTopology(topology: Topology, readAt: LogTime | null): void {
		this.#filter.noteTopology(topology);
		this.#store.addTopology(topology, readAt);
	}

	onNotice(message: string): void {
		this.#store.addNotice(message, this.#analysis.end);
	}
}
