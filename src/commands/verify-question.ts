import { existsSync } from "node:fs";
import { isIPv4 } from "node:net";
import { makeSafe } from "../model/safe-text.js";
import { Failure } from "./failure.js";
import type { VerifyQuestion } from "./verify-run.js";

/** A VM, and options that take several values. */
interface VerifyArguments {
	readonly vm: string | null;
	/** Recordings; null: none were named. */
	readonly read: readonly string[] | null;
	readonly servers: readonly string[];
}

/**
 * Gives back the VM that stands behind `--read FILE` or `--server IP`: these options
 * take all that follows.
 */
export function takeVm<Arguments extends VerifyArguments>(
	given: Arguments,
	isAll: boolean,
): Arguments {
	const { vm, read, servers } = given;
	if (vm !== null || isAll) {
		return given;
	}
	const [file, server] = [read?.at(-1), servers.at(-1)];
	if (read && file !== undefined && read.length > 1 && !isCapture(file)) {
		return { ...given, vm: file, read: read.slice(0, -1) };
	}
	return server !== undefined && servers.length > 1 && !isIPv4(server)
		? { ...given, vm: server, servers: servers.slice(0, -1) }
		: given;
}

/** `-`, a file that is there, or one that is named as `vnet0=FILE`. */
function isCapture(text: string): boolean {
	return (
		text === "-" ||
		existsSync(text) ||
		existsSync(text.slice(text.indexOf("=") + 1))
	);
}

/** @throws {Failure} when no VM, both a VM and all, or something else than addresses are named */
export function checkQuestion(
	{ vm, servers, gateway, subject }: VerifyQuestion,
	isAll: boolean,
): void {
	if (isAll === (vm !== null)) {
		throw new Failure(
			isAll
				? `--all means every VM: leave ${makeSafe(vm ?? "")} out, or --all`
				: `name the VM: \`vmpath verify ${subject} VM1\`, or give --all`,
		);
	}
	for (const address of [...servers, ...(gateway === null ? [] : [gateway])]) {
		if (!isIPv4(address)) {
			throw new Failure(`${makeSafe(address)} is no IPv4 address`);
		}
	}
}
