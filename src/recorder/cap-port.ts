import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { epoch, type LogTime } from "../model/capture.js";
import { makeSafe } from "../model/safe-text.js";
import type { ChildCommand, ChildConfig } from "./cap-command.js";
import {
	createHeader,
	headerLength,
	RecordCutter,
	type RecordHeader,
	readHeader,
	recordKind,
} from "./cap-record.js";
import type { EngineFrame, EnginePort } from "./engine.js";

/** With more waiting here, the child is not read: it waits too, and `cap` loses frames. */
const waitingLimit = 4 * 1024 * 1024;
/** Of what a child prints, only the end is kept. */
const printedLimit = 4096;

/** The capture of one port, which a child process does. */
export class CapPort {
	readonly port: EnginePort;
	/** Null once it captures, or why it does not. */
	readonly opened: Promise<string | null>;
	/** The child is gone, and nothing of it is still to come. */
	readonly ended: Promise<void>;
	readonly #child: ChildProcess;
	readonly #records: Readable;
	readonly #cutter = new RecordCutter();
	readonly #onNews: () => void;
	readonly #header = createHeader();
	/** Whole records, oldest first; of the first, those before `#at` are handed on. */
	readonly #waiting: Buffer[] = [];
	#at = 0;
	#waitingBytes = 0;
	#frames = 0;
	#mark: LogTime = epoch;
	#isMarkAsked = false;
	#printed = "";
	#isCapturing = false;
	#failure: string | null = null;
	#isClosed = false;
	#settleOpened: (reason: string | null) => void = () => {};
	#settleEnded: () => void = () => {};

	/** @param onNews called when records came, or the child ended */
	constructor(
		port: EnginePort,
		config: ChildConfig,
		[program, ...args]: ChildCommand,
		onNews: () => void,
	) {
		this.port = port;
		this.#onNews = onNews;
		this.opened = new Promise((resolve) => {
			this.#settleOpened = resolve;
		});
		this.ended = new Promise((resolve) => {
			this.#settleEnded = resolve;
		});
		this.#child = spawn(program, [...args, JSON.stringify(config)], {
			stdio: ["pipe", "ignore", "pipe", "pipe"],
		});
		this.#records = this.#child.stdio[3] as Readable;
		this.#listen();
	}

	/** Frames that wait to be handed on. */
	get frames(): number {
		return this.#frames;
	}

	/** It began, and has not ended. */
	get isCapturing(): boolean {
		return this.#isCapturing && !this.isOver;
	}

	/** No more comes from it. */
	get isOver(): boolean {
		return this.#isClosed || this.#failure !== null;
	}

	/** Why it ended by itself; null: it did not. */
	get failure(): string | null {
		return this.#isClosed ? null : this.#failure;
	}

	/** Whether a mark was asked for and has not come. */
	get isMarkAsked(): boolean {
		return this.#isMarkAsked && this.isCapturing;
	}

	/** Every frame before this time has come. */
	get mark(): LogTime {
		return this.#mark;
	}

	/** Asks the child how far it is. */
	askMark(): void {
		if (this.isCapturing && !this.#isMarkAsked) {
			this.#isMarkAsked = true;
			this.#child.stdin?.write("?");
		}
	}

	/** Hands on what waits. @returns false as soon as `take` does */
	drain(frame: EngineFrame, take: (frame: EngineFrame) => boolean): boolean {
		for (let records = this.#waiting[0]; records; records = this.#waiting[0]) {
			while (this.#at < records.length) {
				const isFrame = this.#readFrame(records, frame);
				if (isFrame && !take(frame)) {
					return false;
				}
			}
			this.#waiting.shift();
			this.#waitingBytes -= records.length;
			this.#at = 0;
		}
		if (!this.isOver) {
			this.#records.resume();
		}
		return true;
	}

	/**
	 * Ends the capture; what has come can still be drained.
	 *
	 * @param reason why, for whoever waits for it to begin
	 */
	close(reason = "it was closed"): void {
		this.#isClosed = true;
		this.#kill();
		this.#settleOpened(reason);
	}

	#listen(): void {
		const child = this.#child;
		child.on("error", (error) => {
			this.#end(`its capture process cannot be started: ${error.message}`);
			this.#settleEnded();
		});
		child.on("close", (code, signal) => {
			this.#end(this.#explain(code, signal));
			this.#settleEnded();
		});
		child.stdin?.on("error", () => {
			// It ended: that is told by its `close`.
		});
		child.stderr?.on("data", (chunk: Buffer) => {
			this.#printed = (this.#printed + chunk).slice(-printedLimit);
		});
		this.#records.on("data", (chunk: Buffer) => this.#receive(chunk));
		this.#records.on("error", () => this.#kill());
	}

	#receive(chunk: Buffer): void {
		if (this.isOver) {
			return;
		}
		try {
			const records = this.#cutter.cut(chunk, (...record) =>
				this.#see(...record),
			);
			this.#waiting.push(records);
			this.#waitingBytes += records.length;
		} catch {
			this.#end("its capture process sent something that is no record");
			this.#kill();
		}
		if (this.#waitingBytes > waitingLimit) {
			this.#records.pause();
		}
		this.#onNews();
	}

	#see(header: RecordHeader, bytes: Buffer, start: number): void {
		const { kind, captured, seconds, nanos } = header;
		this.#mark = { seconds, nanos };
		if (kind === recordKind.frame) {
			this.#frames += 1;
		} else if (kind === recordKind.mark) {
			this.#isMarkAsked = false;
		} else if (kind === recordKind.ready) {
			this.#isCapturing = true;
			this.#settleOpened(null);
		} else {
			this.#end(makeSafe(bytes.subarray(start, start + captured)));
		}
	}

	/** @returns whether the record was a frame */
	#readFrame(records: Buffer, frame: EngineFrame): boolean {
		const header = this.#header;
		readHeader(records, this.#at, header);
		const start = this.#at + headerLength;
		this.#at = start + header.captured;
		if (header.kind !== recordKind.frame) {
			return false;
		}
		this.#frames -= 1;
		frame.port = this.port;
		frame.seconds = header.seconds;
		frame.nanos = header.nanos;
		frame.bytes = records;
		frame.start = start;
		frame.captured = header.captured;
		frame.length = header.length;
		frame.flags = header.flags;
		return true;
	}

	#end(reason: string): void {
		this.#failure ??= reason;
		this.#settleOpened(this.#failure);
		this.#onNews();
	}

	#explain(code: number | null, signal: NodeJS.Signals | null): string {
		if (signal === "SIGABRT") {
			return "the interface is gone, or was set down";
		}
		const lastLine = this.#printed.trimEnd().split("\n").at(-1) ?? "";
		const how = signal === null ? `exit code ${code}` : signal;
		const said = lastLine === "" ? "" : `: ${makeSafe(lastLine)}`;
		return `its capture process ended (${how})${said}`;
	}

	/** It has nothing to finish, and may hang in the middle of a write. */
	#kill(): void {
		this.#child.kill("SIGKILL");
		this.#records.destroy();
	}
}
