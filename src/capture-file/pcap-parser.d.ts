declare module "pcap-parser" {
	import type { EventEmitter } from "node:events";

	export interface PacketHeader {
		readonly timestampSeconds: number;
		/** The sub-second field as it stands: nanoseconds in a nanosecond file. */
		readonly timestampMicroseconds: number;
		readonly capturedLength: number;
		readonly originalLength: number;
	}

	export interface Packet {
		readonly header: PacketHeader;
		readonly data: Buffer;
	}

	/** Parses what the stream's `data` events bring, in the same tick. */
	export function parse(stream: EventEmitter): EventEmitter;
}
