import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { CapFilters } from "./cap-filter.js";
import { EngineError } from "./engine.js";

/** What a capturing child is told, as JSON in its last argument. */
export interface ChildConfig extends CapFilters {
	readonly name: string;
	/** LINKTYPE_ number. */
	readonly linkType: number;
	/** Bytes sent of a frame, at most. */
	readonly snapLength: number;
	/** Of the kernel's ring of each handle. */
	readonly bufferBytes: number;
}

/** The program of a child and its arguments before the config. */
export type ChildCommand = readonly [program: string, ...args: string[]];

/** Whether the package `cap` is installed and was built; it is not loaded. */
export function hasCap(): boolean {
	try {
		createRequire(import.meta.url).resolve("cap/build/Release/cap.node");
		return true;
	} catch {
		return false;
	}
}

/**
 * The command that captures by `cap`.
 *
 * @throws {EngineError} when the package is not there
 */
export function findCapCommand(): ChildCommand {
	if (!hasCap()) {
		throw new EngineError(
			"the cap engine needs the package cap, which needs libpcap's headers and a compiler: apt install libpcap-dev g++ make python3 && npm install cap",
		);
	}
	const script = fileURLToPath(new URL("cap-child.js", import.meta.url));
	return [process.execPath, script];
}
