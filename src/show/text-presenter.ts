import type { CapturedFrame, LogTime } from "../model/capture.js";
import type { Exchange } from "../model/exchange.js";
import type { Frame } from "../model/frame.js";
import type { Journey } from "../model/journey.js";
import type { LetGo } from "../model/let-go.js";
import type { Port } from "../model/port.js";
import type { SafeText } from "../model/safe-text.js";
import type { Topology } from "../model/topology.js";
import { formatAddresses } from "./addresses.js";
import { CauseLines } from "./cause-lines.js";
import { exchangeMarks, exchangeToText, isWorthARow } from "./exchange-text.js";
import { FindingLines } from "./finding-lines.js";
import { frameToText } from "./frame-text.js";
import { journeyToText, marks } from "./journey-text.js";
import type { LogDescription, Presenter, Totals } from "./presenter.js";
import {
	type Layout,
	layOutFrame,
	layOutHeading,
	layOutJourney,
} from "./table.js";
import { listTopologyChanges } from "./topology-changes.js";
import { formatCount, formatDay } from "./units.js";
import { wrap } from "./wrap.js";

/** More exchanges that went wrong than these are not shown again at the end. */
const troubleLimit = 20;

/** Rows for people. */
export class TextPresenter implements Presenter {
	readonly #log: LogDescription;
	readonly #layout: Layout;
	readonly #write: (text: string) => void;
	/** Exchanges that went wrong, as they came last: they are shown again at the end. */
	readonly #troubles = new Map<number, Exchange>();
	readonly #findings: FindingLines;
	readonly #causes: CauseLines;
	#topology: Topology | null = null;
	#day = "";

	/** @param write takes whole lines, line feed included */
	constructor(
		log: LogDescription,
		layout: Layout,
		write: (text: string) => void,
	) {
		this.#log = log;
		this.#layout = layout;
		this.#write = write;
		this.#findings = new FindingLines(layout);
		this.#causes = new CauseLines(layout);
	}

