import type { CapturedFrame } from "../model/capture.js";
import type { Exchange } from "../model/exchange.js";
import type { Frame } from "../model/frame.js";
import type { Journey } from "../model/journey.js";
import type { Port } from "../model/port.js";
import type { Topology } from "../model/topology.js";
import { exchangeToJson } from "./exchange-json.js";
import {
	frameToJson,
	journeyToJson,
	metaToJson,
	totalsToJson,
} from "./json.js";
import type { LogDescription, Presenter, Totals } from "./presenter.js";
import { topologyToJson } from "./topology-json.js";

/**
 * JSON lines. The first one is the `meta` object; it comes again, before the object that
 * needs it, when an interface came up, and at the end if anything in it changed.
 */
export class JsonPresenter implements Presenter {
	readonly #version: string;
	readonly #log: LogDescription;
	readonly #write: (text: string) => void;
	#shownPorts = -1;
	#shownMeta = "";

	/** @param write takes whole lines, line feed included */
	constructor(
		version: string,
		log: LogDescription,
		write: (text: string) => void,
	) {
		this.#version = version;
		this.#log = log;
		this.#write = write;
	}

	showFrame(captured: CapturedFrame, frame: Frame, port: Port | null): void {
		this.#showNewPorts();
		const source = this.#log.sources[captured.interface.source];
		this.#writeLine(frameToJson(source?.file ?? null, captured, frame, port));
	}

	showJourney(journey: Journey): void {
		this.#showNewPorts();
		this.#writeLine(journeyToJson(journey));
	}

	showExchange(exchange: Exchange): boolean {
		this.#showNewPorts();
		this.#writeLine(exchangeToJson(exchange));
		return true;
	}

	showTopology(topology: Topology): void {
		this.#showNewPorts();
		this.#writeLine(topologyToJson(topology));
	}

	showTotals(totals: Totals): void {
		this.#showMeta();
		this.#writeLine(totalsToJson(totals));
	}

	#showNewPorts(): void {
		if (this.#log.ports.length !== this.#shownPorts) {
			this.#showMeta();
		}
	}

	#showMeta(): void {
		const meta = JSON.stringify(metaToJson(this.#version, this.#log));
		this.#shownPorts = this.#log.ports.length;
		if (meta !== this.#shownMeta) {
			this.#shownMeta = meta;
			this.#write(`${meta}\n`);
		}
	}

	#writeLine(value: object): void {
		this.#write(`${JSON.stringify(value)}\n`);
	}
}
