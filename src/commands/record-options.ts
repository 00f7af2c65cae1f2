import type { Rotation } from "../recorder/rotation.js";
import type { CaptureSelection } from "../topology/capture-plan.js";
import type { EngineName } from "./choose-engine.js";

/** What is captured, and how: the options that `watch` hands on to its recorder. */
export interface CaptureOptions extends CaptureSelection {
	/** Null: the best one that can start. */
	readonly engine: EngineName | null;
	readonly durationMs: number | null;
	/** Ends after so many frames. */
	readonly count: number | null;
	readonly snapLength: number;
	/** Of the kernel, an interface. */
	readonly bufferBytes: number;
	/** pcap-filter expression on top of the built-in one. */
	readonly filter: string | null;
	/** libvirt connection URI; null: virsh's own choice. */
	readonly connect: string | null;
}

/** What `vmpath record` was asked for. */
export interface RecordOptions extends CaptureOptions {
	/** File, or `-`. */
	readonly write: string;
	readonly rotation: Rotation | null;
	/** Refuse what a recorder that was started for `watch` does not need. */
	readonly isRestricted: boolean;
	readonly version: string;
}
