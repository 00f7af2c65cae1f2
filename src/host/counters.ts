import { readdir } from "node:fs/promises";
import type { HostStatement, Json } from "../model/host-document.js";
import { tryReadStart } from "./file.js";
import { gapOfFile } from "./gap.js";
import { type HostOptions, locate } from "./host-options.js";
import { mapInTurn } from "./in-turn.js";

const netClass = "/sys/class/net";

/**
 * Reads how many frames each tap could not hand to its VM since it was made: its queue
 * was full, as nobody read it. `{"vnet0": 4, …}`, which `ip -s link` shows as TX dropped.
 */
export async function readCounters(
	options: HostOptions,
): Promise<HostStatement[]> {
	const source = `${netClass}/*/statistics/tx_dropped`;
	try {
		const names = await readdir(locate(netClass, options));
		const read = await mapInTurn(names.sort(), 8, async (name) => {
			const dropped = await readDropped(name, options);
			return dropped === null ? [] : [[name, dropped] as const];
		});
		const output: Json = Object.fromEntries(read.flat());
		return [{ source, output, gap: null }];
	} catch (error) {
		return [{ source, output: null, gap: gapOfFile(error) }];
	}
}

/** Null: it is no tap, or has just gone. Only taps and tuns have `tun_flags`. */
async function readDropped(
	name: string,
	options: HostOptions,
): Promise<number | null> {
	const inside = `${netClass}/${name}`;
	const isTap = (await tryReadStart(`${inside}/tun_flags`, options)) !== null;
	const text = isTap
		? await tryReadStart(`${inside}/statistics/tx_dropped`, options)
		: null;
	const dropped = Number.parseInt(text ?? "", 10);
	return Number.isSafeInteger(dropped) ? dropped : null;
}
