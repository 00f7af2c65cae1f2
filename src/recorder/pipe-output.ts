import { Socket } from "node:net";
import { type LogOutput, type OutputFailure, Waiters } from "./log-output.js";

/** More than this waiting for a reader only makes what it shows late. */
export const pipeFullBytes = 4 * 1024 * 1024;

/** A reader that takes nothing for so long when all has ended is given up. */
const patienceMs = 2000;

/** What a log is written to that may take nothing for a while. */
interface Pipe {
	readonly writableLength: number;
	readonly bytesWritten: number;
	write(bytes: Buffer): boolean;
	end(): void;
	destroy(): void;
	on(event: "drain" | "close", listener: () => void): unknown;
	on(event: "error", listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/**
 * Writes a log into a pipe or socket. Writing through `process.stdout` would stop the
 * whole process while the reader takes nothing; this never does.
 */
export class PipeOutput implements LogOutput {
	readonly #pipe: Pipe;
	readonly #waiters = new Waiters();
	#failure: OutputFailure | null = null;
	#isOver = false;

	/** @param pipe a socket, or what stands for one in a test */
	constructor(pipe: Pipe) {
		this.#pipe = pipe;
		pipe.on("drain", () => this.#waiters.wake());
		pipe.on("close", () => {
			this.#isOver = true;
			this.#waiters.wake();
		});
		pipe.on("error", ({ code, message }) => {
			this.#failure ??= {
				isClosed: code === "EPIPE" || code === "ECONNRESET",
				message: `cannot write to standard output: ${message}`,
			};
			this.#waiters.wake();
		});
	}

	get isFull(): boolean {
		return this.#pipe.writableLength >= pipeFullBytes;
	}

	get failure(): OutputFailure | null {
		return this.#failure;
	}

	get written(): number {
		return this.#pipe.bytesWritten;
	}

	write(bytes: Buffer): void {
		if (this.#failure === null && bytes.length > 0) {
			this.#pipe.write(bytes);
		}
	}

	drained(timeoutMs: number): Promise<void> {
		return this.#waiters.wait(timeoutMs);
	}

	isDue(): boolean {
		return false;
	}

	rotate(): void {}

	async end(): Promise<void> {
		this.#pipe.end();
		let left = this.#pipe.writableLength;
		while (!this.#isOver && this.#failure === null) {
			await this.#waiters.wait(patienceMs);
			const now = this.#pipe.writableLength;
			if (!this.#isOver && now >= left) {
				break;
			}
			left = now;
		}
		this.#pipe.destroy();
	}
}

/** Standard output as a pipe that is never waited for. */
export function openPipe(fd: number): PipeOutput {
	return new PipeOutput(new Socket({ fd, readable: false, writable: true }));
}
