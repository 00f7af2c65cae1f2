import { type LogFile, readLog } from "../capture-file/read-log.js";
import type { ReadCounts } from "../capture-file/sink.js";
import { Diagnosis } from "../diagnosis/diagnosis.js";
import type { CapturedFrame, LogTime } from "../model/capture.js";
import type { Exchange } from "../model/exchange.js";
import type { Frame } from "../model/frame.js";
import type { HostDocument } from "../model/host-document.js";
import type { Journey } from "../model/journey.js";
import type { Port } from "../model/port.js";
import type { SafeText } from "../model/safe-text.js";
import type { Topology } from "../model/topology.js";
import type { Presenter, SourceDescription } from "../show/presenter.js";
import { Session } from "../trace/session.js";
import type { Notice } from "../trace/session-events.js";
import { isOfInterest } from "../wire/interest.js";
import {
	type Filters,
	isExchangeWanted,
	isFrameWanted,
	isJourneyWanted,
} from "./filters.js";
import type { HostLinks } from "./inputs.js";
import { Notices } from "./notices.js";
import {
	createPresenter,
	type Output,
	type PresenterOptions,
} from "./output.js";
import { noExchanges, noJourneys, Tally } from "./tally.js";

/** More comments of one file than these are not passed on. */
const commentLimit = 64;

/** What is shown of a log. */
export interface LogRunOptions extends PresenterOptions {
	/** Show every frame of interest as well. */
	readonly frames: boolean;
	/** End after so many frames and journeys were shown. */
	readonly limit: number | null;
	readonly filters: Filters;
}

/** One run over a log: hands what the session finds to the screen. */
export class LogRun {
	readonly #files: readonly LogFile[];
	readonly #options: LogRunOptions;
	readonly #output: Output;
	readonly #notices: Notices;
	readonly #session: Session;
	readonly #presenter: Presenter;
	readonly #comments: readonly SafeText[][];
	readonly #journeys = new Tally(noJourneys);
	readonly #exchanges = new Tally(noExchanges);
	readonly #diagnosis = new Diagnosis();
	#shown = 0;
	#isInterrupted = false;
	#reason: string | null = null;

	constructor(
		files: readonly LogFile[],
		links: HostLinks,
		options: LogRunOptions,
		output: Output,
	) {
		const names = files.map(({ name }) => name);
		this.#files = files;
		this.#options = options;
		this.#output = output;
		this.#notices = new Notices(names, (message) => output.tell(message));
		this.#session = new Session({
			sources: names,
			...links,
			events: this,
		});
		if (links.topology) {
			this.#diagnosis.setTopology(links.topology);
		}
		this.#comments = names.map(() => []);
		const sources = names.map((file, source): SourceDescription => {
			return { file, comments: this.#comments[source] ?? [] };
		});
		const log = { sources, ports: this.#session.ports };
		this.#presenter = createPresenter(options, log, output);
	}

	/** Names of the ports that came up so far. */
	get portNames(): readonly SafeText[] {
		return this.#session.ports.map(({ name }) => name);
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
		const counts = await readLog(
			this.#files.map((file) => this.#pace(file)),
			this.#session,
			isOfInterest,
			() => {
				this.#output.flush();
				return !this.#isLimitReached && !this.#isInterrupted;
			},
		);
		this.#session.finish();
		this.#showTotals(counts);
		this.#notices.end();
		this.#adviseIfEmpty();
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
		this.#diagnosis.addJourney(journey);
		if (
			!this.#isLimitReached &&
			isJourneyWanted(journey, this.#options.filters)
		) {
			this.#shown += 1;
			this.#presenter.showJourney(journey);
		}
	}

	onExchange(exchange: Exchange): void {
		this.#tellExchange(this.#diagnosis.explain(exchange));
	}

	#tellExchange(exchange: Exchange): void {
		this.#exchanges.add(exchange);
		if (
			!this.#isLimitReached &&
			isExchangeWanted(exchange, this.#options.filters) &&
			this.#presenter.showExchange(exchange)
		) {
			this.#shown += 1;
		}
	}

	onDocument(document: HostDocument, readAt: LogTime): void {
		this.#diagnosis.addDocument(document, readAt);
		for (const exchange of this.#diagnosis.reconsider()) {
			this.#tellExchange(exchange);
		}
	}

	onTopology(topology: Topology): void {
		this.#diagnosis.setTopology(topology);
		this.#presenter.showTopology(topology);
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

	#showTotals(read: ReadCounts): void {
		const { counts, dropped } = this.#session;
		this.#presenter.showTotals({
			frames: { ...read, ...counts, dropped },
			journeys: this.#journeys.counts,
			exchanges: this.#exchanges.counts,
			letGo: this.#session.letGo,
			addresses: this.#session.addresses,
			end: this.#session.end,
			reason: this.#isLimitReached
				? "limit reached"
				: (this.#reason ?? "end of capture"),
		});
	}
}
