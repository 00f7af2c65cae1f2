/** One instruction of classic BPF, as in `struct sock_filter` of linux/filter.h. */
export interface BpfInstruction {
	readonly code: number;
	/** Instructions to skip where a comparison holds, and where it does not. */
	readonly jt: number;
	readonly jf: number;
	readonly k: number;
}

/**
 * Operations by the names of bpf_asm. A is the accumulator, X the index register; `ind`
 * loads from X + k. A load from behind the end of the frame ends the program: rejected.
 */
export const bpf = {
	ldAbsByte: 0x30,
	ldAbsHalf: 0x28,
	ldIndByte: 0x50,
	ldIndHalf: 0x48,
	ldIndWord: 0x40,
	ldxImm: 0x01,
	tax: 0x07,
	txa: 0x87,
	and: 0x54,
	shiftLeft: 0x64,
	add: 0x04,
	addX: 0x0c,
	ja: 0x05,
	jeq: 0x15,
	jge: 0x35,
	jset: 0x45,
	ret: 0x06,
} as const;

/**
 * A line of a program: an operation, or the name of the place where the next one stands.
 * A comparison without `yes` or `no` goes on with the next line there.
 */
export type BpfLine =
	| { readonly label: string }
	| {
			readonly code: number;
			readonly k: number;
			readonly yes?: string;
			readonly no?: string;
	  };

/** BPF_MAXINSNS: the kernel takes no longer program. */
export const maxInstructions = 4096;

/** A conditional jump has one byte for how far. */
const longestJump = 255;

/** Bytes of a `struct sock_filter`. */
const instructionLength = 8;

/**
 * Turns labels into distances.
 *
 * @throws {RangeError} when a label is missing, lies behind, or is too far away
 */
export function assemble(lines: readonly BpfLine[]): readonly BpfInstruction[] {
	const places = new Map<string, number>();
	let length = 0;
	for (const line of lines) {
		if ("label" in line) {
			places.set(line.label, length);
		} else {
			length += 1;
		}
	}
	const program: BpfInstruction[] = [];
	for (const line of lines) {
		if (!("label" in line)) {
			const { code, k, yes, no } = line;
			const next = program.length + 1;
			const jt = yes === undefined ? 0 : distance(places, yes, next);
			const jf = no === undefined ? 0 : distance(places, no, next);
			program.push({ code, jt, jf, k });
		}
	}
	return program;
}

function distance(
	places: ReadonlyMap<string, number>,
	label: string,
	next: number,
): number {
	const skipped = (places.get(label) ?? -1) - next;
	if (skipped < 0 || skipped > longestJump) {
		throw new RangeError(`label ${label} cannot be jumped to`);
	}
	return skipped;
}

/** A program in memory as the kernel reads it, in the byte order of x64 and arm64. */
export function encodeProgram(program: readonly BpfInstruction[]): Buffer {
	const bytes = Buffer.alloc(program.length * instructionLength);
	for (const [at, { code, jt, jf, k }] of program.entries()) {
		const start = at * instructionLength;
		bytes.writeUInt16LE(code, start);
		bytes.writeUInt8(jt, start + 2);
		bytes.writeUInt8(jf, start + 3);
		bytes.writeUInt32LE(k >>> 0, start + 4);
	}
	return bytes;
}

/** The reverse of `encodeProgram`. */
export function decodeProgram(bytes: Buffer): readonly BpfInstruction[] {
	const program: BpfInstruction[] = [];
	for (let at = 0; at < bytes.length; at += instructionLength) {
		program.push({
			code: bytes.readUInt16LE(at),
			jt: bytes.readUInt8(at + 2),
			jf: bytes.readUInt8(at + 3),
			k: bytes.readUInt32LE(at + 4),
		});
	}
	return program;
}
