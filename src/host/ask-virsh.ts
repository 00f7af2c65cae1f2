import type { Gap } from "../model/host-document.js";
import type { HostOptions } from "./host-options.js";
import { runVirsh, type VirshRun, virshCommand } from "./virsh.js";

/** What each of several commands of virsh printed, or why none could be asked. */
export type VirshAnswers =
	| { readonly answers: readonly string[]; readonly gap: null }
	| { readonly answers: null; readonly gap: Gap };

/** Commands of one process; with the mark after each that is 120 kB, and 128 KiB may be. */
const commandsAtOnce = 1500;

/** Commands that wait to be asked by one process. */
interface Batch {
	readonly commands: string[];
	timeoutMs: number;
	readonly run: Promise<VirshRun>;
}

const batches = new WeakMap<HostOptions, Batch>();

/**
 * Asks virsh several things, read-only. One that fails is answered with "". What is asked
 * at the same time is asked by one process: each must connect, and libvirt's test driver
 * reads its file.
 *
 * @param commands words of virsh; what stands in them must hold no blank or quote
 * @param timeoutMs for all that are asked together
 */
export async function askVirsh(
	commands: readonly string[],
	options: HostOptions,
	timeoutMs = 10_000,
): Promise<VirshAnswers> {
	const waiting = batches.get(options);
	const isFull =
		waiting === undefined ||
		waiting.commands.length + commands.length > commandsAtOnce;
	const batch = isFull ? beginBatch(options) : waiting;
	const first = batch.commands.length;
	batch.commands.push(...commands);
	batch.timeoutMs = Math.max(batch.timeoutMs, timeoutMs);
	const { answers, gap } = await batch.run;
	return gap === null
		? { answers: answers.slice(first, first + commands.length), gap }
		: { answers: null, gap };
}

/** It is run once all who ask now have asked: an answer is never older than its question. */
function beginBatch(options: HostOptions): Batch {
	const commands: string[] = [];
	const run = async () => {
		await new Promise((resolve) => setImmediate(resolve));
		if (batches.get(options) === batch) {
			batches.delete(options);
		}
		const virsh = virshCommand(options);
		return runVirsh(virsh, commands, options, batch.timeoutMs);
	};
	const batch: Batch = { commands, timeoutMs: 0, run: run() };
	batches.set(options, batch);
	return batch;
}
