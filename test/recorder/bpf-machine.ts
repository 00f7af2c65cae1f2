import type { BpfInstruction } from "../../src/recorder/bpf.js";

/**
 * Runs a classic BPF program over a frame, as the BSD packet filter paper has it. Knows
 * what pcap-filter expressions compile to; ancillary data it does not.
 *
 * @returns bytes to keep; 0: rejected
 */
export function runBpf(
	program: readonly BpfInstruction[],
	frame: Uint8Array,
): number {
	const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
	const memory = new Uint32Array(16);
	let a = 0;
	let x = 0;
	let at = 0;
	const load = (code: number, place: number): number | null => {
		const bytes = { 0: 4, 8: 2, 16: 1 }[code & 0x18] ?? 0;
		if (place + bytes > frame.length) {
			return null;
		}
		return bytes === 4
			? view.getUint32(place)
			: bytes === 2
				? view.getUint16(place)
				: view.getUint8(place);
	};
	for (;;) {
		const { code, jt, jf, k } = program[at] as BpfInstruction;
		at += 1;
		const operand = (code & 0x08) === 0 ? k : x;
		const kind = code & 0x07;
		const operation = code & 0xf0;
		if (kind === 0x06) {
			return code === 0x16 ? a : k;
		}
		if (kind === 0x05) {
			const holds =
				operation === 0x10
					? a === operand
					: operation === 0x20
						? a > operand
						: operation === 0x30
							? a >= operand
							: (a & operand) !== 0;
			at += operation === 0x00 ? k : holds ? jt : jf;
		} else if (kind === 0x04) {
			a = calculate(operation, a, operand) >>> 0;
		} else if (kind === 0x07) {
			[a, x] = code === 0x07 ? [a, a] : [x, x];
		} else if (kind === 0x02 || kind === 0x03) {
			memory[k] = kind === 0x02 ? a : x;
		} else {
			const mode = code & 0xe0;
			const loaded =
				mode === 0x00
					? k
					: mode === 0x60
						? (memory[k] as number)
						: mode === 0x80
							? frame.length
							: mode === 0xa0
								? shifted(load(0x10, k))
								: load(code, mode === 0x40 ? x + k : k);
			if (loaded === null) {
				return 0;
			}
			[a, x] = kind === 0x00 ? [loaded, x] : [a, loaded];
		}
	}
}

/** Four times the low half of a byte: the length of an IPv4 header. */
function shifted(byte: number | null): number | null {
	return byte === null ? null : (byte & 0x0f) * 4;
}

function calculate(operation: number, a: number, operand: number): number {
	switch (operation) {
		case 0x00:
			return a + operand;
		case 0x10:
			return a - operand;
		case 0x20:
			return Math.imul(a, operand);
		case 0x40:
			return a | operand;
		case 0x50:
			return a & operand;
		case 0x60:
			return a << operand;
		case 0x70:
			return a >>> operand;
		default:
			throw new Error(`operation ${operation} is not known`);
	}
}
