import type { LogFile } from "../capture-file/read-log.js";
import type { CapturedFrame, LogTime } from "../model/capture.js";
import type { Exchange } from "../model/exchange.js";
import type { Frame } from "../model/frame.js";
import type { HostDocument } from "../model/host-document.js";
import type { Journey } from "../model/journey.js";
import type { Port } from "../model/port.js";
import type { Topology } from "../model/topology.js";
import { EndSignals } from "../terminal/end-signals.js";
import { isTerminalLost } from "../terminal/lost-terminal.js";
import { Screen } from "../terminal/screen.js";
import { Store } from "../tui/store.js";
import { createView } from "../tui/view.js";
import { Breathing } from "./breathing.js";
import { Failure } from "./failure.js";
import { ResultFilter } from "./filters.js";
import { startOf } from "./given-view.js";
import type { HostLinks } from "./inputs.js";
import { type AnalysisListener, LogAnalysis } from "./log-analysis.js";
import { createTextPresenter, type Output } from "./output.js";
import type { ScreenedLog, ScreenRunOptions } from "./screened-log.js";
import { chooseLook } from "./terminal-layout.js";
import { FrameFile } from "./write-frames.js";

/** The clock and counters of a capture in which nothing happens change so often. */
const captureMs = 1000;
/** A log that takes longer to come than this was not there yet: it grew. */
const growsMs = 1000;

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
	/** Pieces that are still to be read before each file can be called a capture. */
	#unproven: number;
	#isReading = true;
	/** To its end. */
	#isRead = false;
	/** That the log ended, though nobody wanted it to. */
	#ending: string | null = null;
	#openedMs = 0;
	#toldCaptureMs = Number.NEGATIVE_INFINITY;

	constructor(
		files: readonly LogFile[],
		links: HostLinks,
		options: ScreenRunOptions,
		output: Output,
	) {
		this.#options = options;
		// It is asked once before the first piece, too.
		this.#unproven = files.length + 1;
		this.#filter = new ResultFilter(options.filters);
		this.#output = output;
		this.#frameFile = new FrameFile(options.version);
		this.#ended = new Promise((resolve, reject) => {
			this.#end = resolve;
			this.#fail = reject;
		});
		const breathing = new Breathing(() => this.#open());
		const paced = files.map((file) => breathing.pace(file));
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
			await Promise.race([this.#ended, this.#outlive(reading)]);
			if (this.#screen !== null) {
				await this.#ended;
			}
		} finally {
			await this.#close(log, reading);
			signals.close();
		}
	}

	/** A recorder that died leaves what it saw, and somebody looks at it: that stays. */
	async #outlive(reading: Promise<void>): Promise<void> {
		try {
			await reading;
		} catch (error) {
			const hasBegun = this.#screen !== null && this.#isRead;
			const hasPorts = this.#analysis.log.ports.length > 0;
			if (!(hasBegun && hasPorts && error instanceof Failure)) {
				throw error;
			}
			this.#ending = `${error.message}: nothing new is captured; q quits`;
			this.#tellCapture(Number.POSITIVE_INFINITY);
			this.#screen?.wake();
		}
	}

	/** What it came to stands on the first screen. */
	async #close(log: ScreenedLog, reading: Promise<void>): Promise<void> {
		const screen = this.#screen;
		this.#isOver = true;
		this.#screen = null;
		screen?.close();
		if (this.#isReading) {
			// What was asked to end does not fail: who could not begin is to say so.
			log.stop();
		}
		await reading.catch(() => {
			// Who waited for it was told.
		});
		if (screen !== null && !isTerminalLost()) {
			this.#showTotals();
		}
	}

	async #read(log: ScreenedLog): Promise<void> {
		try {
			await this.#analysis.read(() => {
				this.#unproven -= 1;
				this.#tellCapture(performance.now());
				this.#screen?.wake();
				return !this.#isOver;
			});
		} finally {
			this.#isReading = false;
		}
		this.#isRead = !this.#isOver;
		this.#open();
		this.#analysis.endNotices();
		this.#tellCapture(Number.POSITIVE_INFINITY);
		this.#screen?.wake();
		this.#tellEnd();
		await log.checkEnd();
	}

	/** Who waits for more is told that none comes. */
	#tellEnd(): void {
		const isGrown = performance.now() - this.#openedMs > growsMs;
		if (this.#options.isPiped && isGrown) {
			this.#screen?.say("standard input has ended: nothing new comes");
		}
	}

	#tellCapture(nowMs: number): void {
		if (nowMs - this.#toldCaptureMs < captureMs) {
			return;
		}
		this.#toldCaptureMs = nowMs;
		const { log, end, engine, framesRead, relevant } = this.#analysis;
		this.#store.setCapture({
			engine,
			framesRead,
			framesRelevant: relevant,
			ports: log.ports,
			end,
			isOpen: !this.#isRead,
			ending: this.#ending,
		});
	}

	/**
	 * Behind the first piece of the log: before, a password may be asked for, and what is
	 * no capture is told without a screen.
	 */
	#open(): void {
		if (this.#screen !== null || this.#isOver || this.#unproven > 0) {
			return;
		}
		const { keyboard, source, isLive, filters } = this.#options;
		const player = { isPlaying: false, speed: 1, positionNs: null };
		this.#openedMs = performance.now();
		this.#tellCapture(this.#openedMs);
		this.#screen = new Screen({
			store: this.#store,
			view: createView(isLive ? null : player, startOf(filters)),
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
