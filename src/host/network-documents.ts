import type {
	HostDocumentType,
	HostStatement,
} from "../model/host-document.js";
import { type Command, stateJson } from "./command.js";
import type { HostOptions } from "./host-options.js";
import { mapInTurn } from "./in-turn.js";

/** Documents that are what iproute2 prints as JSON, and by which commands. */
export const networkCommands = {
	/** Every interface with its kind's settings; bridge ports with their flags. */
	"host-links": [
		["ip", "-j", "-d", "link", "show"],
		["bridge", "-j", "-d", "link", "show"],
	],
	"host-addresses": [["ip", "-j", "addr", "show"]],
	"host-routes": [["ip", "-j", "-4", "route", "show", "table", "main"]],
	/** `-s`: how long ago, in seconds, an entry was used, confirmed and updated. */
	"host-neighbours": [["ip", "-j", "-s", "neigh", "show"]],
	"host-fdb": [["bridge", "-j", "fdb", "show"]],
	"host-vlans": [["bridge", "-j", "vlan", "show"]],
} as const satisfies Partial<Record<HostDocumentType, readonly Command[]>>;

export type NetworkDocumentType = keyof typeof networkCommands;

/** Asks iproute2 for one subject. */
export function readNetwork(
	type: NetworkDocumentType,
	options: HostOptions,
): Promise<HostStatement[]> {
	const commands: readonly Command[] = networkCommands[type];
	return mapInTurn(commands, 2, (command) => stateJson(command, options));
}
