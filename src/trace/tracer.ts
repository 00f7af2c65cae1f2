import { addNs, elapsedNs, type LogTime } from "../model/capture.js";
import type { Direction } from "../model/frame.js";
import { type Sighting, settleNs } from "../model/journey.js";
import { type Circumstances, createCircumstances } from "./circumstances.js";
import { expectPath } from "./expected-path.js";
import { follow, type OpenStep } from "./follow.js";
import { judge } from "./judge.js";
import { findLeap } from "./leap.js";
import { learnFromHop, learnFromStart } from "./learn.js";
import { arrivedSettleNs, lateNs, legLimit } from "./limits.js";
import { LostTrips } from "./lost-trips.js";
import { reportJourney } from "./report.js";
import { makeRoom } from "./room.js";
import { findRouted } from "./routed.js";
import { findLate, isProvenIngress, isSeenTwice, mayArriveAt } from "./seen.js";
import { type Timer, Timers } from "./timers.js";
import type { TracerOptions } from "./tracer-options.js";
import { joinTrain, latestDeadline } from "./train.js";
import { findTranslated } from "./translated.js";
import { addLeg, createTrip, hasLegAt, type Leg, type Trip } from "./trip.js";
import { TripIndex } from "./trip-index.js";
import { Whereabouts } from "./whereabouts.js";

/**
 * Turns sightings, in order of time, into journeys. It knows no clock: trips settle as
 * the log's time goes on.
 */
export class Tracer {
	readonly whereabouts: Whereabouts;
	readonly #options: TracerOptions;
	readonly #circumstances: Circumstances;
	readonly #trips = new TripIndex();
	readonly #timers = new Timers();
	readonly #lost = new LostTrips();
	#latest: LogTime | null = null;
	/** Why whatever settles now is in doubt; null: it need not be. */
	#doubt: string | null = null;
	#nextId = 1;
	#settledEarly = 0;
	#passedOver = 0;

