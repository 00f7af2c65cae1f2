import { addNs, elapsedNs, type LogTime } from "../model/capture.js";
import type { Direction } from "../model/frame.js";
import { type Journey, type Sighting, settleNs } from "../model/journey.js";
import type { Port } from "../model/port.js";
import { type ExpectedPath, expectPath } from "./expected-path.js";
import { follow, type OpenStep } from "./follow.js";
import { Heap } from "./heap.js";
import { type Coverage, judge } from "./judge.js";
import { learnFromHop, learnFromStart } from "./learn.js";
import { reportJourney } from "./report.js";
import { canBeRouted } from "./routed.js";
import { hasLegAt, type Leg, lastTime, type Trip } from "./trip.js";
import { TripIndex } from "./trip-index.js";
import { Whereabouts } from "./whereabouts.js";

/** One that has arrived: after its last sighting, for the copies that come with it. */
const arrivedSettleNs = 100_000_000;
/** So long after it settled, a late sighting still finds its trip. */
const lateNs = 5_000_000_000;
/** More trips than this are not kept: the oldest settle, or are forgotten, early. */
const tripLimit = 65_536;
/** More identical frames than this are not counted as one train. */
const trainLimit = 256;

interface Timer {
	readonly at: LogTime;
	readonly trip: Trip;
	readonly kind: "settle" | "forget";
}

/** What the tracer is told of the log it works on. */
export interface TracerOptions {
	readonly ports: readonly Port[];
	readonly coverage: Coverage;
	/** @param now when it settled, or what is new came up */
	readonly emit: (journey: Journey, trip: Trip, now: LogTime) => void;
}

/**
 * Turns sightings, in order of time, into journeys. It knows no clock: trips settle as
 * the log's time goes on.
 */
export class Tracer {
	readonly #options: TracerOptions;
	readonly whereabouts = new Whereabouts();
	readonly #trips = new TripIndex();
	readonly #timers = new Heap<Timer>((a, b) => elapsedNs(a.at, b.at) > 0);
	#nextId = 1;
	#settledEarly = 0;

	constructor(options: TracerOptions) {
		this.#options = options;
	}

	/** Trips that had to settle early because too many were open. */
	get settledEarly(): number {
		return this.#settledEarly;
	}

	take(sighting: Sighting): void {
		this.advance(sighting.time);
		const known = this.#trips.ofFingerprint(sighting.fingerprint);
		const open = known.filter((trip) => !trip.isSettled);
		const step = follow(sighting, open, this.whereabouts);
		if (step.kind === "join") {
			this.#join(sighting, step.direction, step.trips);
			return;
		}
		const routed = this.#findRouted(sighting);
		const late = step.isIngress ? null : findLate(sighting, known);
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
		for (;;) {
			const timer = this.#timers.first;
			if (timer === undefined || elapsedNs(timer.at, until) <= 0) {
				return;
			}
			this.#timers.pop();
			this.#ring(timer);
		}
	}

	/** Lets all trips settle now. @param doubt why they are cut short, if they are */
	finish(doubt: string | null): void {
		for (let timer = this.#timers.pop(); timer; timer = this.#timers.pop()) {
			timer.trip.doubt ??= timer.trip.isSettled ? null : doubt;
			this.#ring(timer);
		}
	}

