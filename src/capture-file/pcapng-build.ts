import { linkType } from "../model/capture.js";
import { hostInterfaceName } from "../model/host-document.js";
import { viewOf } from "./byte-order.js";
import { findCharacterBoundary } from "./character-boundary.js";
import type { LogPort, LogStatistics } from "./event-log.js";
import { byteOrderMagic } from "./pcapng-block.js";
import { optionCode, paddedLength } from "./pcapng-options.js";
import { writeTimeNs } from "./pcapng-time.js";
import { maximumCapturedLength } from "./sink.js";

/** Who writes a log, and where. */
export interface LogOrigin {
	/** shb_userappl: `vmpath 0.1.0`. */
	readonly application: string;
	/** shb_os; null: not known. */
	readonly system: string | null;
}

/** An option's length is 16 bits; what is longer than this is clipped. */
const textLimit = 8_192;

const nanosecondTsresol = 9;
/** if_filter begins with the kind of what follows: 0 is text. */
const filterIsText = "\0";

/** Body of a Section Header Block of version 1.0 whose length is not told. */
export function sectionBody({ application, system }: LogOrigin): Buffer {
	const fields = Buffer.alloc(16, 0xff);
	fields.writeUInt32LE(byteOrderMagic, 0);
	fields.writeUInt16LE(1, 4);
	fields.writeUInt16LE(0, 6);
	return Buffer.concat([
		fields,
		textOption(optionCode.sectionSystem, system),
		textOption(optionCode.sectionApplication, application),
		endOfOptions,
	]);
}

/** Body of an Interface Description Block that counts nanoseconds. */
export function interfaceBody(port: Omit<LogPort, "snapLength">): Buffer {
	const { name, description, filter } = port;
	const fields = Buffer.alloc(8);
	fields.writeUInt16LE(port.linkType, 0);
	fields.writeUInt32LE(maximumCapturedLength, 4);
	return Buffer.concat([
		fields,
		textOption(optionCode.interfaceName, name),
		textOption(optionCode.interfaceDescription, description),
		option(optionCode.interfaceTsresol, Buffer.of(nanosecondTsresol)),
		textOption(
			optionCode.interfaceFilter,
			filter === null ? null : filterIsText + filter,
		),
		endOfOptions,
	]);
}

/** Body of the block of the pseudo-interface that carries documents and ticks. */
export function hostInterfaceBody(): Buffer {
	return interfaceBody({
		name: hostInterfaceName,
		description: "what the host says of itself",
		linkType: linkType.ethernet,
		filter: null,
	});
}

/** Body of an Interface Statistics Block. */
export function statisticsBody(
	interfaceId: number,
	{ at, received, dropped }: LogStatistics,
): Buffer {
	const fields = Buffer.alloc(12);
	fields.writeUInt32LE(interfaceId, 0);
	writeTimeNs(viewOf(fields), 4, at.seconds, at.nanos);
	return Buffer.concat([
		fields,
		option(optionCode.statisticsEndTime, fields.subarray(4, 12)),
		countOption(optionCode.statisticsInterfaceReceived, received),
		countOption(optionCode.statisticsInterfaceDrop, dropped),
		endOfOptions,
	]);
}

function option(code: number, value: Buffer): Buffer {
	const bytes = Buffer.alloc(4 + paddedLength(value.length));
	bytes.writeUInt16LE(code, 0);
	bytes.writeUInt16LE(value.length, 2);
	value.copy(bytes, 4);
	return bytes;
}

const endOfOptions = option(optionCode.endOfOptions, Buffer.alloc(0));

/** Nothing at all where there is no text. */
function textOption(code: number, text: string | null): Buffer {
	if (text === null) {
		return Buffer.alloc(0);
	}
	const bytes = Buffer.from(text);
	const end = findCharacterBoundary(bytes, textLimit);
	return option(code, bytes.subarray(0, end));
}

function countOption(code: number, count: number): Buffer {
	const value = Buffer.alloc(8);
	value.writeBigUInt64LE(BigInt(Math.max(0, count)));
	return option(code, value);
}
