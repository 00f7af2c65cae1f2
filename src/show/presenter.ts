import type { CapturedFrame, LogTime } from "../model/capture.js";
import type { Exchange, ExchangeOutcome } from "../model/exchange.js";
import type { Frame } from "../model/frame.js";
import type { HeldAddress } from "../model/held-address.js";
import type { Journey, Outcome } from "../model/journey.js";
import type { LetGo } from "../model/let-go.js";
import type { Port } from "../model/port.js";
import type { SafeText } from "../model/safe-text.js";
import type { Topology } from "../model/topology.js";

/** A file of the log and what it says of itself. */
export interface SourceDescription {
	readonly file: SafeText;
	readonly comments: readonly SafeText[];
}

/** What is known of the log as a whole; grows while it is read. */
export interface LogDescription {
	readonly sources: readonly SourceDescription[];
	readonly ports: readonly Port[];
}

/** What came of a log, in numbers. */
export interface Totals {
	readonly frames: {
		readonly read: number;
		readonly relevant: number;
		readonly malformed: number;
		/** Records without a time: decoded and counted, not traced. */
		readonly untimed: number;
		/** Lost by the capture, as far as its files say. */
		readonly dropped: number;
	};
	/** Journeys by outcome, whether they were shown or not. */
	readonly journeys: Readonly<Record<Outcome, number>>;
	/** Exchanges by outcome, whether they were shown or not. */
	readonly exchanges: Readonly<Record<ExchangeOutcome, number>>;
	/** Who holds which IP address, by what passed; those not seen for longest first. */
	readonly addresses: readonly HeldAddress[];
	readonly letGo: LetGo;
	/** The latest time of the log; null when no record had one. */
	readonly end: LogTime | null;
	/** Why the output ends here. */
	readonly reason: string;
}

/** Shows what a session finds, as it finds it. */
export interface Presenter {
	showFrame(captured: CapturedFrame, frame: Frame, port: Port | null): void;
	showJourney(journey: Journey): void;
	/** @returns whether there was anything to show that its journeys did not */
	showExchange(exchange: Exchange): boolean;
	/** How the host is made, or that this changed. */
	showTopology(topology: Topology): void;
	showTotals(totals: Totals): void;
}
