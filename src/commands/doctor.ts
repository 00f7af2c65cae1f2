import { gatherHostFacts } from "../host/doctor-facts.js";
import { checkCapture, checkMachine } from "./doctor-capture.js";
import type { Check, DoctorFacts } from "./doctor-facts.js";
import { checkHost } from "./doctor-host.js";
import { probeCapture } from "./doctor-probe.js";
import { layOutChecks } from "./doctor-text.js";
import { Output } from "./output.js";
import { chooseLayout } from "./terminal-layout.js";

const doctorFormats = ["text", "json"] as const;

/** What `vmpath doctor` was asked for. */
export interface DoctorOptions {
	readonly format: (typeof doctorFormats)[number];
	/** libvirt connection URI; null: virsh's own choice. */
	readonly connect: string | null;
}

const exitTraceable = 0;
const exitCannotTell = 3;

/**
 * Says whether this host can be traced, check by check, and how to mend what is in the
 * way.
 *
 * @returns the exit code: 0 when it can be traced, else 3
 */
export async function runDoctor(options: DoctorOptions): Promise<number> {
	const checks = judgeChecks(await gatherFacts(options));
	const failure = checks.find(({ status }) => status === "failure") ?? null;
	const output = new Output(() => {});
	output.write(
		options.format === "json"
			? `${formatJson(checks)}\n`
			: layOut(checks, failure === null),
	);
	output.flush();
	if (failure === null) {
		return exitTraceable;
	}
	const { name, found, fix } = failure;
	const cure = fix === null ? "" : `: ${fix}`;
	output.tell(`this host cannot be traced: ${name}: ${found}${cure}`);
	return exitCannotTell;
}

/** What the facts mean, most basic first. */
export function judgeChecks(facts: DoctorFacts): readonly Check[] {
	const machine = checkMachine(facts);
	// Elsewhere than on Linux nothing of the rest is there, nor would help.
	return machine.some(({ status }) => status === "failure")
		? machine
		: [...machine, ...checkCapture(facts), ...checkHost(facts)];
}

async function gatherFacts({ connect }: DoctorOptions): Promise<DoctorFacts> {
	const [host, capture] = await Promise.all([
		gatherHostFacts({ connect }),
		probeCapture(),
	]);
	const { version, execPath, argv } = process;
	return {
		host,
		capture,
		nodeVersion: version,
		nodePath: execPath,
		programPath: argv[1] ?? "vmpath",
	};
}

/** One object, as `--format json` prints it. */
export function formatJson(checks: readonly Check[]): string {
	const isTraceable = checks.every(({ status }) => status !== "failure");
	return JSON.stringify({ type: "doctor", isTraceable, checks });
}

function layOut(checks: readonly Check[], isTraceable: boolean): string {
	const { columns, paint } = chooseLayout();
	const table = layOutChecks(checks, columns, paint);
	return isTraceable ? `${table}This host can be traced.\n` : table;
}
