import type { HostReader } from "../host/host-reader.js";
import { makeSafe } from "../model/safe-text.js";
import { Waiters } from "../recorder/log-output.js";

/** A host of which nothing new was heard for so long is not waited for without a word. */
const patienceMs = 1000;
/** Nor is one that is busy, and says one thing after the other. */
const wholePatienceMs = 4000;

/** Who is told how the first reading of a host goes. */
export interface FirstReadingEvents {
	/** All that the host says was said once. */
	onWhole(): void;
	/** It takes long; once. @param programs those that have not answered yet */
	onSlow(programs: string): void;
}

/** The first reading of all that a host says, while it goes on. */
export class FirstReading {
	readonly #host: HostReader;
	readonly #events: FirstReadingEvents;
	readonly #waiters = new Waiters();
	#isWhole = false;
	#isSlow = false;
	#isOver = false;
	#timer: NodeJS.Timeout;
	readonly #wholeTimer: NodeJS.Timeout;

	/** Begins to read. */
	constructor(host: HostReader, events: FirstReadingEvents) {
		this.#host = host;
		this.#events = events;
		this.#timer = this.#startTimer(patienceMs);
		this.#wholeTimer = this.#startTimer(wholePatienceMs);
		void host.readAll().then(() => this.#finish());
	}

	/** Whether nothing more will come of it. */
	get isOver(): boolean {
		return this.#isWhole || this.#isOver;
	}

	/** A document came. */
	note(): void {
		clearTimeout(this.#timer);
		if (!this.#isSlow && !this.isOver) {
			this.#timer = this.#startTimer(patienceMs);
		}
		this.#waiters.wake();
	}

	/** Nobody waits any more. */
	end(): void {
		this.#isOver = true;
		this.#clearTimers();
		this.#waiters.wake();
	}

	/** Resolves when the host says something, has said all, or nobody waits any more. */
	async next(): Promise<void> {
		if (!this.isOver) {
			await this.#waiters.wait(patienceMs);
		}
	}

	/** Resolves when all is said, takes long, or nobody waits any more. */
	async wholeOrSlow(): Promise<void> {
		while (!this.isOver && !this.#isSlow) {
			await this.next();
		}
	}

	#clearTimers(): void {
		clearTimeout(this.#timer);
		clearTimeout(this.#wholeTimer);
	}

	#startTimer(ms: number): NodeJS.Timeout {
		return setTimeout(() => {
			this.#isSlow = true;
			this.#clearTimers();
			const { waitedFor } = this.#host;
			const programs = waitedFor.length === 0 ? ["the host"] : waitedFor;
			this.#events.onSlow(makeSafe(programs.join(", ")));
			this.#waiters.wake();
		}, ms);
	}

	#finish(): void {
		if (!this.#isOver) {
			this.#isWhole = true;
			this.#clearTimers();
			this.#events.onWhole();
			this.#waiters.wake();
		}
	}
}

/** @param isCapturing the ports are known without what is waited for */
export function describeWait(programs: string, isCapturing: boolean): string {
	const what = isCapturing
		? "frames are captured, and what it tells comes later"
		: "what to capture is not known before";
	return `waiting for ${programs}: ${what}`;
}