	#open(sighting: Sighting, step: OpenStep): void {
		const leg = { sighting, direction: step.direction, isRouted: false };
		const trip: Trip = {
			id: this.#nextId++,
			fingerprints: [sighting.fingerprint],
			routedFingerprint: sighting.routedFingerprint,
			legs: [leg],
			ingress: step.isIngress ? leg : null,
			reflectionOf: step.reflectionOf?.id ?? null,
			train: null,
			deadline: addNs(sighting.time, settleNs),
			isSettled: false,
			revision: 0,
			doubt: null,
		};
		this.#trips.add(trip);
		this.#setTimer(trip, "settle");
		learnFromStart(trip, this.whereabouts);
		this.#settleIfArrived(trip);
		while (this.#trips.size > tripLimit) {
			this.#letGo();
		}
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
		const leg: Leg = { sighting, direction, isRouted };
		trip.legs.push(leg);
		if (isRouted) {
			this.#trips.addFingerprint(trip, sighting.fingerprint);
		}
		learnFromHop(trip, leg, this.whereabouts);
		if (trip.isSettled) {
			trip.revision += 1;
			this.#report(trip, sighting.time);
		} else {
			this.#settleIfArrived(trip);
		}
	}

	/** The trip that a sighting is the routed leg of (rule 6), if only one can be. */
	#findRouted(sighting: Sighting): Trip | null {
		const { routedFingerprint, direction, port } = sighting;
		const isIngress = direction === "in" && port?.role !== "bridge";
		if (routedFingerprint === null || isIngress) {
			return null;
		}
		const candidates = this.#trips.ofRoutedFingerprint(routedFingerprint);
		const fitting = candidates.filter((trip) => canBeRouted(trip, sighting));
		const [only, ...others] = fitting;
		if (only === undefined || others.length === 0) {
			return only ?? null;
		}
		for (const trip of fitting) {
			trip.doubt ??= `${fitting.length} packets that look alike were routed at once: which is which cannot be told`;
		}
		return null;
	}

	/** A trip that has arrived need not wait for more than the copies that come with it. */
	#settleIfArrived(trip: Trip): void {
		const { ports } = this.#expect(trip);
		const target = ports.at(-1);
		if (target && ports.length > 1 && hasLegAt(trip, target)) {
			trip.deadline = addNs(lastTime(trip), arrivedSettleNs);
			this.#setTimer(trip, "settle");
		}
	}

	#ring({ trip, at, kind }: Timer): void {
		if (kind === "forget") {
			this.#trips.delete(trip);
			return;
		}
		if (trip.isSettled || elapsedNs(trip.deadline, at) < 0) {
			return;
		}
		const due = latestDeadline(trip);
		if (elapsedNs(due, at) < 0) {
			this.#timers.push({ at: due, trip, kind });
			return;
		}
		trip.isSettled = true;
		this.#report(trip, at);
		trip.deadline = addNs(at, lateNs);
		this.#setTimer(trip, "forget");
	}

	/** Makes room: the trip whose turn is next settles, or is forgotten, now. */
	#letGo(): void {
		const timer = this.#timers.pop();
		if (timer !== undefined) {
			if (timer.kind === "settle" && !timer.trip.isSettled) {
				this.#settledEarly += 1;
				timer.trip.doubt ??=
					"too many frames were on their way at once to follow them all";
				timer.trip.deadline = timer.at;
			}
			this.#ring(timer);
		}
	}

	#setTimer(trip: Trip, kind: Timer["kind"]): void {
		this.#timers.push({ at: trip.deadline, trip, kind });
	}

	#expect(trip: Trip): ExpectedPath {
		return expectPath(trip, this.#options.ports, this.whereabouts);
	}

	#report(trip: Trip, now: LogTime): void {
		const expected = this.#expect(trip);
		const judgement = judge(trip, expected, this.#options.coverage);
		const { whereabouts } = this;
		const journey = reportJourney(trip, expected, judgement, whereabouts);
		this.#options.emit(journey, trip, now);
	}
}

/** The one settled trip that lacks a sighting which comes late; null: none, or several. */
function findLate(sighting: Sighting, trips: readonly Trip[]): Trip | null {
	const lacking = trips.filter(
		(trip) => trip.isSettled && !hasLegAt(trip, sighting.port),
	);
	const [only] = lacking;
	return lacking.length === 1 && only ? only : null;
}

/** Puts trips that cannot be told apart into one train. */
function joinTrain(trips: readonly Trip[]): void {
	if (trips.length < 2) {
		return;
	}
	const train = trips.find((trip) => trip.train)?.train ?? { members: [] };
	for (const trip of trips) {
		if (trip.train === null && train.members.length < trainLimit) {
			trip.train = train;
			train.members.push(trip);
		}
	}
}

/** The members of a train settle together, so that all its counts are in. */
function latestDeadline(trip: Trip): LogTime {
	let latest = trip.deadline;
	for (const { deadline } of trip.train?.members ?? []) {
		latest = elapsedNs(latest, deadline) > 0 ? deadline : latest;
	}
	return latest;
}
