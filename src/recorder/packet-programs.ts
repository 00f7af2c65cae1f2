import { linkType } from "../model/capture.js";
import type { BpfInstruction } from "./bpf.js";
import { captureProgram } from "./bpf-capture.js";
import type { Koffi } from "./libc.js";
import { loadFilterCompiler } from "./libpcap.js";

/** The program for ports of a link type. */
export type ProgramOf = (link: number) => readonly BpfInstruction[];

/**
 * Makes the programs of a capture, each when it is wanted first. That of Ethernet is made
 * at once, so that a wrong expression is told before anything begins.
 *
 * @throws {EngineError} and so does the function: a wrong expression, or no libpcap
 */
export function createPrograms(
	koffi: Koffi,
	filter: string | null,
	snapLength: number,
): ProgramOf {
	const compile = filter === null ? null : loadFilterCompiler(koffi);
	const programs = new Map<number, readonly BpfInstruction[]>();
	const programOf = (link: number) => {
		const made = programs.get(link);
		if (made !== undefined) {
			return made;
		}
		const only =
			filter === null || compile === null
				? null
				: compile(filter, link, snapLength);
		const program = captureProgram(link, snapLength, only);
		programs.set(link, program);
		return program;
	};
	programOf(linkType.ethernet);
	return programOf;
}
