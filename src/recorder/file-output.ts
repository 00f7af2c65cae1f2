import { type FileHandle, open, rm } from "node:fs/promises";
import { findLastBlockEnd } from "../capture-file/block-end.js";
import { makeSafe } from "../model/safe-text.js";
import { type LogOutput, type OutputFailure, Waiters } from "./log-output.js";
import { nameRotated, type Rotation } from "./rotation.js";

/** A disk may be busy for a while. */
export const fileFullBytes = 32 * 1024 * 1024;

/** What a file is made for: captures are for their owner's eyes. */
const ownerOnly = 0o600;

/** A file and its owner. */
export interface FileOptions {
	readonly path: string;
	readonly rotation: Rotation | null;
	/** Who a file that is made is to belong to, where that is another than who makes it. */
	readonly owner: { readonly uid: number; readonly gid: number } | null;
	/** Real time, for names of rotated files. */
	readonly now: () => Date;
}

/** A step of writing; done in order. */
type Step =
	| { readonly kind: "write"; readonly bytes: Buffer }
	| { readonly kind: "rotate"; readonly number: number };

/**
 * Writes a log into a file, or into files by turns. Where the disk is full, the file is
 * cut behind its last whole block.
 */
export class FileOutput implements LogOutput {
	readonly #options: FileOptions;
	readonly #waiters = new Waiters();
	readonly #steps: Step[] = [];
	readonly #paths: string[] = [];
	#handle: FileHandle;
	#waiting = 0;
	#written = 0;
	/** Of the file that is being written: bytes handed over and when it was begun. */
	#fileBytes = 0;
	#begunMs: number;
	#number = 1;
	#isRunning = false;
	#failure: OutputFailure | null = null;

	private constructor(
		options: FileOptions,
		path: string,
		handle: FileHandle,
		nowMs: number,
	) {
		this.#options = options;
		this.#handle = handle;
		this.#begunMs = nowMs;
		this.#paths.push(path);
	}

	/** @throws the system's error when the file cannot be made */
	static async open(options: FileOptions, nowMs: number): Promise<FileOutput> {
		const path = nameFile(options, 1);
		return new FileOutput(options, path, await openFile(options, path), nowMs);
	}

	get isFull(): boolean {
		return this.#waiting >= fileFullBytes;
	}

	get failure(): OutputFailure | null {
		return this.#failure;
	}

	get written(): number {
		return this.#written;
	}

	/** The files there are now, the oldest first. */
	get paths(): readonly string[] {
		return this.#paths;
	}

	write(bytes: Buffer): void {
		if (bytes.length > 0) {
			this.#fileBytes += bytes.length;
			this.#add({ kind: "write", bytes }, bytes.length);
		}
	}

	drained(timeoutMs: number): Promise<void> {
		return this.#waiters.wait(timeoutMs);
	}

	isDue(nowMs: number): boolean {
		const { rotation } = this.#options;
		return (
			rotation !== null &&
			this.#fileBytes > 0 &&
			(this.#fileBytes >= (rotation.bytes ?? Number.POSITIVE_INFINITY) ||
				nowMs - this.#begunMs >= (rotation.ageMs ?? Number.POSITIVE_INFINITY))
		);
	}

	rotate(nowMs: number): void {
		this.#fileBytes = 0;
		this.#begunMs = nowMs;
		this.#number += 1;
		this.#add({ kind: "rotate", number: this.#number }, 0);
	}

	async end(): Promise<void> {
		while (this.#isRunning) {
			await this.#waiters.wait(1000);
		}
		await this.#handle.close();
	}

	#add(step: Step, length: number): void {
		if (this.#failure === null) {
			this.#steps.push(step);
			this.#waiting += length;
			void this.#run();
		}
	}

	async #run(): Promise<void> {
		if (this.#isRunning) {
			return;
		}
		this.#isRunning = true;
		try {
			for (let step = this.#steps.shift(); step; step = this.#steps.shift()) {
				await this.#take(step);
				this.#waiters.wake();
			}
		} catch (error) {
			this.#fail(error as NodeJS.ErrnoException);
		}
		this.#isRunning = false;
		this.#waiters.wake();
	}

	async #take(step: Step): Promise<void> {
		if (step.kind === "rotate") {
			await this.#next(step.number);
			return;
		}
		await this.#writeAll(step.bytes);
		this.#waiting -= step.bytes.length;
		this.#written += step.bytes.length;
	}

	/** @throws the system's error; the file ends behind a whole block then */
	async #writeAll(bytes: Buffer): Promise<void> {
		let done = 0;
		try {
			while (done < bytes.length) {
				const { bytesWritten } = await this.#handle.write(bytes, done);
				done += bytesWritten;
			}
		} catch (error) {
			await this.#cut(bytes, done);
			throw error;
		}
	}

	/** Takes off what was written of a block that has no end. */
	async #cut(bytes: Buffer, done: number): Promise<void> {
		const { size } = await this.#handle.stat();
		const beyond = done - findLastBlockEnd(bytes.subarray(0, done));
		await this.#handle.truncate(size - beyond).catch(() => {
			// A device or pipe cannot be cut; the reader says what it lacks.
		});
	}

	async #next(number: number): Promise<void> {
		await this.#handle.close();
		const path = nameFile(this.#options, number);
		this.#handle = await openFile(this.#options, path);
		this.#paths.push(path);
		const kept = this.#options.rotation?.files ?? null;
		if (kept !== null && this.#paths.length > kept) {
			await rm(this.#paths.shift() ?? "", { force: true });
		}
	}

	#fail({ code, message }: NodeJS.ErrnoException): void {
		const name = makeSafe(this.#paths.at(-1) ?? "");
		const reason = code === "ENOSPC" ? "the disk is full" : makeSafe(message);
		this.#failure = {
			isClosed: code === "EPIPE",
			message: `cannot write ${name}: ${reason}`,
		};
		this.#steps.length = 0;
		this.#waiting = 0;
	}
}

function nameFile({ path, rotation, now }: FileOptions, number: number) {
	return rotation === null ? path : nameRotated(path, number, now());
}

/** A file that is there already, or a device, stays whose it is. */
async function openFile(
	{ owner }: FileOptions,
	path: string,
): Promise<FileHandle> {
	try {
		const made = await open(path, "wx", ownerOnly);
		if (owner !== null) {
			await made.chown(owner.uid, owner.gid);
		}
		return made;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
			throw error;
		}
		return open(path, "w");
	}
}
