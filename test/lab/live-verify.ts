import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Lab } from "./lab.js";
import { type Program, type Run, startProgram } from "./live-program.js";
import { vms } from "./plan.js";
import { waitFor } from "./wait.js";

/** What the tests look at of a verdict. */
export interface JsonVerdict {
	readonly type: string;
	readonly vm: string;
	readonly outcome: string;
	readonly sentence: string;
	readonly exit: number;
	readonly exchange: {
		readonly lastSeen: string | null;
		readonly firstMissing: string | null;
		readonly server: string | null;
		readonly lease: { readonly address: string } | null;
	} | null;
	readonly causes: readonly {
		readonly id: string;
		readonly certainty: string;
	}[];
	readonly advice: readonly string[];
}

const beginMs = 20_000;

/** Where `startVerify` keeps what it captures. */
export function verifiedLog(lab: Lab): string {
	return join(lab.directory, "verified.pcapng");
}

/** Starts verifying, and waits until it captures at the VM's tap. */
export async function startVerify(
	lab: Lab,
	args: readonly string[],
	tap = vms.vm1.tap,
): Promise<Program> {
	const log = verifiedLog(lab);
	const program = startProgram(lab, ["verify", ...args, "-w", log]);
	await waitFor(`a capture at ${tap}`, beginMs, async () => {
		const bytes = await readFile(log).catch(() => Buffer.alloc(0));
		// The last document before frames; it names what is captured.
		const isCaptured = bytes.includes(`"interfaces":[{"name":`);
		return (isCaptured && bytes.includes(tap)) || program.isOver
			? true
			: undefined;
	});
	return program;
}

/** One line, an object as the schema says, the exit code that it tells. */
export async function readVerdict({
	exitCode,
	stdout,
	stderr,
}: Run): Promise<JsonVerdict> {
	const text = stdout.toString();
	assert.match(text, /^\{[^\n]*\}\n$/, stderr);
	const url = new URL(
		"../../../src/show/vmpath-1.schema.json",
		import.meta.url,
	);
	const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
	const schema = JSON.parse(await readFile(url, "utf8"));
	ajv.addSchema(schema);
	const verdict = JSON.parse(text);
	const validate = ajv.getSchema(`${schema.$id}#/$defs/${verdict.type}`);
	assert.ok(validate?.(verdict), JSON.stringify(validate?.errors));
	assert.equal(exitCode, verdict.exit, stderr);
	return verdict;
}
