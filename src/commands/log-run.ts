import type { LogFile } from "../capture-file/read-log.js";
import type { CapturedFrame } from "../model/capture.js";
import type { Exchange } from "../model/exchange.js";
import type { Frame } from "../model/frame.js";
import type { Journey } from "../model/journey.js";
import type { Port } from "../model/port.js";
import type { SafeText } from "../model/safe-text.js";
import type { Topology } from "../model/topology.js";
import type { Presenter } from "../show/presenter.js";
import { formatCount } from "../show/units.js";
import { type Filters, ResultFilter } from "./filters.js";
import type { HostLinks } from "./inputs.js";
import { type AnalysisListener, LogAnalysis } from "./log-analysis.js";
import {
	createPresenter,
	type Output,
	type PresenterOptions,
} from "./output.js";
import { describeStrange } from "./strange-names.js";

/** What is shown of a log. */
export interface LogRunOptions extends PresenterOptions {
	/** Show every frame of interest as well. */
	readonly frames: boolean;
	/** End after so many frames and journeys were shown. */
	readonly limit: number | null;
	readonly filters: Filters;
}

/** One run over a log: prints what comes of it, line by line. */
export class LogRun implements AnalysisListener {
	readonly #options: LogRunOptions;
	readonly #filter: ResultFilter;
	readonly #output: Output;
	readonly #analysis: LogAnalysis;
	readonly #presenter: Presenter;
	readonly #undrawn: {
		readonly journeys: Set<number>;
		exchange: number | null;
	};
	#topology: Topology | null = null;
	#shown = 0;
	#isInterrupted = false;
	#reason: string | null = null;

	/** @param onTrouble told of each frame that was lost, and each question without answer */
	constructor(
		files: readonly LogFile[],
		links: HostLinks,
		options: LogRunOptions,
		output: Output,
		onTrouble: () => void = () => {},
	) {
		this.#options = options;
		this.#filter = new ResultFilter(options.filters);
		const { journeys, exchange } = options.drawn;
		this.#undrawn = { journeys: new Set(journeys), exchange };
		if (links.topology) {
			this.#noteTopology(links.topology);
		}
		this.#output = output;
		const paced = files.map((file) => this.#pace(file));
		this.#analysis = new LogAnalysis(paced, links, this, onTrouble);
		this.#presenter = createPresenter(options, this.#analysis.log, output);
	}

	/** Names of the ports that came up so far. */
	get portNames(): readonly SafeText[] {
		return this.#analysis.log.ports.map(({ name }) => name);
	}

	/** What was read so far is all: it is judged and shown. */
	interrupt(): void {
		this.#isInterrupted = true;
		this.setReason("interrupted");
	}

	/** The log will end soon, and why; it is still read to its end. */
	setReason(reason: string): void {
		this.#reason ??= reason;
		this.#output.release();
	}

	/** Reads the log to its end, and shows what it finds as it finds it. */
	async read(): Promise<void> {
		await this.#analysis.read(() => {
			this.#output.flush();
			return !this.#isLimitReached && !this.#isInterrupted;
		});
		const reason = this.#isLimitReached
			? "limit reached"
			: (this.#reason ?? "end of capture");
		this.#presenter.showTotals(this.#analysis.totals(reason));
		this.#analysis.endNotices();
		this.#adviseIfEmpty();
		this.#adviseIfUndrawn();
	}

	/** No faster than what comes of it is taken. */
	#pace(file: LogFile): LogFile {
		const output = this.#output;
		async function* read() {
			for await (const chunk of file.chunks) {
				yield chunk;
				await output.drained();
			}
		}
		return { ...file, chunks: read() };
	}

	onFrame(captured: CapturedFrame, frame: Frame, port: Port | null): void {
		const name = port?.name ?? null;
		if (
			this.#options.frames &&
			this.#filter.isFrameWanted(frame, captured.time, name) &&
			!this.#isLimitReached
		) {
			this.#shown += 1;
			this.#presenter.showFrame(captured, frame, port);
		}
	}

	onJourney(journey: Journey): void {
		this.#undrawn.journeys.delete(journey.id);
		if (this.#filter.isJourneyWanted(journey) && !this.#isLimitReached) {
			this.#shown += 1;
			this.#presenter.showJourney(journey);
		}
	}

	onExchange(exchange: Exchange): void {
		if (exchange.id === this.#undrawn.exchange) {
			this.#undrawn.exchange = null;
		}
		if (
			this.#filter.isExchangeWanted(exchange) &&
			!this.#isLimitReached &&
			this.#presenter.showExchange(exchange)
		) {
			this.#shown += 1;
		}
	}

	onTopology(topology: Topology): void {
		this.#noteTopology(topology);
		this.#presenter.showTopology(topology);
	}

	onNotice(message: string): void {
		this.#output.tell(message);
	}

	#noteTopology(topology: Topology): void {
		this.#filter.noteTopology(topology);
		this.#topology = topology;
	}

	/** What was to be drawn, and is not in the log. */
	#adviseIfUndrawn(): void {
		const { journeys, exchange } = this.#undrawn;
		const missing = [
			...Array.from(journeys, (id) => `journey ${id}`),
			...(exchange === null ? [] : [`exchange ${exchange}`]),
		];
		if (missing.length > 0) {
			this.#output.tell(
				`there is no ${missing.join(", no ")}: \`vmpath replay --format jsonl\` tells the ids`,
			);
		}
	}

	/** Nothing shown is said, lest it be taken for nothing there. */
	#adviseIfEmpty(): void {
		const { traced } = this.#analysis;
		if (this.#shown === 0 && traced > 0) {
			this.#output.tell(
				`nothing to show: ${formatCount(traced, "journey")} ${traced === 1 ? "was" : "were"} traced, and none passes the filters given`,
			);
		}
		if (!this.#isLimitReached && traced > 0) {
			const { portNames } = this;
			const topology = this.#topology;
			for (const line of describeStrange(
				this.#filter.unknown,
				topology,
				portNames,
			)) {
				this.#output.tell(line);
			}
		}
	}

	get #isLimitReached(): boolean {
		const { limit } = this.#options;
		return limit !== null && this.#shown >= limit;
	}
}
