import type {
	HostDocumentType,
	HostStatement,
} from "../model/host-document.js";
import { type Command, stateJson } from "./command.js";
import type { HostOptions } from "./host-options.js";
import { mapInTurn } from "./in-turn.js";
import { leaveOutVlanCopies } from "./vlan-copies.js";

/** Documents that are what iproute2 prints as JSON, and by which commands. */
export const networkCommands = {
	/** Every interface with its kind's settings; bridge ports with their flags. */
	"host-links": [
		["ip", "-j", "-d", "link", "show"],
		["bridge", "-j", "-d", "link", "show"],
	],
	"host-addresses": [["ip", "-j", "addr", "show"]],
	"host-routes": [
		["ip", "-j", "-4", "route", "show", "table", "main"],
		["ip", "-j", "-4", "rule", "show"],
	],
	/** `-s`: how long ago, in seconds, an entry was used, confirmed and updated. */
	"host-neighbours": [["ip", "-j", "-s", "neigh", "show"]],
	"host-fdb": [["bridge", "-j", "fdb", "show"]],
	/** Ranges in one: else a trunk has 4,094 entries. */
	"host-vlans": [["bridge", "-j", "-compressvlans", "vlan", "show"]],
} as const satisfies Partial<Record<HostDocumentType, readonly Command[]>>;

/** What `bridge` adds to links is not worth more: everything waits for the links. */
const bridgeTimeoutMs = 2000;

export type NetworkDocumentType = keyof typeof networkCommands;

/** A trunk's entries take half a megabyte, before most of them are left out. */
const fdbLimit = 64 << 20;

/** Asks iproute2 for one subject. */
export async function readNetwork(
	type: NetworkDocumentType,
	options: HostOptions,
): Promise<HostStatement[]> {
	if (type === "host-fdb") {
		const [command] = networkCommands[type];
		const said = await stateJson(command, options, { outputLimit: fdbLimit });
		return [{ ...said, output: leaveOutVlanCopies(said.output) }];
	}
	const commands: readonly Command[] = networkCommands[type];
	const isExtra = ([program]: Command) => commands[0]?.[0] !== program;
	return mapInTurn(commands, 2, (command) =>
		isExtra(command)
			? stateJson(command, options, { timeoutMs: bridgeTimeoutMs })
			: stateJson(command, options),
	);
}
