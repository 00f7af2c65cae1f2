import { JsonPresenter } from "../show/json-presenter.js";
import {
	MermaidPresenter,
	type MermaidSelection,
} from "../show/mermaid-presenter.js";
import type { LogDescription, Presenter } from "../show/presenter.js";
import { TextPresenter } from "../show/text-presenter.js";
import { chooseLayout } from "./terminal-layout.js";

export const formats = ["text", "jsonl", "mermaid"] as const;
export type Format = (typeof formats)[number];

const exitCannotTell = 3;
/** Characters that are collected before they are written. */
const batchLength = 65_536;

/** Standard output, written in batches. Data goes here, messages to standard error. */
export class Output {
	readonly #beforeWrite: () => void;
	#batch = "";
	#release = () => {};
	#isReleased = false;

	/** @param beforeWrite takes off the terminal what would mix with the text */
	constructor(beforeWrite: () => void) {
		this.#beforeWrite = beforeWrite;
	}

	write(text: string): void {
		this.#batch += text;
		if (this.#batch.length >= batchLength) {
			this.flush();
		}
	}

	flush(): void {
		if (this.#batch !== "") {
			this.#beforeWrite();
			process.stdout.write(this.#batch);
			this.#batch = "";
		}
	}

	/** Whoever reads standard output has not taken what was written. */
	get isHeldUp(): boolean {
		return process.stdout.writableNeedDrain;
	}

	/** Writes all, and resolves once it was taken: else memory would fill with it. */
	async drained(): Promise<void> {
		this.flush();
		if (this.isHeldUp && !this.#isReleased) {
			await new Promise<void>((resolve) => {
				this.#release = resolve;
				process.stdout.once("drain", resolve);
			});
		}
	}

	/** From now on nobody waits for the reader any more: little more is written. */
	release(): void {
		this.#isReleased = true;
		this.#release();
	}

	/** All is written: ends the process if the reader has not taken it after so long. */
	endWithin(ms: number): void {
		const end = () => {
			tell("not all is shown: whoever reads standard output takes nothing");
			process.exit(exitCannotTell);
		};
		// What waits to be taken keeps the process alive, and nothing else does.
		setTimeout(end, ms).unref();
	}

	/** One line to standard error, behind the data written so far. */
	tell(message: string): void {
		this.flush();
		this.#beforeWrite();
		tell(message);
	}
}

/** How results are shown. */
export interface PresenterOptions {
	readonly format: Format;
	readonly version: string;
	/** For Mermaid: what is drawn. */
	readonly drawn: MermaidSelection;
}

/**
 * Chooses how results are shown. On a terminal, rows are cut to its width, and have
 * colours if it has some and NO_COLOR is not set. Files and pipes get neither.
 */
export function createPresenter(
	{ format, version, drawn }: PresenterOptions,
	log: LogDescription,
	output: Output,
): Presenter {
	const write = (text: string) => output.write(text);
	if (format === "jsonl") {
		return new JsonPresenter(version, log, write);
	}
	if (format === "mermaid") {
		return new MermaidPresenter(drawn, write);
	}
	return createTextPresenter(log, output);
}

/** Rows for people, as `createPresenter` lays them out. */
export function createTextPresenter(
	log: LogDescription,
	output: Output,
): Presenter {
	return new TextPresenter(log, chooseLayout(), (text) => output.write(text));
}

/** One line to standard error, for people. */
export function tell(message: string): void {
	process.stderr.write(`vmpath: ${message}\n`);
}
