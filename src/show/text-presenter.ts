import type { CapturedFrame, LogTime } from "../model/capture.js";
import type { Exchange } from "../model/exchange.js";
import type { Frame } from "../model/frame.js";
import type { Journey } from "../model/journey.js";
import type { LetGo } from "../model/let-go.js";
import type { Port } from "../model/port.js";
import type { SafeText } from "../model/safe-text.js";
import { formatAddresses } from "./addresses.js";
import { exchangeToText, isWorthARow } from "./exchange-text.js";
import { frameToText } from "./frame-text.js";
import { journeyToText, marks } from "./journey-text.js";
import type { LogDescription, Presenter, Totals } from "./presenter.js";
import {
	type Layout,
	layOutFrame,
	layOutHeading,
	layOutJourney,
} from "./table.js";
import { formatCount, formatDay } from "./units.js";
import { wrap } from "./wrap.js";

/** Rows for people. */
export class TextPresenter implements Presenter {
	readonly #log: LogDescription;
	readonly #layout: Layout;
	readonly #write: (text: string) => void;
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
		if (!isWorthARow(exchange)) {
			return false;
		}
		this.#showDay(exchange.since);
		const text = exchangeToText(exchange, this.#layout.paint);
		this.#write(layOutJourney(text, this.#layout));
		return true;
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
		const { frames, journeys, letGo, addresses, end, reason } = totals;
		const { paint } = this.#layout;
		const outcomes = [
			`${marks.delivered.mark} ${journeys.delivered} delivered`,
			`${marks.lost.mark} ${journeys.lost} lost`,
			`${marks.inconclusive.mark} ${journeys.inconclusive} cannot tell`,
		];
		const total = journeys.delivered + journeys.lost + journeys.inconclusive;
		const lines = [
			`${formatCount(total, "journey")}: ${outcomes.join("   ")}`,
			`${formatCount(frames.read, "frame")} read, ${frames.relevant} of ARP, DHCP or ICMP${formatTroubles(frames)}; ${reason}`,
			describeLetGo(letGo),
			describePorts(this.#log.ports),
			...formatAddresses(addresses, end),
		];
		const { columns } = this.#layout;
		const rows = lines
			.filter((line) => line !== "")
			.flatMap((line) =>
				columns === null ? [line] : wrap(line.split(" "), columns),
			);
		this.#write(`\n${rows.map((row) => `${paint("quiet", row)}\n`).join("")}`);
	}
}

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
		[letGo.unordered, "frames followed out of order"],
		[letGo.addresses, "addresses forgotten"],
	];
	const reached = parts.filter(([count]) => count > 0);
	return reached.length === 0
		? ""
		: `too much at once: ${reached.map(([count, what]) => `${count} ${what}`).join(", ")}`;
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
