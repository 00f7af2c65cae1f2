import { linkType } from "../model/capture.js";
import {
	assemble,
	type BpfInstruction,
	type BpfLine,
	bpf,
	maxInstructions,
} from "./bpf.js";
import { FilterError } from "./engine.js";

const ethernet = { type: 12, length: 14 } as const;
/** Length of a VLAN tag, in bytes. */
const tagLength = 4;
/** In the frame; the outermost tag of all the kernel has put aside already. */
const maxTags = 2;

const vlanTypes = [0x8100, 0x88a8, 0x9100] as const;
const type = {
	ipv4: 0x0800,
	arp: 0x0806,
	rarp: 0x8035,
	first: 0x0600,
} as const;
const snap = { llc: 0xaaaa0300, organization: 0, length: 8 } as const;

const ipv4 = { fragment: 6, protocol: 9 } as const;
const fragmentOffsetMask = 0x1fff;
const protocol = { icmp: 1, udp: 17 } as const;
const dhcp = { server: 67, client: 68 } as const;

/** Whether the packet engine can capture at a port of this link type. */
export function isCapturedLinkType(link: number): boolean {
	return (
		link === linkType.ethernet ||
		link === linkType.raw ||
		link === linkType.ipv4
	);
}

/**
 * The program that chooses what a packet socket keeps: ARP, RARP, ICMP over IPv4 with all
 * its fragments, and UDP to or from the ports of DHCP; of these, what `only` accepts.
 *
 * It reads the very bytes that are delivered, by their place in the frame. Ancillary data
 * would not do: behind a tag that is in the frame SKF_NET_OFF is before the tag on
 * the way in and, for frames of a packet socket or of a card that does not insert tags,
 * behind it on the way out.
 *
 * @param snapLength bytes kept of a frame, at most
 * @param only a compiled pcap-filter expression for the same link type; null: none
 * @throws {FilterError} when both together are longer than the kernel takes
 */
export function captureProgram(
	link: number,
	snapLength: number,
	only: readonly BpfInstruction[] | null,
): readonly BpfInstruction[] {
	const program = [
		...goOnWhereAccepted(only ?? []),
		...builtinFilter(link, snapLength),
	];
	if (program.length > maxInstructions) {
		throw new FilterError(
			`the --filter expression is too long: it takes ${program.length} instructions, and the kernel takes ${maxInstructions}`,
		);
	}
	return program;
}

/** What a program accepts goes on behind it; what it rejects is rejected. */
function goOnWhereAccepted(
	program: readonly BpfInstruction[],
): readonly BpfInstruction[] {
	return program.map((instruction, at) =>
		instruction.code === bpf.ret && instruction.k > 0
			? { code: bpf.ja, jt: 0, jf: 0, k: program.length - at - 1 }
			: instruction,
	);
}

/** The built-in program. */
export function builtinFilter(
	link: number,
	snapLength: number,
): readonly BpfInstruction[] {
	return assemble([
		...(link === linkType.ethernet ? ethernetLines() : rawLines()),
		...ipv4Lines(),
		{ label: "accept" },
		{ code: bpf.ret, k: snapLength },
		{ label: "other" },
		{ code: bpf.ret, k: 0 },
	]);
}

/** Leaves in X where the packet starts. */
function ethernetLines(): readonly BpfLine[] {
	return [
		{ code: bpf.ldxImm, k: ethernet.length },
		{ code: bpf.ldAbsHalf, k: ethernet.type },
		...Array.from({ length: maxTags }, (_, tag) => tagLines(tag)).flat(),
		{ label: "typed" },
		{ code: bpf.jeq, k: type.ipv4, yes: "ipv4" },
		{ code: bpf.jeq, k: type.arp, yes: "accept" },
		{ code: bpf.jeq, k: type.rarp, yes: "accept" },
		{ code: bpf.jge, k: type.first, yes: "other" },
		{ code: bpf.ldIndWord, k: 0 },
		{ code: bpf.jeq, k: snap.llc, no: "other" },
		{ code: bpf.ldIndHalf, k: 4 },
		{ code: bpf.jeq, k: snap.organization, no: "other" },
		{ code: bpf.ldIndHalf, k: 6 },
		{ code: bpf.jeq, k: type.arp, yes: "accept" },
		{ code: bpf.jeq, k: type.rarp, yes: "accept" },
		{ code: bpf.jeq, k: type.ipv4, no: "other" },
		{ code: bpf.txa, k: 0 },
		{ code: bpf.add, k: snap.length },
		{ code: bpf.tax, k: 0 },
	];
}

/** Goes behind one tag, with the next type in A; without a tag to `typed`. */
function tagLines(tag: number): readonly BpfLine[] {
	const [first, second, third] = vlanTypes;
	const length = (tag + 1) * tagLength;
	return [
		{ code: bpf.jeq, k: first, yes: `tag ${tag}` },
		{ code: bpf.jeq, k: second, yes: `tag ${tag}` },
		{ code: bpf.jeq, k: third, no: "typed" },
		{ label: `tag ${tag}` },
		{ code: bpf.ldxImm, k: ethernet.length + length },
		{ code: bpf.ldAbsHalf, k: ethernet.type + length },
	];
}

function rawLines(): readonly BpfLine[] {
	return [
		{ code: bpf.ldxImm, k: 0 },
		{ code: bpf.ldAbsByte, k: 0 },
		{ code: bpf.and, k: 0xf0 },
		{ code: bpf.jeq, k: 0x40, no: "other" },
	];
}

/** Later fragments have no ports, and a header that is malformed has them nowhere. */
function ipv4Lines(): readonly BpfLine[] {
	return [
		{ label: "ipv4" },
		{ code: bpf.ldIndByte, k: ipv4.protocol },
		{ code: bpf.jeq, k: protocol.icmp, yes: "accept" },
		{ code: bpf.jeq, k: protocol.udp, no: "other" },
		{ code: bpf.ldIndHalf, k: ipv4.fragment },
		{ code: bpf.jset, k: fragmentOffsetMask, yes: "other" },
		{ code: bpf.ldIndByte, k: 0 },
		{ code: bpf.jge, k: 0x45, no: "other" },
		{ code: bpf.jge, k: 0x50, yes: "other" },
		{ code: bpf.and, k: 0x0f },
		{ code: bpf.shiftLeft, k: 2 },
		{ code: bpf.addX, k: 0 },
		{ code: bpf.tax, k: 0 },
		{ code: bpf.ldIndHalf, k: 0 },
		{ code: bpf.jeq, k: dhcp.server, yes: "accept" },
		{ code: bpf.jeq, k: dhcp.client, yes: "accept" },
		{ code: bpf.ldIndHalf, k: 2 },
		{ code: bpf.jeq, k: dhcp.server, yes: "accept" },
		{ code: bpf.jeq, k: dhcp.client, no: "other" },
	];
}
