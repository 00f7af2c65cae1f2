import { readdir, readlink } from "node:fs/promises";
import { basename } from "node:path";
import { tryReadStart } from "./file.js";
import { type HostOptions, locate } from "./host-options.js";
import { mapInTurn } from "./in-turn.js";

const netClass = "/sys/class/net";

/**
 * What /sys/class/net says of the interfaces: their names, indexes, states and masters.
 * Another text means that something changed; for hosts on which nothing tells of it.
 */
export async function readLinksSignature(
	options: HostOptions,
): Promise<string> {
	const names = await readdir(locate(netClass, options)).catch(() => []);
	const lines = await mapInTurn(names.sort(), 8, async (name) => {
		const files = ["ifindex", "operstate", "flags"].map((file) =>
			tryReadStart(`${netClass}/${name}/${file}`, options),
		);
		const master = readlink(locate(`${netClass}/${name}/master`, options));
		const values = await Promise.all([
			...files,
			master.then((target) => basename(target)).catch(() => null),
		]);
		return [name, ...values.map((value) => value?.trim() ?? "")].join(" ");
	});
	return lines.join("\n");
}
