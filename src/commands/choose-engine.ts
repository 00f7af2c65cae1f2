import { createCapEngine } from "../recorder/cap-engine.js";
import {
	type CaptureEngine,
	EngineError,
	type EngineOptions,
	FilterError,
} from "../recorder/engine.js";
import { createPacketEngine } from "../recorder/packet-engine.js";
import { Failure } from "./failure.js";

const engineNames = ["packet", "cap"] as const;
export type EngineName = (typeof engineNames)[number];

type Create = (options: EngineOptions) => CaptureEngine;

const engines: Readonly<Record<EngineName, Create>> = {
	packet: createPacketEngine,
	cap: createCapEngine,
};

/**
 * Makes the engine that was asked for; where none was, the packet socket, and libpcap
 * when that cannot be opened.
 *
 * @throws {Failure} when none can start, with what to do for the first
 */
export function chooseEngine(
	name: EngineName | null,
	options: EngineOptions,
): CaptureEngine {
	const names = name === null ? engineNames : [name];
	let first: EngineError | null = null;
	for (const each of names) {
		try {
			const engine = engines[each](options);
			if (first !== null) {
				options.onNotice(`${first.message}; capturing with ${each} instead`);
			}
			return engine;
		} catch (error) {
			if (error instanceof FilterError) {
				throw new Failure(error.message);
			}
			if (!(error instanceof EngineError)) {
				throw error;
			}
			first ??= error;
		}
	}
	throw new Failure(first?.message ?? "there is no way to capture here");
}
