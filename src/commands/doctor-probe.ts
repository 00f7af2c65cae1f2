import { linkType } from "../model/capture.js";
import { findCapCommand } from "../recorder/cap-command.js";
import { EngineError, type EnginePort } from "../recorder/engine.js";
import { loadKoffi } from "../recorder/libc.js";
import { loadFilterCompiler } from "../recorder/libpcap.js";
import { createPacketEngine } from "../recorder/packet-engine.js";

/** What could be tried here of capturing; null where it went well, else one line. */
export interface CaptureFacts {
	readonly koffi: string | null;
	/** A packet socket was opened on the loopback interface, promiscuous, and closed. */
	readonly packetSocket: string | null;
	/** The package of the other engine; it is not loaded. */
	readonly cap: string | null;
	/** libpcap compiled an expression. */
	readonly libpcap: string | null;
}

/** Bytes that a recorder asks the kernel to keep a port. */
export const wantedBuffer = 32 << 20;

/** Index 1 in every network namespace. */
const loopback: EnginePort = {
	name: "lo",
	index: 1,
	isPromiscuous: true,
	linkType: linkType.ethernet,
};

/** Tries what capturing needs, without harm, and leaves nothing of it. */
export async function probeCapture(): Promise<CaptureFacts> {
	return {
		koffi: explain(loadKoffi),
		packetSocket: await probePacketSocket(),
		cap: explain(findCapCommand),
		libpcap: explain(() =>
			loadFilterCompiler(loadKoffi())("arp", linkType.ethernet, 2048),
		),
	};
}

async function probePacketSocket(): Promise<string | null> {
	try {
		const engine = createPacketEngine({
			snapLength: 2048,
			bufferBytes: wantedBuffer,
			filter: null,
			onPortEnd: () => {},
			onNotice: () => {},
		});
		const failure = await engine.open(loopback);
		await engine.stop();
		return failure?.reason ?? null;
	} catch (error) {
		return reasonOf(error);
	}
}

function explain(attempt: () => unknown): string | null {
	try {
		attempt();
		return null;
	} catch (error) {
		return reasonOf(error);
	}
}

function reasonOf(error: unknown): string {
	if (error instanceof EngineError) {
		return error.message;
	}
	throw error;
}
