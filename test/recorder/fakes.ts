import type {
	EventLog,
	LogFrame,
	LogHandle,
	LogPort,
	LogStatistics,
} from "../../src/capture-file/event-log.js";
import { addNs, formatTimeNs, type LogTime } from "../../src/model/capture.js";
import type { HostDocument, Tick } from "../../src/model/host-document.js";
import type {
	CaptureEngine,
	EngineFrame,
	EnginePort,
	PortDrops,
	PortFailure,
} from "../../src/recorder/engine.js";
import type {
	LogOutput,
	OutputFailure,
} from "../../src/recorder/log-output.js";
import type { MachineClock } from "../../src/recorder/real-clock.js";

const begin: LogTime = { seconds: 1_800_000_000, nanos: 0 };

/** A clock that goes on when it is told to, or waited for. */
export class FakeClock implements MachineClock {
	nowMs = 0;

	read() {
		const real = addNs(begin, this.nowMs * 1e6);
		const seconds = Math.floor(this.nowMs / 1000);
		const nanos = (this.nowMs % 1000) * 1e6;
		return { real, monotonic: { seconds, nanos } };
	}

	elapsedMs(): number {
		return this.nowMs;
	}

	async pause(ms: number): Promise<void> {
		this.nowMs += ms;
	}
}

/** An engine that hands on what it was given, and remembers what it was asked for. */
export class FakeEngine implements CaptureEngine {
	readonly name = "packet";
	readonly time = "kernel";
	readonly calls: string[] = [];
	readonly drops = new Map<string, { received: number; dropped: number }>();
	readonly refused = new Map<string, string>();
	countsDrops = true;
	/** Called when the recorder waits: the time in which things happen. */
	onWait: (waits: number) => void = () => {};
	readonly #clock: FakeClock;
	readonly #waiting: { port: EnginePort; text: string; time: LogTime }[] = [];
	readonly #open = new Map<number, EnginePort>();
	#waits = 0;

	constructor(clock: FakeClock) {
		this.#clock = clock;
	}

	/** A frame passes a port now. */
	pass(port: EnginePort, text: string, time = this.#clock.read().real): void {
		this.#waiting.push({ port, text, time });
	}

	async open(port: EnginePort): Promise<PortFailure | null> {
		const reason = this.refused.get(port.name);
		this.calls.push(`${reason ? "refuse" : "open"} ${port.name}`);
		if (reason !== undefined) {
			return { port, reason };
		}
		this.#open.set(port.index, port);
		return null;
	}

	close(port: EnginePort): void {
		this.calls.push(`close ${port.name}`);
		this.#open.delete(port.index);
	}

	async wait(timeoutMs: number): Promise<void> {
		this.#waits += 1;
		this.#clock.nowMs += timeoutMs;
		this.onWait(this.#waits);
	}

	drain(_until: LogTime, take: (frame: EngineFrame) => boolean): boolean {
		for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
			const { port, text, time } = next;
			const bytes = Buffer.from(text);
			const { length } = bytes;
			const frame = { port, ...time, bytes, start: 0, flags: 1 };
			if (!take({ ...frame, captured: length, length })) {
				return false;
			}
		}
		return true;
	}

	readDrops(): readonly PortDrops[] {
		const none = { received: 0, dropped: 0 };
		return Array.from(this.#open.values(), (port) => ({
			port,
			...(this.drops.get(port.name) ?? none),
		}));
	}

	async stop(): Promise<void> {
		this.calls.push("stop");
	}
}

/** A log that remembers, one line each, what it was given. */
export class FakeLog implements EventLog {
	readonly lines: string[] = [];
	readonly documents: HostDocument[] = [];
	readonly ticks: Tick[] = [];
	#taken = 0;

	get size(): number {
		return this.lines.length - this.#taken;
	}

	addPort(port: LogPort): LogHandle {
		this.lines.push(`port ${port.name}`);
		return { port };
	}

	endPort({ port }: LogHandle): void {
		this.lines.push(`end ${port.name}`);
	}

	addFrame({ port }: LogHandle, { bytes }: LogFrame): void {
		this.lines.push(`frame ${port.name} ${bytes}`);
	}

	addStatistics({ port }: LogHandle, { received, dropped }: LogStatistics) {
		this.lines.push(`statistics ${port.name} ${received} ${dropped}`);
	}

	addDocument(document: HostDocument): void {
		this.documents.push(document);
		this.lines.push(`document ${document.type}`);
	}

	addTick(tick: Tick): void {
		this.ticks.push(tick);
		this.lines.push(`tick ${formatTimeNs(tick.until)} ${tick.dropsTotal}`);
	}

	beginSection(): void {
		this.lines.push("section");
	}

	/** Without ticks: they come by time. */
	get events(): string[] {
		return this.lines.filter((line) => !line.startsWith("tick"));
	}

	takeBytes(): Buffer {
		const bytes = Buffer.from(this.lines.slice(this.#taken).join("\n"));
		this.#taken = this.lines.length;
		return bytes;
	}
}

/** An output that takes all, or nothing. */
export class FakeOutput implements LogOutput {
	isFull = false;
	failure: OutputFailure | null = null;
	written = 0;
	/** New files are due when this says so. */
	due = false;
	hasEnded = false;
	readonly #clock: FakeClock;
	onDrained: () => void = () => {};

	constructor(clock: FakeClock) {
		this.#clock = clock;
	}

	write(bytes: Buffer): void {
		this.written += bytes.length;
	}

	async drained(timeoutMs: number): Promise<void> {
		this.#clock.nowMs += timeoutMs;
		this.onDrained();
	}

	isDue(): boolean {
		return this.due;
	}

	rotate(): void {
		this.due = false;
	}

	async end(): Promise<void> {
		this.hasEnded = true;
	}
}
