import { isIPv4 } from "node:net";
import { makeSafe } from "../model/safe-text.js";
import { Failure } from "./failure.js";
import type { VerifyQuestion } from "./verify-run.js";

/** @throws {Failure} when no VM, both a VM and all, or something else than addresses are named */
export function checkQuestion(
	{ vm, servers, gateway, subject }: VerifyQuestion,
	isAll: boolean,
): void {
	if (isAll === (vm !== null)) {
		throw new Failure(
			isAll
				? `--all means every VM: leave ${makeSafe(vm ?? "")} out, or --all`
				: `name the VM, before other options: \`vmpath verify ${subject} VM1\`, or give --all`,
		);
	}
	for (const address of [...servers, ...(gateway === null ? [] : [gateway])]) {
		if (!isIPv4(address)) {
			throw new Failure(`${makeSafe(address)} is no IPv4 address`);
		}
	}
}
