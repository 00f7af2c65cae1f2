import { elapsedNs, type LogTime } from "../model/capture.js";
import { dhcpType } from "../model/dhcp.js";
import type { Frame } from "../model/frame.js";
import { findPart, type Part } from "./exchange-keys.js";
import { findClosing } from "./judge-exchange.js";
import type { OpenExchange } from "./open-exchange.js";
import type { Trip } from "./trip.js";

/** Finds the exchange that a message is part of. */
export class ExchangeIndex {
	readonly #byKey = new Map<string, OpenExchange>();

	/**
	 * A question that comes after the answer begins another exchange; a DECLINE is the
	 * client's word on the answer (RFC 2131 section 3.1).
	 */
	find(part: Part, { dhcp }: Frame, time: LogTime): OpenExchange | null {
		const exchange = this.#byKey.get(part.key) ?? null;
		const closing = exchange && findClosing(exchange);
		const isAnother =
			part.kind === "question" &&
			dhcp?.messageType !== dhcpType.decline &&
			closing != null &&
			elapsedNs(closing.time, time) > 0;
		return isAnother ? null : exchange;
	}

	/** Behind a route the same packet has other addresses: its partner is found by them. */
	add(exchange: OpenExchange, { legs }: Trip, part: Part): void {
		this.#addKey(exchange, part.key);
		for (const { isRouted, sighting } of legs) {
			const routed = isRouted ? findPart(sighting.frame) : null;
			if (routed !== null) {
				this.#addKey(exchange, routed.key);
			}
		}
	}

	delete(exchange: OpenExchange): void {
		for (const key of exchange.keys) {
			if (this.#byKey.get(key) === exchange) {
				this.#byKey.delete(key);
			}
		}
	}

	#addKey(exchange: OpenExchange, key: string): void {
		exchange.keys.add(key);
		this.#byKey.set(key, exchange);
	}
}
