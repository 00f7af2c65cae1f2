import {
	endOfOptions,
	enhancedPacket,
	interfaceBlock,
	join,
	magic,
	obsoletePacket,
	option,
	pcapHeader,
	pcapRecord,
	raw,
	section,
	simplePacket,
	splitTime,
	statistics,
	uint,
} from "./build.js";
import {
	hostPacket,
	logStart,
	logTimeNs,
	partText,
	tickText,
} from "./build-host.js";

const short = Buffer.from("00112233445566778899", "hex");
const long = Buffer.alloc(150, 0x5a);

function pcap(isModified: boolean, magicNumber: number) {
	return join(
		pcapHeader({ magic: magicNumber, snapLength: 200 }),
		pcapRecord(short, { subSecond: 7, isModified }),
		pcapRecord(long, { subSecond: 5, length: 1514, isModified }),
		pcapRecord(Buffer.alloc(0), { subSecond: 9, isModified }),
		pcapRecord(short, { seconds: 1_700_000_001, isModified }),
	);
}

const pcapng = join(
	section(option(1, raw("of the section")), endOfOptions),
	interfaceBlock({ name: "vnet0", tsresol: 9 }),
	interfaceBlock({ tsoffset: -1n }, option(1, raw("of a port"))),
	enhancedPacket(short, {}, option(2, uint(1, 4)), endOfOptions),
	enhancedPacket(long, { interfaceId: 1, length: 1514 }),
	simplePacket(short),
	obsoletePacket(long, { interfaceId: 1, dropped: 4 }, option(1, raw("hi"))),
	statistics(0, option(3, splitTime(5n)), option(5, uint(2, 8)), endOfOptions),
);

const nanoseconds = { interfaceId: 1, time: logTimeNs };

const log = join(
	logStart(),
	interfaceBlock({ name: "vnet0", tsresol: 9 }),
	hostPacket(partText("host-links", 1, [1, 2], '[{"source":"ip","out')),
	hostPacket(partText("host-links", 1, [2, 2], 'put":"ö","gap":null}]')),
	enhancedPacket(short, nanoseconds, option(2, uint(1, 4)), endOfOptions),
	enhancedPacket(long, { ...nanoseconds, length: 1514 }),
	interfaceBlock({ name: "br0", tsresol: 9 }),
	enhancedPacket(short, { interfaceId: 2, time: logTimeNs + 5n }),
	statistics(1, option(3, splitTime(logTimeNs)), option(5, uint(2, 8))),
	enhancedPacket(long, nanoseconds),
	hostPacket(tickText(logTimeNs + 9n, 2), logTimeNs + 9n),
);

/** Sound captures of a few hundred bytes that have everything in them. */
export const captures: Readonly<Record<string, Buffer>> = {
	"pcap, little-endian": pcap(false, magic.micro)(false),
	"nanosecond pcap, big-endian": pcap(false, magic.nano)(true),
	"modified pcap, little-endian": pcap(true, magic.modified)(false),
	"pcapng, little-endian": pcapng(false),
	"log, little-endian": log(false),
	"log, big-endian": log(true),
	"pcapng, big and little-endian": Buffer.concat([pcapng(true), pcapng(false)]),
};
