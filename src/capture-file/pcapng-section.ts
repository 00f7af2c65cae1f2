import type { CaptureInterface } from "../model/capture.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import { readU32 } from "./byte-order.js";
import { blockType, minimumBody } from "./pcapng-block.js";
import {
	type InterfaceBlock,
	parseInterfaceBlock,
} from "./pcapng-interface.js";
import { optionCode, parseText, readOptions } from "./pcapng-options.js";
import {
	type PacketFields,
	parseEnhancedPacket,
	parseObsoletePacket,
	parsePacketOptions,
	parseSimplePacket,
} from "./pcapng-packet.js";
import { findCaptureEnd, parseStatisticsBlock } from "./pcapng-statistics.js";
import { toLogTime } from "./pcapng-time.js";
import {
	type CaptureSink,
	type ReadCounts,
	type ReaderOptions,
	stretch,
	type TimeSpan,
} from "./sink.js";
import { TimeRange } from "./time-range.js";

/** An interface of the section, and what came of it. */
interface SectionInterface {
	readonly block: InterfaceBlock;
	/** Null until its first use: only then is it known whether it is the only one. */
	capture: CaptureInterface | null;
	dropped: number;
	/** Of its packets, in its units. */
	readonly times: TimeRange;
}

/** What a section needs of the reader it belongs to. */
export interface SectionOwner {
	readonly sink: CaptureSink;
	readonly options: ReaderOptions;
	readonly counts: ReadCounts;
	readonly span: TimeSpan;
	readonly isBigEndian: boolean;
	/** Reports damage in the block being read; reading goes on behind it. */
	readonly damage: (message: string) => void;
}

/** One section of a pcapng: a byte order and a list of interfaces. */
export class PcapngSection {
	readonly #owner: SectionOwner;
	readonly #interfaces: SectionInterface[] = [];
	/** One process wrote what it captured at all interfaces; nothing was merged. */
	#isOneCapture = false;

	constructor(owner: SectionOwner) {
		this.#owner = owner;
	}

	/** Tells the sink of the interfaces that no packet has used. */
	end(): void {
		this.stretchSpan();
		for (const [index, owner] of this.#interfaces.entries()) {
			this.#announce(owner, index);
		}
	}

	/** Stretches the span of the file over the packets taken so far. */
	stretchSpan(): void {
		for (const { block, times } of this.#interfaces) {
			times.stretch(this.#owner.span, (high, low) =>
				toLogTime(high, low, block.resolution),
			);
		}
	}

