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
import type {
	LogDescription,
	SourceDescription,
	Totals,
} from "../show/presenter.js";
import { Session } from "../trace/session.js";
import type { Notice, SessionEvents } from "../trace/session-events.js";
import { isOfInterest } from "../wire/interest.js";
import type { HostLinks } from "./inputs.js";
import { Notices } from "./notices.js";
import { noExchanges, noJourneys, Tally } from "./tally.js";

/** More comments of one file than these are not passed on. */
const commentLimit = 64;

/** Takes what comes of a log, as it comes. */
export interface AnalysisListener {
	onFrame(captured: CapturedFrame, frame: Frame, port: Port | null): void;
	onJourney(journey: Journey): void;
	/** With its causes; it comes again when more is known of them. */
	onExchange(exchange: Exchange): void;
	onDocument?(document: HostDocument, readAt: LogTime): void;
	/** @param readAt when what it is made of was read; null: someone says it beside the log */
	onTopology(topology: Topology, readAt: LogTime | null): void;
	/** Something the user should know; one line. */
	onNotice(message: string): void;
}

/** One pass over a log: traces it, says why what went wrong did, and counts. */
export class LogAnalysis implements SessionEvents {
	/** The files, and the ports that came up so far. */
	readonly log: LogDescription;
	readonly #files: readonly LogFile[];
	readonly #listener: AnalysisListener;
	readonly #onTrouble: () => void;
	readonly #session: Session;
	readonly #notices: Notices;
	readonly #comments: readonly SafeText[][];
	readonly #diagnosis = new Diagnosis();
	readonly #journeys = new Tally(noJourneys);
	readonly #exchanges = new Tally(noExchanges);
	#read: ReadCounts = { read: 0, untimed: 0 };
	#readAt: LogTime | null = null;

	/** @param onTrouble told of each frame that was lost, and each question without answer */
	constructor(
		files: readonly LogFile[],
		links: HostLinks,
		listener: AnalysisListener,
		onTrouble: () => void,
	) {
		const names = files.map(({ name }) => name);
		this.#files = files;
		this.#listener = listener;
		this.#onTrouble = onTrouble;
		this.#notices = new Notices(names, (message) => listener.onNotice(message));
		this.#session = new Session({ sources: names, ...links, events: this });
		if (links.topology) {
			this.#diagnosis.setTopology(links.topology);
		}
		this.#comments = names.map(() => []);
		const sources = names.map((file, source): SourceDescription => {
			return { file, comments: this.#comments[source] ?? [] };
		});
		this.log = { sources, ports: this.#session.ports };
	}

	/** The latest time of the log so far; null: none came. */
	get end(): LogTime | null {
		return this.#session.end;
	}

	/** What captures, as recorders say: `packet`, `cap`; null: none says. */
	get engine(): SafeText | null {
		return this.#session.engine;
	}

	/** Frames of interest so far. */
	get relevant(): number {
		return this.#session.counts.relevant;
	}

	/** Frames that were read; until the end those of interest. */
	get framesRead(): number {
		return Math.max(this.#read.read, this.relevant);
	}

	/** Journeys that were traced so far. */
	get traced(): number {
		const { delivered, lost, inconclusive } = this.#journeys.counts;
		return delivered + lost + inconclusive;
	}

	/**
	 * Reads the log, and judges at its end what is open.
	 *
	 * @param isWanted asked after every chunk; false ends the reading there
	 */
	async read(isWanted: () => boolean): Promise<void> {
		const files = this.#files;
		this.#read = await readLog(files, this.#session, isOfInterest, isWanted);
		this.#session.finish();
	}

	/** Says how many remarks were not told. */
	endNotices(): void {
		this.#notices.end();
	}

	/** What came of it, in numbers. @param reason why it ends here */
	totals(reason: string): Totals {
		const { counts, dropped, letGo, addresses, end } = this.#session;
		return {
			frames: { ...this.#read, ...counts, dropped },
			journeys: this.#journeys.counts,
			exchanges: this.#exchanges.counts,
			letGo,
			addresses,
			end,
			reason,
		};
	}

	onFrame(captured: CapturedFrame, frame: Frame, port: Port | null): void {
		this.#listener.onFrame(captured, frame, port);
	}

	onComment(source: number, comment: SafeText): void {
		const comments = this.#comments[source];
		if (comments !== undefined && comments.length < commentLimit) {
			comments.push(comment);
		}
	}

	onJourney(journey: Journey): void {
		this.#journeys.add(journey);
		if (journey.outcome === "lost") {
			this.#onTrouble();
		}
		this.#diagnosis.addJourney(journey);
		this.#listener.onJourney(journey);
	}

	onExchange(exchange: Exchange): void {
		if (exchange.outcome === "unanswered") {
			this.#onTrouble();
		}
		this.#tellExchange(this.#diagnosis.explain(exchange));
	}

	onDocument(document: HostDocument, readAt: LogTime): void {
		this.#readAt = readAt;
		this.#diagnosis.addDocument(document, readAt);
		this.#listener.onDocument?.(document, readAt);
		for (const exchange of this.#diagnosis.reconsider()) {
			this.#tellExchange(exchange);
		}
	}

	onTopology(topology: Topology): void {
		this.#diagnosis.setTopology(topology);
		this.#listener.onTopology(topology, this.#readAt);
	}

	onNotice(notice: Notice): void {
		this.#notices.add(notice);
	}

	#tellExchange(exchange: Exchange): void {
		this.#exchanges.add(exchange);
		this.#listener.onExchange(exchange);
	}
}
