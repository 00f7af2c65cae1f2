import type { SafeText } from "../model/safe-text.js";
import { readU32 } from "./byte-order.js";
import type { HostStream } from "./host-stream.js";
import { blockType, minimumBody } from "./pcapng-block.js";
import { parseInterfaceBlock } from "./pcapng-interface.js";
import { optionCode, parseText, readOptions } from "./pcapng-options.js";
import {
	type PacketFields,
	parseEnhancedPacket,
	parseObsoletePacket,
	parsePacketOptions,
	parseSimplePacket,
} from "./pcapng-packet.js";
import { findCounterTime, parseStatisticsBlock } from "./pcapng-statistics.js";
import { toLogTime } from "./pcapng-time.js";
import {
	type SectionInterface,
	SectionInterfaces,
} from "./section-interfaces.js";
import type { SectionOwner } from "./section-owner.js";
import { stretch } from "./sink.js";

/** One section of a pcapng: a byte order and a list of interfaces. */
export class PcapngSection {
	readonly #owner: SectionOwner;
	readonly #interfaces: SectionInterfaces;

	constructor(owner: SectionOwner) {
		this.#owner = owner;
		this.#interfaces = new SectionInterfaces(owner);
	}

	/** @param isWhole whether it ends where its blocks do */
	end(isWhole: boolean): void {
		this.#interfaces.end(isWhole);
	}

	/** Stretches the span of the file over the packets taken so far. */
	stretchSpan(): void {
		this.#interfaces.stretchSpan();
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
			const limit = this.#interfaces.at(0)?.block.snapLength ?? 0;
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
				this.#interfaces.isOneCapture = capturers.test(parseText(value));
			}
		});
	}

	#takeInterface(bytes: Buffer, body: number, end: number): void {
		const { isBigEndian, damage } = this.#owner;
		const block = parseInterfaceBlock(bytes, body, end, isBigEndian);
		this.#interfaces.add(block);
		if (block.isBad) {
			damage(badOption);
		}
		if (block.comment !== null) {
			this.#addComment(block.comment);
		}
	}

	#takePacket(bytes: Buffer, end: number, packet: PacketFields): void {
		const { counts, nextNumber, damage } = this.#owner;
		const number = nextNumber();
		const found = this.#interfaces.at(packet.interfaceId);
		const host = found?.host ?? null;
		if (host === null) {
			counts.read += 1;
			counts.untimed += packet.isTimed ? 0 : 1;
		}
		if (found === undefined) {
			this.#tellUndescribed(`record ${number}`, packet.interfaceId);
		} else if (packet.dataStart + packet.captured > end) {
			damage(
				`record ${number} claims ${packet.captured} captured bytes, its block has room for ${end - packet.dataStart}`,
			);
		} else if (host !== null) {
			this.#takeHostFrame(host, number, bytes, packet, found);
		} else {
			this.#takeFrame(number, bytes, end, packet, found);
		}
	}

	#takeFrame(
		number: number,
		bytes: Buffer,
		end: number,
		packet: PacketFields,
		found: SectionInterface,
	): void {
		const { sink, options, isBigEndian, damage } = this.#owner;
		const said = parsePacketOptions(bytes, packet, end, isBigEndian);
		if (said.isBad) {
			damage(badOption);
		}
		this.#addDrops(found, packet.dropped + said.dropped);
		const { linkType, resolution } = found.block;
		const { dataStart, captured, high, low, isTimed } = packet;
		if (isTimed) {
			this.#interfaces.addTime(found, high, low);
		}
		const dataEnd = dataStart + captured;
		if (options.keep(bytes, dataStart, dataEnd, linkType)) {
			sink.addFrame({
				interface: this.#interfaces.announce(found),
				number,
				time: isTimed ? toLogTime(high, low, resolution) : null,
				bytes: bytes.subarray(dataStart, dataEnd),
				length: packet.length,
				direction: said.direction,
				comment: said.comment,
			});
		}
	}

	#takeHostFrame(
		host: HostStream,
		number: number,
		bytes: Buffer,
		{ dataStart, captured, length, isTimed, high, low }: PacketFields,
		{ block }: SectionInterface,
	): void {
		host.take({
			number,
			bytes: bytes.subarray(dataStart, dataStart + captured),
			length,
			time: isTimed ? toLogTime(high, low, block.resolution) : null,
		});
	}

	/** What a packet block says was lost before it. */
	#addDrops(found: SectionInterface, dropped: number): void {
		if (dropped > 0) {
			found.dropped += dropped;
			const description = this.#interfaces.announce(found);
			this.#owner.sink.setDrops(description, found.dropped, null);
		}
	}

	/** In a log of our own the ticks tell how far it reaches, and counters need not. */
	#takeStatistics(bytes: Buffer, body: number, end: number): void {
		const { isBigEndian, sink, span, damage } = this.#owner;
		const id = readU32(bytes, body, isBigEndian);
		const found = this.#interfaces.at(id);
		if (found === undefined) {
			this.#tellUndescribed("a statistics block", id);
			return;
		}
		const said = parseStatisticsBlock(bytes, body + 12, end, isBigEndian);
		if (said.isBad) {
			damage(badOption);
		}
		if (found.host !== null) {
			return;
		}
		this.stretchSpan();
		const { hasHost } = this.#interfaces;
		const at = findCounterTime(
			said,
			found.block.resolution,
			span.latest,
			hasHost,
		);
		if (at !== null && !hasHost) {
			stretch(span, at);
		}
		found.dropped = Math.max(found.dropped, said.dropped);
		sink.setDrops(this.#interfaces.announce(found), found.dropped, at);
	}

	#tellUndescribed(what: string, id: number): void {
		this.#owner.damage(
			`${what} belongs to interface ${id}, which the section does not describe`,
		);
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