	/** Takes a block's body, [body, end) of `bytes`; it has the minimum length. */
	takeBlock(type: number, bytes: Buffer, body: number, end: number): void {
		const { isBigEndian } = this.#owner;
		if (type === blockType.section) {
			this.#takeHeader(bytes, body, end);
		} else if (type === blockType.interface) {
			this.#takeInterface(bytes, body, end);
		} else if (type === blockType.enhancedPacket) {
			this.#takePacket(
				bytes,
				end,
				parseEnhancedPacket(bytes, body, isBigEndian),
			);
		} else if (type === blockType.packet) {
			this.#takePacket(
				bytes,
				end,
				parseObsoletePacket(bytes, body, isBigEndian),
			);
		} else if (type === blockType.simplePacket) {
			const limit = this.#interfaces[0]?.block.snapLength ?? 0;
			const packet = parseSimplePacket(bytes, body, limit, isBigEndian);
			this.#takePacket(bytes, end, packet);
		} else if (type === blockType.interfaceStatistics) {
			this.#takeStatistics(bytes, body, end);
		}
	}

	#takeHeader(bytes: Buffer, body: number, end: number): void {
		const minimum = minimumBody.get(blockType.section) ?? 0;
		this.#readOptions(bytes, body + minimum, end, (code, value) => {
			if (code === optionCode.comment) {
				this.#addComment(parseText(value));
			} else if (code === optionCode.sectionApplication) {
				this.#isOneCapture = capturers.test(parseText(value));
			}
		});
	}

	#takeInterface(bytes: Buffer, body: number, end: number): void {
		const { isBigEndian, damage } = this.#owner;
		const block = parseInterfaceBlock(bytes, body, end, isBigEndian);
		this.#interfaces.push({
			block,
			capture: null,
			dropped: 0,
			times: new TimeRange(),
		});
		if (block.isBad) {
			damage(badOption);
		}
		if (block.comment !== null) {
			this.#addComment(block.comment);
		}
	}

	#takePacket(bytes: Buffer, end: number, packet: PacketFields): void {
		const { sink, options, counts, isBigEndian, damage } = this.#owner;
		counts.read += 1;
		counts.untimed += packet.isTimed ? 0 : 1;
		const number = counts.read;
		const owner = this.#interfaceOf(packet.interfaceId, `record ${number}`);
		const dataEnd = packet.dataStart + packet.captured;
		if (owner === null) {
			return;
		}
		if (dataEnd > end) {
			damage(
				`record ${number} claims ${packet.captured} captured bytes, its block has room for ${end - packet.dataStart}`,
			);
			return;
		}
		const said = parsePacketOptions(bytes, packet, end, isBigEndian);
		if (said.isBad) {
			damage(badOption);
		}
		this.#addDrops(owner, packet, said.dropped);
		const { linkType, resolution } = owner.block;
		const { high, low, isTimed } = packet;
		if (isTimed) {
			owner.times.add(high, low);
		}
		if (options.keep(bytes, packet.dataStart, dataEnd, linkType)) {
			sink.addFrame({
				interface: this.#announce(owner, packet.interfaceId),
				number,
				time: isTimed ? toLogTime(high, low, resolution) : null,
				bytes: bytes.subarray(packet.dataStart, dataEnd),
				length: packet.length,
				direction: said.direction,
				comment: said.comment,
			});
		}
	}

	/** What a packet block says was lost before it. */
	#addDrops(owner: SectionInterface, packet: PacketFields, more: number): void {
		if (packet.dropped + more > 0) {
			owner.dropped += packet.dropped + more;
			const description = this.#announce(owner, packet.interfaceId);
			this.#owner.sink.setDrops(description, owner.dropped, null);
		}
	}

	#takeStatistics(bytes: Buffer, body: number, end: number): void {
		const { isBigEndian, sink, span, damage } = this.#owner;
		const id = readU32(bytes, body, isBigEndian);
		const owner = this.#interfaceOf(id, "a statistics block");
		if (owner === null) {
			return;
		}
		const said = parseStatisticsBlock(bytes, body + 12, end, isBigEndian);
		if (said.isBad) {
			damage(badOption);
		}
		this.stretchSpan();
		const ended = findCaptureEnd(said, owner.block.resolution, span.latest);
		if (ended !== null) {
			stretch(span, ended);
		}
		owner.dropped = Math.max(owner.dropped, said.dropped);
		sink.setDrops(this.#announce(owner, id), owner.dropped, ended);
	}

	#interfaceOf(id: number, what: string): SectionInterface | null {
		const found = this.#interfaces[id];
		if (found === undefined) {
			this.#owner.damage(
				`${what} belongs to interface ${id}, which the section does not describe`,
			);
		}
		return found ?? null;
	}

	/** An interface without a name is called after its file if it is the only one. */
	#announce(owner: SectionInterface, index: number): CaptureInterface {
		if (owner.capture === null) {
			const { sink, options } = this.#owner;
			const ownName = this.#interfaces.length === 1 && options.interfaceName;
			owner.capture = {
				id: options.nextInterfaceId(),
				source: options.source,
				name: owner.block.name ?? (ownName || makeSafe(`if${index}`)),
				linkType: owner.block.linkType,
				isContinuous: this.#isOneCapture || this.#interfaces.length === 1,
				snapLength: owner.block.snapLength,
			};
			sink.addInterface(owner.capture);
		}
		return owner.capture;
	}

	#readOptions(
		bytes: Buffer,
		start: number,
		end: number,
		visit: (code: number, value: Buffer) => void,
	): void {
		const { isBigEndian, damage } = this.#owner;
		if (readOptions(bytes, start, end, isBigEndian, visit) !== null) {
			damage(badOption);
		}
	}

	#addComment(comment: SafeText): void {
		this.#owner.sink.addComment(this.#owner.options.source, comment);
	}
}

/** shb_userappl of what captures, and does not edit or merge. */
const capturers = /^(dumpcap|tshark|vmpath)\b/i;

const badOption = "a block has an option that is longer than the block";
