import { homedir, release, type } from "node:os";
import { join } from "node:path";
import type { LogHandle } from "../capture-file/event-log.js";
import { PcapngWriter } from "../capture-file/pcapng-writer.js";
import type { CapturedFrame, LogTime } from "../model/capture.js";
import type { HostDocument, HostDocumentType } from "../model/host-document.js";
import { makeSafe } from "../model/safe-text.js";
import { formatCount } from "../show/units.js";
import type { KeptFrame } from "../tui/world.js";
import { writeNewFile } from "./new-file.js";
import { findOwner, writeFailure } from "./open-output.js";

/** epb_flags: bits 0 and 1 (draft-ietf-opsawg-pcapng section 4.3.1). */
const directionFlags = { in: 1, out: 2 } as const;

/** Writes frames of a log as pcapng, with what its host said of itself. */
export class FrameFile {
	readonly #version: string;
	/** The latest of each type. */
	readonly #documents = new Map<
		HostDocumentType,
		{ readonly document: HostDocument; readonly readAt: LogTime }
	>();

	constructor(version: string) {
		this.#version = version;
	}

	addDocument(document: HostDocument, readAt: LogTime): void {
		this.#documents.set(document.type, { document, readAt });
	}

	/**
	 * Writes a file that was not there before, or none.
	 *
	 * @param file as it was typed; `~/` is the home directory
	 * @returns what became of it; one line
	 */
	async write(file: string, frames: readonly KeptFrame[]): Promise<string> {
		const path = expandHome(file);
		const name = makeSafe(path);
		if (frames.length === 0) {
			return "nothing written: no frame of what is shown is kept";
		}
		try {
			await writeNewFile(path, this.#encode(frames), findOwner());
			return `wrote ${formatCount(frames.length, "frame")} to ${name}`;
		} catch (error) {
			return (error as NodeJS.ErrnoException).code === "EEXIST"
				? `${name} is there already: nothing written, give another name`
				: `${writeFailure(path, error).message}: nothing written`;
		}
	}

	#encode(frames: readonly KeptFrame[]): Buffer {
		const application = `vmpath ${this.#version}`;
		const system = `${type()} ${release()}`;
		const writer = new PcapngWriter({ application, system });
		for (const { document, readAt } of this.#documents.values()) {
			writer.addDocument(document, readAt);
		}
		const handles = new Map<number, LogHandle>();
		for (const { captured } of frames) {
			const { id } = captured.interface;
			const handle = handles.get(id) ?? writer.addPort(portOf(captured));
			handles.set(id, handle);
			const { bytes, length, direction } = captured;
			const { seconds, nanos } = captured.time ?? { seconds: 0, nanos: 0 };
			writer.addFrame(handle, {
				seconds,
				nanos,
				bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
				start: 0,
				captured: bytes.length,
				length,
				flags: direction === null ? 0 : directionFlags[direction],
			});
		}
		return writer.takeBytes();
	}
}

/** As a shell has it: `~`, `~/captures/vm.pcapng`. */
function expandHome(file: string): string {
	const isHome = file === "~" || file.startsWith("~/");
	return isHome ? join(homedir(), file.slice(1)) : file;
}

function portOf({
	interface: { id, name, linkType, snapLength },
}: CapturedFrame) {
	return {
		name: name ?? `if${id}`,
		description: null,
		linkType,
		snapLength,
		filter: null,
	};
}
