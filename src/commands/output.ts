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

/** Characters that are collected before they are written. */
const batchLength = 65_536;

/** Standard output, written in batches. Data goes here, messages to standard error. */
export class Output {
	readonly #beforeWrite: () => void;
	#batch = "";

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
	return new TextPresenter(log, chooseLayout(), write);
}

/** One line to standard error, for people. */
export function tell(message: string): void {
	process.stderr.write(`vmpath: ${message}\n`);
}
