import type { Mac } from "../model/address.js";
import { elapsedNs, epoch, type LogTime } from "../model/capture.js";
import type { Port } from "../model/port.js";
import { AgingMap } from "./aging-map.js";

/** Where a MAC address lives: behind a port; behind a bridge means the host itself. */
export interface Place {
	readonly port: Port;
	/** The capture proves it, not only suggests it. */
	readonly isCertain: boolean;
	/** When a frame from there was seen first. */
	readonly since: LogTime;
	/** Where it was proven to live before; null when it was never seen to move. */
	readonly before: Port | null;
	/** How often it was seen to move: twice or more, and two cards have the address. */
	readonly moves: number;
}

/** More addresses than this are forgotten, the oldest first. */
const placeLimit = 16_384;

/** Which port each MAC address is behind. */
export class Places {
	readonly #places = new AgingMap<Mac, Place>();
	#forgotten = 0;

	/** Addresses let go because there were too many. */
	get forgotten(): number {
		return this.#forgotten;
	}

	find(mac: Mac): Place | null {
		return this.#places.get(mac) ?? null;
	}

	/**
	 * A frame of this sender came in by `port`. What is certain is not unlearned.
	 *
	 * @param stack ports that lie upon each other, `port` among them
	 */
	learn(
		mac: Mac,
		port: Port,
		isCertain: boolean,
		time: LogTime,
		stack: readonly Port[],
	): void {
		const old = this.#places.get(mac);
		if (old?.port === port) {
			if (isCertain && !old.isCertain) {
				this.#places.set(mac, { ...old, isCertain });
			}
			return;
		}
		if (old?.isCertain && !isCertain) {
			return;
		}
		const isStacked = old !== undefined && stack.includes(old.port);
		const hasMoved = old?.isCertain === true && !isStacked;
		this.#put(mac, {
			port,
			isCertain,
			since: isStacked ? old.since : time,
			before: hasMoved ? old.port : (old?.before ?? null),
			moves: (old?.moves ?? 0) + (hasMoved ? 1 : 0),
		});
	}

	/** The host says that the address lives there now, since `time` at the latest. */
	tell(mac: Mac, port: Port, time: LogTime): void {
		const old = this.#places.get(mac);
		const isKnown = old?.port === port;
		this.#put(mac, {
			port,
			isCertain: true,
			since: isKnown ? old.since : time,
			before: old === undefined ? null : isKnown ? old.before : old.port,
			moves: 0,
		});
	}

	/** What was taken for a port is a bridge: nobody was proven to live behind it. */
	forgetAt(port: Port): void {
		for (const [mac, place] of this.#places) {
			if (place.port === port) {
				this.#places.delete(mac);
			}
		}
	}

	/** The clock was set back to `now`: what was known before it is known since ever. */
	setClock(now: LogTime): void {
		for (const [mac, place] of this.#places) {
			if (elapsedNs(now, place.since) > 0) {
				this.#places.set(mac, { ...place, since: epoch });
			}
		}
	}

	#put(mac: Mac, place: Place): void {
		this.#places.renew(mac, place);
		this.#forgotten += this.#places.shrink(placeLimit);
	}
}