	constructor(options: TracerOptions) {
		this.#options = options;
		const { coverage, clocks, ports } = options;
		this.whereabouts = new Whereabouts(ports);
		this.#circumstances = createCircumstances(
			coverage,
			clocks,
			this.#trips,
			this.whereabouts.membership,
		);
	}

	/** Trips that had to settle early because too many were open. */
	get settledEarly(): number {
		return this.#settledEarly;
	}

	/** Sightings that are no place of a trip: seen twice, or too many of one trip. */
	get passedOver(): number {
		return this.#passedOver;
	}

	take(sighting: Sighting): void {
		const { time, fingerprint } = sighting;
		const leap = findLeap(this.#latest, sighting, this.#trips);
		if (leap !== null) {
			this.finish(leap);
		}
		this.#latest = time;
		this.advance(time);
		this.#circumstances.clocks.note(sighting);
		this.#circumstances.presence.note(sighting);
		const about = this.#trips.ofTime(fingerprint, time);
		if (about.some((trip) => isSeenTwice(trip, sighting))) {
			this.#passedOver += 1;
			return;
		}
		const open = this.#trips.openOf(fingerprint);
		const step =
			findTranslated(sighting, this.#trips, this.whereabouts) ??
			follow(sighting, open, this.whereabouts);
		if (step.kind === "join") {
			this.#join(sighting, step.direction, step.trips);
			return;
		}
		const routed = findRouted(sighting, this.#trips, this.whereabouts);
		const late = step.isIngress
			? null
			: findLate(sighting, this.#trips.ofFingerprint(fingerprint));
		if (routed !== null) {
			this.#add(routed, sighting, "out", true);
		} else if (late !== null) {
			this.#add(late, sighting, step.direction, false);
		} else {
			this.#open(sighting, step);
		}
	}

	/** Lets trips settle whose time has come. */
	advance(until: LogTime): void {
		let timer = this.#timers.first;
		while (timer !== null && elapsedNs(timer.at, until) > 0) {
			this.#timers.take();
			this.#ring(timer);
			timer = this.#timers.first;
		}
	}

	/** Until that is taken back (null), whatever settles is cut short, for this reason. */
	setDoubt(doubt: string | null): void {
		this.#doubt = doubt;
	}

	/** Frames came late: what was told to be lost at those times is judged again. */
	reconsider(times: readonly LogTime[], now: LogTime): void {
		for (const trip of times.flatMap((time) => this.#lost.about(time))) {
			trip.revision += 1;
			this.#report(trip, now);
		}
	}

	/** The clock of the log was set to `now`: what is known goes on by the new one. */
	setClock(now: LogTime): void {
		this.#latest = null;
		this.whereabouts.setClock(now);
		this.#circumstances.answers.setClock(now);
		this.#circumstances.presence.setClock(now);
	}

	/** Lets all trips settle now. @param doubt why they are cut short, if they are */
	finish(doubt: string | null): void {
		for (let timer = this.#timers.take(); timer; timer = this.#timers.take()) {
			timer.trip.doubt ??= timer.trip.isSettled ? null : doubt;
			this.#ring(timer);
		}
	}

	#open(sighting: Sighting, step: OpenStep): void {
		const { direction, isIngress, reflectionOf } = step;
		const leg: Leg = { sighting, direction, isRouted: false };
		const trip = createTrip(this.#nextId++, leg, {
			isIngress,
			isProven: isIngress && isProvenIngress(leg, this.whereabouts),
			reflectionOf: reflectionOf?.id ?? null,
			deadline: addNs(sighting.time, settleNs),
		});
		this.#trips.add(trip);
		this.#timers.set(trip, trip.deadline, "settle");
		this.#circumstances.noteDirection(sighting, direction);
		learnFromStart(trip, this.whereabouts);
		this.#settleIfArrived(trip, sighting);
		makeRoom(this.#timers, this.#trips, sighting.fingerprint, {
			forget: (timer) => this.#ring(timer),
			settleEarly: (timer) => this.#settleEarly(timer),
		});
	}

	/** Of several trips that it may belong to, the oldest is taken: they are a train. */
	#join(
		sighting: Sighting,
		direction: Direction | null,
		trips: readonly Trip[],
	): void {
		const [oldest] = trips;
		if (oldest !== undefined) {
			joinTrain(trips);
			this.#add(oldest, sighting, direction, false);
		}
	}

	#add(
		trip: Trip,
		sighting: Sighting,
		direction: Direction | null,
		isRouted: boolean,
	): void {
		if (trip.legs.length >= legLimit) {
			this.#passedOver += 1;
			return;
		}
		const leg: Leg = { sighting, direction, isRouted };
		addLeg(trip, leg);
		if (isRouted) {
			this.#trips.addFingerprint(trip, sighting.fingerprint);
		}
		this.#circumstances.noteDirection(sighting, direction);
		learnFromHop(trip, leg, this.whereabouts);
		if (trip.isSettled) {
			this.#trips.close(trip);
			trip.revision += 1;
			this.#report(trip, sighting.time);
		} else if (isRouted || mayArriveAt(trip, sighting.port)) {
			this.#settleIfArrived(trip, sighting);
		}
	}

	/** A trip that has arrived need not wait for more than the copies that come with it. */
	#settleIfArrived(trip: Trip, { time }: Sighting): void {
		const { ports } = expectPath(trip, this.#options.ports, this.whereabouts);
		trip.target = ports.at(-1) ?? null;
		if (ports.length > 1 && hasLegAt(trip, trip.target)) {
			trip.deadline = addNs(time, arrivedSettleNs);
			this.#timers.set(trip, trip.deadline, "arrived");
		}
	}

	#ring({ trip, at, kind }: Timer): void {
		if (kind === "forget") {
			this.#trips.delete(trip);
			this.#lost.delete(trip);
			return;
		}
		if (trip.isSettled || elapsedNs(trip.deadline, at) < 0) {
			return;
		}
		const due = latestDeadline(trip);
		if (elapsedNs(due, at) < 0) {
			this.#timers.set(trip, due, kind);
			return;
		}
		trip.isSettled = true;
		this.#trips.close(trip);
		trip.doubt ??= this.#doubt;
		this.#report(trip, at);
		trip.deadline = addNs(at, lateNs);
		this.#timers.set(trip, trip.deadline, "forget");
	}

	#settleEarly(timer: Timer): void {
		const { trip, kind, at } = timer;
		if (kind !== "forget" && !trip.isSettled) {
			this.#settledEarly += 1;
			trip.doubt ??=
				"too many frames were on their way at once to follow them all";
			trip.deadline = at;
			trip.train = null;
		}
		this.#ring(timer);
	}

	#report(trip: Trip, now: LogTime): void {
		const expected = expectPath(trip, this.#options.ports, this.whereabouts);
		const judgement = judge(trip, expected, this.#circumstances);
		const journey = reportJourney(trip, expected, judgement, this.whereabouts);
		this.#lost.note(trip, judgement.outcome);
		this.#options.emit(journey, trip, now);
	}
}
