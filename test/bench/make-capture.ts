import { once } from "node:events";
import { createWriteStream } from "node:fs";

/**
 * Writes a big classic pcap to measure with, as a busy host would record it: TCP, and
 * one frame in fifty that is ARP, ICMP or DHCP, no two of them alike.
 */
export async function makeCapture(
	path: string,
	packets: number,
): Promise<void> {
	const file = createWriteStream(path);
	file.write(fileHeader());
	let batch: Buffer[] = [];
	for (let number = 0; number < packets; number++) {
		batch.push(record(number));
		if (batch.length === 4096) {
			await write(file, batch);
			batch = [];
		}
	}
	await write(file, batch);
	file.end();
	await once(file, "close");
}

async function write(
	file: ReturnType<typeof createWriteStream>,
	batch: readonly Buffer[],
): Promise<void> {
	if (!file.write(Buffer.concat(batch))) {
		await once(file, "drain");
	}
}

const snapLength = 262_144;
const ethernet = 1;

function fileHeader(): Buffer {
	const header = Buffer.alloc(24);
	header.writeUInt32LE(0xa1b2c3d4, 0);
	header.writeUInt16LE(2, 4);
	header.writeUInt16LE(4, 6);
	header.writeUInt32LE(snapLength, 16);
	header.writeUInt32LE(ethernet, 20);
	return header;
}

const firstSecond = 1_700_000_000;
const microsecondsBetween = 40;
const relevantEvery = 50;

function record(number: number): Buffer {
	const isRelevant = number % relevantEvery === 0;
	const frame = isRelevant
		? relevant[(number / relevantEvery) % relevant.length]
		: tcp[number % tcp.length];
	if (isRelevant) {
		// ARP's target address, ICMP's identifier and sequence, DHCP's xid.
		frame?.writeUInt32BE(number, frame.length === 342 ? 46 : 38);
	}
	const header = Buffer.alloc(16);
	const time = number * microsecondsBetween;
	const length = frame?.length ?? 0;
	header.writeUInt32LE(firstSecond + Math.floor(time / 1e6), 0);
	header.writeUInt32LE(time % 1e6, 4);
	header.writeUInt32LE(length, 8);
	header.writeUInt32LE(length, 12);
	return Buffer.concat([header, frame ?? Buffer.alloc(0)]);
}

/** Acknowledgements, odd lengths and full segments: 713 bytes on average. */
const tcp = [66, 1514, 66, 1514, 66, 1514, 1514, 66, 590, 287].map((length) =>
	ipv4Frame(length, 6),
);
const relevant = [arpFrame(), ipv4Frame(98, 1), discoverFrame()];

function ipv4Frame(
	length: number,
	protocol: number,
	ports: readonly number[] = [],
): Buffer {
	const frame = Buffer.alloc(length);
	frame.writeUInt16BE(0x0800, 12);
	frame.writeUInt8(0x45, 14);
	frame.writeUInt16BE(length - 14, 16);
	frame.writeUInt8(64, 22);
	frame.writeUInt8(protocol, 23);
	frame.set([192, 0, 2, 1, 198, 51, 100, 1, ...ports], 26);
	return frame;
}

/** A DISCOVER: UDP header at 34, BOOTP at 42, magic cookie and options at 278. */
function discoverFrame(): Buffer {
	const frame = ipv4Frame(342, 17, [0, 68, 0, 67, 1, 52]);
	frame.set([1, 1, 6], 42);
	frame.set([0x63, 0x82, 0x53, 0x63, 53, 1, 1, 255], 278);
	return frame;
}

function arpFrame(): Buffer {
	const frame = Buffer.alloc(42);
	frame.writeUInt16BE(0x0806, 12);
	frame.set([0, 1, 8, 0, 6, 4, 0, 1], 14);
	return frame;
}
