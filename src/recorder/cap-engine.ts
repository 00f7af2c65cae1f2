import { elapsedNs, type LogTime } from "../model/capture.js";
import { type ChildCommand, findCapCommand } from "./cap-command.js";
import { buildCapFilters } from "./cap-filter.js";
import { CapPort } from "./cap-port.js";
import type {
	CaptureEngine,
	EngineFrame,
	EngineOptions,
	EnginePort,
	PortDrops,
	PortFailure,
} from "./engine.js";

/** A child that has not begun by then does not begin. */
const openMs = 10_000;
/** How long the children are waited for to say how far they are. */
const markMs = 50;
/** Marks are asked for before `drain` is, and may be so much older than its `until`. */
const markAgeNs = 15_000_000;
const handlesPerPort = 3;
const smallestRing = 64 * 1024;

/**
 * Captures by libpcap through the package `cap`, one child process a port.
 *
 * What `cap` is: its frames have no time stamp, so they are stamped when a child reads
 * them, half a millisecond after they passed, in a flood some ten; those it loses it does
 * not count (of 32,000 frames a second over three ports it saw 41 %, of 5,000 all); it
 * holds every port promiscuous; it opens ports by name; and libpcap hides from it the
 * direction of the first frame each way.
 *
 * @throws {EngineError} when the package is not there
 */
export function createCapEngine(
	options: EngineOptions,
	command: ChildCommand = findCapCommand(),
): CaptureEngine {
	return new CapEngine(options, command);
}

class CapEngine implements CaptureEngine {
	readonly name = "cap";
	readonly time = "userland";
	readonly countsDrops = false;
	readonly #options: EngineOptions;
	readonly #command: ChildCommand;
	readonly #captures = new Set<CapPort>();
	/** Of those, and of others that were closed: until their child is gone. */
	readonly #running = new Set<CapPort>();
	#frame: EngineFrame | null = null;
	#isToldOfPromiscuity = false;
	#wake: () => void = () => {};

	constructor(options: EngineOptions, command: ChildCommand) {
		this.#options = options;
		this.#command = command;
	}

	async open(port: EnginePort): Promise<PortFailure | null> {
		this.#tellOfPromiscuity(port);
		const capture = this.#start(port);
		const timer = setTimeout(
			() => capture.close("its capture process did not begin within 10 s"),
			openMs,
		);
		const reason = await capture.opened;
		clearTimeout(timer);
		if (reason === null) {
			return null;
		}
		this.#captures.delete(capture);
		capture.close();
		return { port, reason };
	}

	close(port: EnginePort): void {
		for (const capture of this.#captures) {
			if (capture.port.index === port.index) {
				capture.close();
			}
		}
	}

	async wait(timeoutMs: number): Promise<void> {
		await this.#sleep(timeoutMs, () =>
			this.#some(({ frames, isOver }) => frames > 0 || isOver),
		);
		for (const capture of this.#captures) {
			capture.askMark();
		}
		await this.#sleep(
			markMs,
			() => !this.#some(({ isMarkAsked }) => isMarkAsked),
		);
	}

	drain(until: LogTime, take: (frame: EngineFrame) => boolean): boolean {
		let isWhole = true;
		for (const capture of [...this.#captures]) {
			this.#frame ??= emptyFrame(capture.port);
			if (!capture.drain(this.#frame, take)) {
				return false;
			}
			if (capture.isOver) {
				this.#forget(capture);
			} else if (capture.isCapturing) {
				isWhole &&= elapsedNs(capture.mark, until) <= markAgeNs;
			}
		}
		return isWhole;
	}

	/** `cap` does not tell. */
	readDrops(): readonly PortDrops[] {
		return [];
	}

	async stop(): Promise<void> {
		for (const capture of this.#captures) {
			capture.close();
		}
		this.#captures.clear();
		await Promise.all(Array.from(this.#running, ({ ended }) => ended));
	}

	#start(port: EnginePort): CapPort {
		const { bufferBytes, filter, snapLength } = this.#options;
		const { name, linkType } = port;
		const config = {
			...{ name, linkType, snapLength },
			bufferBytes: Math.max(
				smallestRing,
				Math.floor(bufferBytes / handlesPerPort),
			),
			...buildCapFilters(linkType, filter),
		};
		const onNews = () => this.#wake();
		const capture = new CapPort(port, config, this.#command, onNews);
		this.#captures.add(capture);
		this.#running.add(capture);
		capture.ended.then(() => this.#running.delete(capture));
		return capture;
	}

	/** Its end is told behind its last frame. */
	#forget(capture: CapPort): void {
		this.#captures.delete(capture);
		const { port, failure } = capture;
		if (failure !== null) {
			this.#options.onPortEnd({ port, reason: failure });
		}
	}

	#some(holds: (capture: CapPort) => boolean): boolean {
		return [...this.#captures].some(holds);
	}

	/** Resolves when `isDone`, which what comes from a child may change, or after `ms`. */
	#sleep(ms: number, isDone: () => boolean): Promise<void> {
		if (isDone()) {
			return Promise.resolve();
		}
		return new Promise((resolve) => {
			const finish = () => {
				clearTimeout(timer);
				this.#wake = () => {};
				resolve();
			};
			const timer = setTimeout(finish, ms);
			this.#wake = () => {
				if (isDone()) {
					finish();
				}
			};
		});
	}

	#tellOfPromiscuity({ name, isPromiscuous }: EnginePort): void {
		if (!isPromiscuous && !this.#isToldOfPromiscuity) {
			this.#isToldOfPromiscuity = true;
			this.#options.onNotice(
				`the cap engine holds ${name} and every other port promiscuous: one that is in no bridge may take frames that it would refuse otherwise`,
			);
		}
	}
}

function emptyFrame(port: EnginePort): EngineFrame {
	const bytes = Buffer.alloc(0);
	const numbers = { seconds: 0, nanos: 0, start: 0, captured: 0, length: 0 };
	return { port, bytes, flags: 0, ...numbers };
}