	showFrame(captured: CapturedFrame, frame: Frame, port: Port | null): void {
		this.#showDay(captured.time);
		const text = frameToText(captured, frame, port, this.#layout.paint);
		this.#write(layOutFrame(text, this.#layout));
	}

	showJourney(journey: Journey): void {
		this.#showDay(journey.hops[0]?.time ?? null);
		const text = journeyToText(journey, this.#layout.paint);
		this.#write(layOutJourney(text, this.#layout));
	}

	showExchange(exchange: Exchange): boolean {
		this.#noteTrouble(exchange);
		if (!isWorthARow(exchange) && !this.#causes.hasNews(exchange)) {
			return false;
		}
		this.#showDay(exchange.since);
		const text = exchangeToText(exchange, this.#layout.paint);
		this.#write(layOutJourney(text, this.#layout));
		this.#write(this.#causes.tell(exchange));
		return true;
	}

	showTopology(topology: Topology): void {
		const before = this.#topology;
		this.#topology = topology;
		const changes = before && listTopologyChanges(before, topology);
		for (const change of changes ?? []) {
			this.#write(`${this.#layout.paint("quiet", `• ${change}`)}\n`);
		}
		this.#write(this.#findings.tell(topology));
	}

	#noteTrouble(exchange: Exchange): void {
		this.#troubles.delete(exchange.id);
		const { outcome, causes } = exchange;
		const isTrouble =
			causes.length > 0 ||
			(outcome !== "delivered" && outcome !== "inconclusive");
		if (isTrouble && this.#troubles.size < troubleLimit) {
			this.#troubles.set(exchange.id, exchange);
		}
	}

	/** The last rows are what people look for. */
	#showTroubles(): void {
		if (this.#troubles.size > 0) {
			this.#write(`\n${this.#layout.paint("strong", "What went wrong:")}\n`);
		}
		const causes = new CauseLines(this.#layout);
		for (const exchange of this.#troubles.values()) {
			const text = exchangeToText(exchange, this.#layout.paint);
			this.#write(layOutJourney(text, this.#layout));
			this.#write(causes.tell(exchange));
		}
	}

	/** The rows have the time of day only: a new day is said above them. */
	#showDay(time: LogTime | null): void {
		const day = time === null ? this.#day : formatDay(time);
		if (day !== this.#day) {
			this.#day = day;
			this.#write(layOutHeading(day, this.#layout));
		}
	}

	showTotals(totals: Totals): void {
		const { frames, journeys, exchanges, letGo, addresses, reason } = totals;
		const { paint } = this.#layout;
		const outcomes = [
			`${marks.delivered.mark} ${journeys.delivered} delivered`,
			`${marks.lost.mark} ${journeys.lost} lost`,
			`${marks.inconclusive.mark} ${journeys.inconclusive} cannot tell`,
		];
		const total = journeys.delivered + journeys.lost + journeys.inconclusive;
		const lines = [
			`${formatCount(total, "journey")}: ${outcomes.join("   ")}`,
			describeExchanges(exchanges),
			`${formatCount(frames.read, "frame")} read, ${frames.relevant} of ARP, DHCP or ICMP${formatTroubles(frames)}; ${reason}`,
			describeLetGo(letGo),
			describeUntold(totals, this.#log.ports),
			describePorts(this.#log.ports),
			...formatAddresses(addresses),
		];
		const { columns } = this.#layout;
		const rows = lines
			.filter((line) => line !== "")
			.flatMap((line) =>
				columns === null ? [line] : wrap(line.split(" "), columns),
			);
		this.#write(`\n${rows.map((row) => `${paint("quiet", row)}\n`).join("")}`);
		this.#showTroubles();
	}
}

/** How exchanges ended, those outcomes that there were; empty without exchanges. */
function describeExchanges(counts: Totals["exchanges"]): string {
	const parts = exchangeOutcomes
		.filter((outcome) => counts[outcome] > 0)
		.map((outcome) => {
			const word = outcome === "inconclusive" ? "cannot tell" : outcome;
			return `${exchangeMarks[outcome].mark} ${counts[outcome]} ${word}`;
		});
	const total = exchangeOutcomes.reduce((sum, each) => sum + counts[each], 0);
	return total === 0
		? ""
		: `${formatCount(total, "exchange")}: ${parts.join("   ")}`;
}

const exchangeOutcomes = [
	"delivered",
	"degraded",
	"refused",
	"lost",
	"unanswered",
	"inconclusive",
] as const;

function formatTroubles(frames: Totals["frames"]): string {
	const troubles: readonly (readonly [number, string])[] = [
		[frames.malformed, "malformed or cut"],
		[frames.untimed, "without a time"],
		[frames.dropped, "lost by the capture"],
	];
	return troubles
		.filter(([count]) => count > 0)
		.map(([count, what]) => `, ${count} ${what}`)
		.join("");
}

/** What there was too much of; verdicts that rest on it are inconclusive. */
function describeLetGo(letGo: LetGo): string {
	const parts: readonly (readonly [number, string])[] = [
		[letGo.journeys, "journeys settled early"],
		[letGo.exchanges, "exchanges judged early"],
		[letGo.messages, "messages of an exchange not kept"],
		[letGo.unordered, "frames followed out of order"],
		[letGo.addresses, "addresses forgotten"],
	];
	const reached = parts.filter(([count]) => count > 0);
	return reached.length === 0
		? ""
		: `too much at once: ${reached.map(([count, what]) => `${count} ${what}`).join(", ")}`;
}

/** That a frame called lost may be one that the capture lost, where its files do not say. */
function describeUntold(
	{ journeys, exchanges }: Totals,
	ports: readonly Port[],
): string {
	const missing = journeys.lost + exchanges.lost + exchanges.unanswered;
	const isUntold = ports.some(({ drops }) => drops === null);
	return missing > 0 && isUntold
		? 'what the capture itself lost is not told: if tcpdump said "dropped by kernel", what is missing here may be that'
		: "";
}

/** Which roles the paths rest on, and that they were only inferred. */
function describePorts(ports: readonly Port[]): string {
	const described = ports
		.filter((port) => port.role !== "unknown")
		.map((port): SafeText | string => `${port.name} ${port.role}`);
	const isInferred = ports.some((port) => port.isInferred);
	return described.length === 0
		? ""
		: `${described.join(", ")}${isInferred ? " (inferred from names and traffic)" : ""}`;
}
