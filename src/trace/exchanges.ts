import { addNs, elapsedNs, type LogTime } from "../model/capture.js";
import type { Exchange } from "../model/exchange.js";
import type { Frame } from "../model/frame.js";
import { type Journey, settleNs } from "../model/journey.js";
import { AddressChecks } from "./address-checks.js";
import { AgingMap } from "./aging-map.js";
import { ArpAnswerers, findTwins } from "./arp-twins.js";
import { ExchangeIndex } from "./exchange-index.js";
import { findPart, type Part } from "./exchange-keys.js";
import { type ExchangeTimer, isSooner } from "./exchange-timer.js";
import { findExcuse, SweepWatch } from "./excuses.js";
import {
	doubtAnswer,
	type FindGap,
	isComplete,
	judgeExchange,
	patienceNs,
} from "./judge-exchange.js";
import { Lanes } from "./lanes.js";
import {
	addMessage,
	createExchange,
	type ExchangeJudgement,
	isOfInterestHere,
	type OpenExchange,
} from "./open-exchange.js";
import { reportExchange } from "./report-exchange.js";
import { firstFrame, startTime, type Trip } from "./trip.js";
import { VainDiscovers } from "./vain-discovers.js";
import type { Whereabouts } from "./whereabouts.js";

/** A lost answer settles so much later than it was seen, and a bit. */
const graceNs = settleNs + 100_000_000;
/** So long after it was judged, an exchange still takes messages. */
const keptNs = 10_000_000_000;
/** More exchanges than this are not kept: the oldest are judged, and forgotten, early. */
const exchangeLimit = 16_384;

/**
 * Joins journeys into exchanges. Journeys come as they settle, which is not the order of
 * their times; an exchange is told when all that was sent until it was complete must have
 * settled, else when its time is up, and again when something new comes up about it.
 */
export class ExchangeBook {
	/** Exchanges judged before their time, and messages not kept: there were too many. */
	readonly letGo = { exchanges: 0, messages: 0 };
	readonly #whereabouts: Whereabouts;
	readonly #findGap: FindGap;
	readonly #emit: (exchange: Exchange) => void;
	readonly #sweeps = new SweepWatch();
	/** By their ids. */
	readonly #known = new AgingMap<number, OpenExchange>();
	readonly #index = new ExchangeIndex();
	readonly #vain = new VainDiscovers();
	readonly #checks = new AddressChecks();
	readonly #answerers = new ArpAnswerers();
	readonly #timers = new Lanes<ExchangeTimer>(isSooner);
	/** Why what is open is cut short; null: it is not. */
	#doubt: string | null = null;
	#nextId = 1;

	/** @param findGap why a port may not have been captured from a time on; null: it was */
	constructor(
		whereabouts: Whereabouts,
		findGap: FindGap,
		emit: (exchange: Exchange) => void,
	) {
		this.#whereabouts = whereabouts;
		this.#findGap = findGap;
		this.#emit = emit;
	}

	/** A journey settled at `now`, or something new came up about one that had. */
	take(trip: Trip, journey: Journey, now: LogTime): void {
		const frame = firstFrame(trip);
		const time = startTime(trip);
		this.#checks.note({ frame, journey, time });
		const part = findPart(frame);
		if (part === null) {
			return;
		}
		const exchange =
			this.#index.find(part, frame, time) ?? this.#open(part, frame);
		const message = { kind: part.kind, journey, frame, time };
		this.letGo.messages += addMessage(exchange, message);
		exchange.isAskedAtTap ||=
			frame.dhcp !== null &&
			part.kind === "question" &&
			trip.ingress?.sighting.port?.role === "tap";
		this.#vain.note(exchange, message);
		this.#answerers.note(frame);
		this.#index.add(exchange, trip, part);
		this.#setDeadline(exchange, time);
		if (journey.revision > 0 && exchange.told > 0) {
			this.#tell(exchange, now);
		}
		while (this.#known.size > exchangeLimit) {
			this.#letGo(now);
		}
	}

	/** Judges the exchanges whose time is up. */
	advance(until: LogTime): void {
		const isDue = ({ at }: ExchangeTimer) => elapsedNs(at, until) >= 0;
		let timer = this.#timers.pop(isDue);
		while (timer !== undefined) {
			this.#ring(timer, timer.at);
			timer = this.#timers.pop(isDue);
		}
	}

