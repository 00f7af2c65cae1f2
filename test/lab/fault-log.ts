import {
	type HostDocument,
	type HostDocumentType,
	type HostStatement,
	hostEtherType,
	type Json,
} from "../../src/model/host-document.js";

/** Block types, from draft-ietf-opsawg-pcapng. */
const packetBlock = 6;
/** Of an enhanced packet block: what stands before its data, and after its padding. */
const packetHead = 28;
const blockTail = 4;
const macsAndType = 14;

/** What the host said last of a subject, by source. */
export interface HostSays {
	/** Its document of a type, as JSON text; "" before there is one. */
	text(type: HostDocumentType): string;
	/** What one source of it printed; null before there is one. */
	output(type: HostDocumentType, source: string): Json;
	/** An interface, from `ip -j -d link show`. */
	link(name: string): Readonly<Record<string, Json>>;
}

/** Reads what the host said last in a log, which may still grow. */
export function readHost(log: Buffer): HostSays {
	const latest = new Map<string, readonly HostStatement[]>();
	for (const { document } of walk(log)) {
		if (document !== null) {
			latest.set(document.type, document.statements);
		}
	}
	const output = (type: HostDocumentType, source: string): Json =>
		latest.get(type)?.find((one) => one.source === source)?.output ?? null;
	return {
		text: (type) => JSON.stringify(latest.get(type) ?? ""),
		output,
		link: (name) => {
			const links = output("host-links", "ip -j -d link show");
			const found = Array.isArray(links)
				? links.find((link) => link.ifname === name)
				: undefined;
			return found ?? {};
		},
	};
}

/**
 * Rewrites the documents of a log, and leaves all else as it is.
 *
 * @throws when a document does not fit into one frame, or the log is cut
 */
export function rewriteDocuments(
	log: Buffer,
	rewrite: (document: HostDocument) => HostDocument,
): Buffer {
	const blocks: Buffer[] = [];
	let length = 0;
	for (const { block, document, header } of walk(log)) {
		length += block.length;
		if (document === null) {
			blocks.push(block);
		} else {
			const json = JSON.stringify(rewrite(document).statements);
			blocks.push(packBlock(block, Buffer.from(`${header}\n${json}`)));
		}
	}
	if (length !== log.length) {
		throw new Error(`the log is cut at byte ${length}`);
	}
	return Buffer.concat(blocks);
}

interface WalkedBlock {
	readonly block: Buffer;
	/** Null: it holds none. */
	readonly document: HostDocument | null;
	/** The line of JSON before its statements. */
	readonly header: string;
}

function* walk(log: Buffer): Generator<WalkedBlock> {
	for (let at = 0; at + 12 <= log.length; ) {
		const length = log.readUInt32LE(at + 4);
		if (length < 12 || at + length > log.length) {
			return;
		}
		yield readBlock(log.subarray(at, at + length));
		at += length;
	}
}

function readBlock(block: Buffer): WalkedBlock {
	const none = { block, document: null, header: "" };
	if (
		block.readUInt32LE(0) !== packetBlock ||
		block.readUInt16BE(packetHead + 12) !== hostEtherType
	) {
		return none;
	}
	const end = packetHead + block.readUInt32LE(20);
	const text = block.toString("utf8", packetHead + macsAndType, end);
	const lineEnd = text.indexOf("\n");
	if (lineEnd < 0) {
		return none;
	}
	const header = text.slice(0, lineEnd);
	const { type, parts } = JSON.parse(header);
	if (parts !== 1) {
		throw new Error(`${type} has ${parts} parts`);
	}
	const statements = JSON.parse(text.slice(lineEnd + 1));
	return { block, document: { type, statements }, header };
}

/** A block like `old`, with another document in its frame. */
function packBlock(old: Buffer, text: Buffer): Buffer {
	const captured = macsAndType + text.length;
	const padded = Math.ceil(captured / 4) * 4;
	const optionsAt = packetHead + Math.ceil(old.readUInt32LE(20) / 4) * 4;
	const options = old.subarray(optionsAt, old.length - blockTail);
	const length = packetHead + padded + options.length + blockTail;
	const block = Buffer.alloc(length);
	old.copy(block, 0, 0, packetHead + macsAndType);
	block.writeUInt32LE(length, 4);
	block.writeUInt32LE(captured, 20);
	block.writeUInt32LE(captured, 24);
	text.copy(block, packetHead + macsAndType);
	options.copy(block, packetHead + padded);
	block.writeUInt32LE(length, length - blockTail);
	return block;
}
