import type { SafeText } from "./safe-text.js";

/** What an interface is to the bridge it belongs to. */
export type PortRole = "tap" | "bridge" | "uplink" | "unknown";

/**
 * An interface that frames pass and can be captured at. Interfaces of several files
 * with one name are one port.
 */
export interface Port {
	readonly name: SafeText;
	role: PortRole;
	/** The role was taken from the name, not from what the host said. */
	isInferred: boolean;
	/** Whether the capture was promiscuous there; null: not known. */
	isPromiscuous: boolean | null;
	/** Frames the capture lost there, as far as the files say; null: they do not. */
	drops: number | null;
	/** Each of its files shows it from the file's begin to its end. */
	isContinuous: boolean;
	/** Shortest snap length it was captured with, in bytes; 0: no limit known. */
	snapLength: number;
	/** Files of the log that hold frames of this port: indexes into the sources. */
	readonly sources: Set<number>;
}