	/**
	 * Judges all that is open: the log, or a stretch of it, ends at `end`.
	 *
	 * @param doubt why more could have come, if it could
	 */
	finish(end: LogTime, doubt: string | null = null): void {
		this.#doubt = doubt;
		for (let timer = this.#timers.pop(); timer; timer = this.#timers.pop()) {
			const at = this.#known.get(timer.id)?.deadline ?? end;
			this.#ring({ ...timer, at }, end);
		}
		for (const [, exchange] of this.#known) {
			this.#forget(exchange);
		}
		this.#vain.clear();
		this.#checks.clear();
		this.#doubt = null;
	}

	#open(part: Part, frame: Frame): OpenExchange {
		const exchange = createExchange(this.#nextId++, part, frame);
		this.#known.set(exchange.id, exchange);
		return exchange;
	}

	/**
	 * Of a complete exchange, all that had been sent settles a grace later: only then it
	 * is told, once. Another waits for its next message as well.
	 */
	#setDeadline(exchange: OpenExchange, time: LogTime): void {
		const isDone = isComplete(exchange);
		const patience = isDone ? 0 : patienceNs[exchange.protocol];
		const deadline = addNs(time, patience + graceNs);
		if (isDone || elapsedNs(exchange.deadline, deadline) > 0) {
			exchange.deadline = deadline;
		}
		this.#timers.push({ at: deadline, id: exchange.id, kind: "judge" });
	}

	/** @param now time of the log: earlier than the timer's when the log has ended */
	#ring({ id, at, kind }: ExchangeTimer, now: LogTime): void {
		const exchange = this.#known.get(id);
		if (exchange === undefined) {
			return;
		}
		if (kind === "forget") {
			// What came since this timer was set keeps it: a later one forgets it.
			const isDue = elapsedNs(exchange.deadline, at) >= keptNs;
			if (isDue) {
				this.#forget(exchange);
			}
			return;
		}
		if (elapsedNs(exchange.deadline, at) < 0) {
			this.#tellIfDecided(exchange, now);
			return;
		}
		if (exchange.isStale) {
			this.#tell(exchange, now);
		}
		// One timer rings at the deadline itself, and those that ring later need not forget.
		if (elapsedNs(exchange.deadline, at) === 0) {
			const forgetAt = addNs(at, keptNs);
			this.#timers.push({ at: forgetAt, id, kind: "forget" });
		}
	}

	/** Who goes on asking need not be waited for, once it is clear that it is in vain. */
	#tellIfDecided(exchange: OpenExchange, now: LogTime): void {
		if (exchange.told > 0) {
			return;
		}
		const judgement = this.#judge(exchange, now);
		const outcome = judgement?.outcome;
		if (outcome === "unanswered" || outcome === "lost") {
			this.#tell(exchange, now, judgement);
		}
	}

	#judge(exchange: OpenExchange, now: LogTime): ExchangeJudgement | null {
		const [doubt, findGap] = [this.#doubt, this.#findGap];
		const excuse = findExcuse(exchange, this.#whereabouts, this.#sweeps);
		const vain = this.#vain.before(exchange, findGap);
		const twins = findTwins(exchange, this.#answerers, this.#whereabouts);
		const check = this.#checks.find(exchange);
		const background = { excuse, vain, twins, check };
		const judgement = judgeExchange(exchange, now, background);
		const watch = { now, doubt, findGap };
		return judgement && doubtAnswer(exchange, judgement, vain, watch);
	}

	#tell(
		exchange: OpenExchange,
		now: LogTime,
		judgement = this.#judge(exchange, now),
	): void {
		exchange.isStale = false;
		if (judgement !== null && isOfInterestHere(exchange)) {
			const revision = exchange.told;
			exchange.told += 1;
			this.#emit(reportExchange(exchange, judgement, revision));
		}
	}

	/** Makes room: the oldest exchange is judged by what there is of it, and forgotten. */
	#letGo(now: LogTime): void {
		const { oldest } = this.#known;
		if (oldest !== undefined) {
			this.letGo.exchanges += 1;
			if (oldest.isStale) {
				this.#tell(oldest, now);
			}
			this.#forget(oldest);
		}
	}

	#forget(exchange: OpenExchange): void {
		this.#index.delete(exchange);
		exchange.isStale = false;
		this.#known.delete(exchange.id);
	}
}
