import { readDescriptorLimit } from "./descriptor-limit.js";
import {
	type CaptureEngine,
	EngineError,
	type EngineOptions,
} from "./engine.js";
import { checkMachine, errno, loadKoffi, loadLibc } from "./libc.js";
import { PacketCapture } from "./packet-capture.js";
import { PacketPoll } from "./packet-poll.js";
import { createPrograms } from "./packet-programs.js";
import { PacketReader } from "./packet-reader.js";
import { PacketSockets, SystemError } from "./packet-socket.js";

/**
 * Captures with packet(7) sockets, one bound to each port.
 *
 * The other way is one socket bound to nothing, with the interfaces in its filter. Side by
 * side (test/bench/capture-sockets.ts, UDP of 64 bytes over a port that is not traced):
 *
 * - traffic that is not traced: 213,000 packets a second without a capture, 211,000 with
 *   three bound sockets (-1 %), 205,000 with an unbound one (-4 %), which the kernel asks
 *   about each frame of the host;
 * - PACKET_STATISTICS counts per socket: only bound ones tell which port lost frames;
 * - a flood at one port fills the buffer of that port, not that of all;
 * - a bound socket is told when its port goes, and stays when only the link does;
 * - an unbound one has one queue in the order of arrival, which the trace does not need.
 *
 * A frame costs 1.2 to 1.6 microseconds of CPU (test/bench/capture.ts): 120,000 frames of
 * a flood and 1,940,000 in 20 s were captured without a loss, in 56 MB.
 *
 * @throws {EngineError} when this is not Linux on x64 or arm64, koffi does not load,
 * CAP_NET_RAW is missing, or the filter is wrong
 */
export function createPacketEngine(options: EngineOptions): CaptureEngine {
	checkMachine();
	const koffi = loadKoffi();
	const libc = loadLibc(koffi);
	const sockets = new PacketSockets(koffi, libc);
	const { filter, snapLength } = options;
	return new PacketCapture(options, {
		sockets,
		programOf: createPrograms(koffi, filter, snapLength),
		probe: openProbe(sockets),
		poll: new PacketPoll(koffi, libc),
		reader: new PacketReader(koffi, libc, snapLength),
		descriptorLimit: readDescriptorLimit(),
	});
}

/** Finds out whether we may capture, and has frames stamped before any port is open. */
function openProbe(sockets: PacketSockets): number {
	try {
		const fd = sockets.create(true);
		sockets.stamp(fd);
		return fd;
	} catch (error) {
		if (!(error instanceof SystemError)) {
			throw error;
		}
		throw new EngineError(
			error.errno === errno.notPermitted
				? "capturing needs CAP_NET_RAW: run as root (`vmpath doctor` shows other ways)"
				: `the kernel gives no packet socket (${error.message}): use --engine cap, or capture with tcpdump`,
		);
	}
}
