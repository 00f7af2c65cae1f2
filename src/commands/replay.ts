import { type LogFile, readLog } from "../capture-file/read-log.js";
import { NotACaptureError, type ReadCounts } from "../capture-file/sink.js";
import type { CapturedFrame } from "../model/capture.js";
import type { Exchange } from "../model/exchange.js";
import type { Frame } from "../model/frame.js";
import type { Journey } from "../model/journey.js";
import type { Port } from "../model/port.js";
import type { SafeText } from "../model/safe-text.js";
import type { Presenter, SourceDescription } from "../show/presenter.js";
import { Session } from "../trace/session.js";
import type { Notice } from "../trace/session-events.js";
import { isOfInterest } from "../wire/interest.js";
import { Failure } from "./failure.js";
import {
	checkFilters,
	type Filters,
	isExchangeWanted,
	isFrameWanted,
	isJourneyWanted,
} from "./filters.js";
import { type HostLinks, type Input, openInputs, readLinks } from "./inputs.js";
import { Notices } from "./notices.js";
import { createPresenter, Output, type PresenterOptions } from "./output.js";
import { ProgressBar } from "./progress.js";
import { noExchanges, noJourneys, Tally } from "./tally.js";

/** More comments of one file than these are not passed on. */
const commentLimit = 64;

/** What `vmpath replay` was asked for. */
export interface ReplayOptions extends PresenterOptions {
	/** Show every frame of interest as well. */
	readonly frames: boolean;
	/** File with the output of `ip -o link`. */
	readonly links: string | null;
	/** End after so many frames and journeys were shown. */
	readonly limit: number | null;
	readonly filters: Filters;
}

/**
 * Replays saved captures: shows the path of every frame of interest.
 *
 * @param args the captures, as named on the command line
 * @throws {Failure} when one cannot be read, or is none
 */
export async function replay(
	args: readonly string[],
	options: ReplayOptions,
): Promise<void> {
	checkFilters(options.filters);
	checkDrawn(options);
	const links = await readLinks(options.links);
	const progress = new ProgressBar(process.stderr, performance.now());
	const inputs = await openInputs(args, (bytes) =>
		progress.add(bytes, performance.now()),
	);
	progress.setTotal(sumSizes(inputs));
	const output = new Output(() => progress.clear());
	const run = new Replay(inputs, links, options, output);
	const close = () => {
		for (const input of inputs) {
			input.close();
		}
	};
	const interrupt = () => {
		run.interrupt();
		close();
	};
	process.once("SIGINT", interrupt);
	try {
		await run.read(inputs);
	} catch (error) {
		throw error instanceof NotACaptureError
			? new Failure(error.message)
			: error;
	} finally {
		process.off("SIGINT", interrupt);
		progress.clear();
		output.flush();
		close();
	}
}

/** @throws {Failure} when ids are given to what does not draw them */
function checkDrawn({ format, drawn }: ReplayOptions): void {
	const isChosen = drawn.journeys.length > 0 || drawn.exchange !== null;
	if (isChosen && format !== "mermaid") {
		throw new Failure(
			"--journey and --exchange choose what --format mermaid draws: give that as well",
		);
	}
}

/** One run over a log: hands what the session finds to the screen. */
class Replay {
	readonly #options: ReplayOptions;
	readonly #output: Output;
	readonly #notices: Notices;
	readonly #session: Session;
	readonly #presenter: Presenter;
	readonly #comments: readonly SafeText[][];
	readonly #journeys = new Tally(noJourneys);
	readonly #exchanges = new Tally(noExchanges);
	#shown = 0;
	#isInterrupted = false;

	constructor(
		files: readonly LogFile[],
		links: HostLinks,
		options: ReplayOptions,
		output: Output,
	) {
		const names = files.map(({ name }) => name);
		this.#options = options;
		this.#output = output;
		this.#notices = new Notices(names, (message) => output.tell(message));
		this.#session = new Session({
			sources: names,
			...links,
			events: this,
		});
		this.#comments = names.map(() => []);
		const sources = names.map((file, source): SourceDescription => {
			return { file, comments: this.#comments[source] ?? [] };
		});
		const log = { sources, ports: this.#session.ports };
		this.#presenter = createPresenter(options, log, output);
	}

	/** What was read so far is all: it is judged and shown. */
	interrupt(): void {
		this.#isInterrupted = true;
	}

	async read(files: readonly LogFile[]): Promise<void> {
		const counts = await readLog(files, this.#session, isOfInterest, () => {
			this.#output.flush();
			return !this.#isLimitReached && !this.#isInterrupted;
		});
		this.#session.finish();
		this.#showTotals(counts);
		this.#notices.end();
		this.#adviseIfEmpty();
	}

	onFrame(captured: CapturedFrame, frame: Frame, port: Port | null): void {
		const { filters, frames } = this.#options;
		const name = port?.name ?? null;
		if (
			frames &&
			!this.#isLimitReached &&
			isFrameWanted(frame, captured.time, name, filters)
		) {
			this.#shown += 1;
			this.#presenter.showFrame(captured, frame, port);
		}
	}

	onComment(source: number, comment: SafeText): void {
		const comments = this.#comments[source];
		if (comments !== undefined && comments.length < commentLimit) {
			comments.push(comment);
		}
	}

	onJourney(journey: Journey): void {
		this.#journeys.add(journey);
		if (
			!this.#isLimitReached &&
			isJourneyWanted(journey, this.#options.filters)
		) {
			this.#shown += 1;
			this.#presenter.showJourney(journey);
		}
	}

	onExchange(exchange: Exchange): void {
		this.#exchanges.add(exchange);
		if (
			!this.#isLimitReached &&
			isExchangeWanted(exchange, this.#options.filters) &&
			this.#presenter.showExchange(exchange)
		) {
			this.#shown += 1;
		}
	}

	onNotice(notice: Notice): void {
		this.#notices.add(notice);
	}

	/** Nothing shown is said, lest it be taken for nothing there. */
	#adviseIfEmpty(): void {
		const { delivered, lost, inconclusive } = this.#journeys.counts;
		const traced = delivered + lost + inconclusive;
		if (this.#shown === 0 && traced > 0) {
			this.#output.tell(
				`nothing to show: ${traced} journeys were traced, and none passes the filters given`,
			);
		}
	}

	get #isLimitReached(): boolean {
		const { limit } = this.#options;
		return limit !== null && this.#shown >= limit;
	}

	get #reason(): string {
		if (this.#isInterrupted) {
			return "interrupted";
		}
		return this.#isLimitReached ? "limit reached" : "end of capture";
	}

	#showTotals(read: ReadCounts): void {
		const { counts, dropped } = this.#session;
		this.#presenter.showTotals({
			frames: { ...read, ...counts, dropped },
			journeys: this.#journeys.counts,
			exchanges: this.#exchanges.counts,
			letGo: this.#session.letGo,
			addresses: this.#session.addresses,
			end: this.#session.end,
			reason: this.#reason,
		});
	}
}

/** Bytes to read in all; null when one of the inputs does not tell. */
function sumSizes(inputs: readonly Input[]): number | null {
	return inputs.reduce<number | null>(
		(sum, { size }) => (sum === null || size === null ? null : sum + size),
		0,
	);
}
