import type { LogTime } from "../model/capture.js";
import type {
	HostDocument,
	HostDocumentType,
	Tick,
} from "../model/host-document.js";
import { BlockBuffer } from "./block-buffer.js";
import type {
	EventLog,
	LogFrame,
	LogHandle,
	LogPort,
	LogStatistics,
} from "./event-log.js";
import { encodeDocument, encodeTick } from "./host-frames.js";
import { blockType } from "./pcapng-block.js";
import {
	hostInterfaceBody,
	interfaceBody,
	type LogOrigin,
	sectionBody,
	statisticsBody,
} from "./pcapng-build.js";

/** The pseudo-interface of documents and ticks comes first in every section. */
const hostInterfaceId = 0;
const noSection = -1;

/** Where an interface stands in the log. */
class PortHandle implements LogHandle {
	readonly port: LogPort;
	/** The section its id is of. */
	section = noSection;
	id = 0;

	constructor(port: LogPort) {
		this.port = port;
	}
}

/** A current document, as the frames it consists of. */
interface WrittenDocument {
	readonly frames: readonly Buffer[];
	readonly time: LogTime;
}

/**
 * Writes the event log as little-endian pcapng (draft-ietf-opsawg-pcapng) that other
 * programs read as well. A section begins with the first thing that stands in it.
 */
export class PcapngWriter implements EventLog {
	readonly #origin: LogOrigin;
	readonly #blocks = new BlockBuffer();
	/** Those that have not ended. */
	readonly #ports = new Set<PortHandle>();
	/** The last one of each type. */
	readonly #documents = new Map<HostDocumentType, WrittenDocument>();
	#section = 0;
	#hasBegun = false;
	#interfaces = 0;
	#documentId = 0;

	constructor(origin: LogOrigin) {
		this.#origin = origin;
	}

	get size(): number {
		return this.#blocks.size;
	}

	addPort(port: LogPort): LogHandle {
		const handle = new PortHandle(port);
		this.#ports.add(handle);
		this.#idOf(handle);
		return handle;
	}

	endPort(handle: LogHandle): void {
		this.#ports.delete(ownHandle(handle));
	}

	addFrame(handle: LogHandle, frame: LogFrame): void {
		this.#blocks.addPacket(this.#idOf(ownHandle(handle)), frame);
	}

	addStatistics(handle: LogHandle, statistics: LogStatistics): void {
		const id = this.#idOf(ownHandle(handle));
		const body = statisticsBody(id, statistics);
		this.#blocks.addBlock(blockType.interfaceStatistics, body);
	}

	addDocument(document: HostDocument, time: LogTime): void {
		this.#begin();
		this.#documentId += 1;
		const frames = encodeDocument(document, this.#documentId);
		const written = { frames, time };
		this.#documents.set(document.type, written);
		this.#writeDocument(written);
	}

	addTick(tick: Tick): void {
		this.#begin();
		this.#writeHostFrame(encodeTick(tick), tick.until);
	}

	beginSection(): void {
		this.#section += 1;
		this.#hasBegun = false;
	}

	takeBytes(): Buffer {
		return this.#blocks.take();
	}

	#begin(): void {
		if (this.#hasBegun) {
			return;
		}
		this.#hasBegun = true;
		this.#blocks.addBlock(blockType.section, sectionBody(this.#origin));
		this.#blocks.addBlock(blockType.interface, hostInterfaceBody());
		this.#interfaces = hostInterfaceId + 1;
		for (const handle of this.#ports) {
			this.#describe(handle);
		}
		for (const document of this.#documents.values()) {
			this.#writeDocument(document);
		}
	}

	/** A port that has ended is described where a straggler of its frames makes it so. */
	#idOf(handle: PortHandle): number {
		if (handle.section !== this.#section) {
			this.#begin();
			this.#describe(handle);
		}
		return handle.id;
	}

	#describe(handle: PortHandle): void {
		if (handle.section !== this.#section) {
			handle.section = this.#section;
			handle.id = this.#interfaces;
			this.#interfaces += 1;
			this.#blocks.addBlock(blockType.interface, interfaceBody(handle.port));
		}
	}

	#writeDocument({ frames, time }: WrittenDocument): void {
		for (const frame of frames) {
			this.#writeHostFrame(frame, time);
		}
	}

	#writeHostFrame(bytes: Buffer, { seconds, nanos }: LogTime): void {
		this.#blocks.addPacket(hostInterfaceId, {
			seconds,
			nanos,
			bytes,
			start: 0,
			captured: bytes.length,
			length: bytes.length,
			flags: 0,
		});
	}
}

function ownHandle(handle: LogHandle): PortHandle {
	if (handle instanceof PortHandle) {
		return handle;
	}
	throw new TypeError("the handle is of another kind of log");
}
