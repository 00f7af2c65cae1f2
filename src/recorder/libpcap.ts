import { linkType } from "../model/capture.js";
import { makeSafe } from "../model/safe-text.js";
import { type BpfInstruction, decodeProgram } from "./bpf.js";
import { FilterError } from "./engine.js";
import type { Koffi } from "./libc.js";

const libraries = ["libpcap.so.1", "libpcap.so.0.8", "libpcap.so"] as const;

/** DLT_RAW of Linux, whose LINKTYPE_ number is another one. */
const dataLinkRaw = 12;

const instructionLength = 8;
const unknownNetmask = 0xffff_ffff;

/** pcap_open_dead(3PCAP), pcap_compile(3PCAP) and what belongs to them. */
interface Libpcap {
	pcap_open_dead(linkType: number, snapLength: number): bigint | null;
	pcap_compile(
		handle: bigint,
		program: Buffer,
		expression: string,
		optimize: number,
		netmask: number,
	): number;
	pcap_geterr(handle: bigint): string;
	pcap_freecode(program: Buffer): void;
	pcap_close(handle: bigint): void;
}

const prototypes: Readonly<Record<keyof Libpcap, string>> = {
	pcap_open_dead: "void *pcap_open_dead(int, int)",
	pcap_compile: "int pcap_compile(void *, void *, str, int, uint32_t)",
	pcap_geterr: "str pcap_geterr(void *)",
	pcap_freecode: "void pcap_freecode(void *)",
	pcap_close: "void pcap_close(void *)",
};

/**
 * Longest expression, in characters: libpcap takes seconds to optimize it, and nothing
 * stops it once it has begun (200 hosts: 1.7 s, 400: 14 s, 1500: more than ten minutes).
 */
const longestExpression = 4096;

/** Compiles an expression for a port's link type. */
export type CompileFilter = (
	expression: string,
	link: number,
	snapLength: number,
) => readonly BpfInstruction[];

/**
 * Loads the compiler of pcap-filter expressions, as pcap-filter(7) describes them.
 *
 * `vlan` matches tags that are in the frame only: the outermost one the kernel has put
 * aside, and without it the rest of an expression reads as for an untagged frame.
 *
 * @throws {FilterError} when there is no libpcap; the function, for a wrong expression
 */
export function loadFilterCompiler(koffi: Koffi): CompileFilter {
	const pcap = loadLibpcap(koffi);
	return (expression, link, snapLength) => {
		if (expression.length > longestExpression) {
			throw new FilterError(
				`--filter has ${expression.length} characters, and may have ${longestExpression}: use nets in the place of hosts`,
			);
		}
		const dataLink = link === linkType.raw ? dataLinkRaw : link;
		const handle = pcap.pcap_open_dead(dataLink, snapLength);
		if (handle === null) {
			throw new FilterError("--filter: libpcap has no memory left");
		}
		const program = Buffer.alloc(16);
		try {
			const result = pcap.pcap_compile(
				handle,
				program,
				expression,
				1,
				unknownNetmask,
			);
			if (result !== 0) {
				const why = makeSafe(pcap.pcap_geterr(handle));
				throw new FilterError(
					`--filter "${makeSafe(expression)}" is not understood: libpcap says ${why}`,
				);
			}
			return copyProgram(koffi, program);
		} finally {
			pcap.pcap_freecode(program);
			pcap.pcap_close(handle);
		}
	};
}

/** From `struct bpf_program`: bf_len and bf_insns. */
function copyProgram(koffi: Koffi, program: Buffer): readonly BpfInstruction[] {
	const length = program.readUInt32LE(0) * instructionLength;
	const memory = koffi.view(program.readBigUInt64LE(8), length);
	return decodeProgram(Buffer.from(memory));
}

function loadLibpcap(koffi: Koffi): Libpcap {
	for (const name of libraries) {
		try {
			const library = koffi.load(name);
			const functions = Object.entries(prototypes).map(
				([name, prototype]) => [name, library.func(prototype)] as const,
			);
			return Object.fromEntries(functions) as unknown as Libpcap;
		} catch {
			// Another name may be there.
		}
	}
	throw new FilterError("--filter needs libpcap: apt install libpcap0.8");
}
