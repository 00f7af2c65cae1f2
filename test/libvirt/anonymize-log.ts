import { release } from "node:os";
import type { HostStatement } from "../../src/model/host-document.js";

/** Block types, from draft-ietf-opsawg-pcapng. */
const enhancedPacket = 6;
const headerLength = 14;
const hostEtherType = 0x88b5;

/** In the place of the release of the kernel that the lab ran on; it is short. */
export const someRelease = "6.1.0-32-amd64";

/**
 * Blanks what a recording says of the machine it was made on, and of what else ran there:
 * its kernel's release, whether it is a VM, processes in other namespaces. Lengths stay:
 * what becomes shorter is filled up with blanks, which mean nothing in JSON.
 *
 * @param log a little-endian pcapng file, which is changed
 */
export function anonymizeLog(log: Buffer): void {
	for (let at = 0; at < log.length; at += log.readUInt32LE(at + 4)) {
		if (log.readUInt32LE(at) === enhancedPacket) {
			const length = log.readUInt32LE(at + 20);
			anonymizeFrame(log.subarray(at + 28, at + 28 + length));
		}
	}
	const ours = Buffer.from(release());
	for (let at = log.indexOf(ours); at >= 0; at = log.indexOf(ours, at)) {
		log.fill(" ", at, at + ours.length);
		log.write(someRelease.slice(0, ours.length), at);
	}
}

function anonymizeFrame(frame: Buffer): void {
	if (frame.length < headerLength || !isDocument(frame)) {
		return;
	}
	const begin = frame.indexOf("\n", headerLength) + 1;
	const header = JSON.parse(frame.toString("utf8", headerLength, begin));
	if (header.parts !== 1) {
		throw new Error(`${header.type} has ${header.parts} parts`);
	}
	const json = JSON.parse(frame.toString("utf8", begin)) as HostStatement[];
	const text = Buffer.from(JSON.stringify(json.map(forgetMachine)));
	if (begin + text.length > frame.length) {
		throw new Error(`${header.type} does not get shorter`);
	}
	frame.fill(" ", begin);
	text.copy(frame, begin);
}

/** Ticks are frames of one line. */
function isDocument(frame: Buffer): boolean {
	return (
		frame.readUInt16BE(12) === hostEtherType &&
		frame.indexOf("\n", headerLength) >= 0
	);
}

/** Of processes only those of the lab's own host stay. */
export function forgetMachine(statement: HostStatement): HostStatement {
	const { source, output } = statement;
	if (source === "/proc/sys/kernel/osrelease") {
		return { ...statement, output: someRelease };
	}
	if (source === "systemd-detect-virt") {
		return { ...statement, output: "none" };
	}
	if (source === "/proc/*/cmdline" && Array.isArray(output)) {
		const ours = output.filter(({ isInOurNetwork }) => isInOurNetwork);
		return { ...statement, output: ours };
	}
	return statement;
}
