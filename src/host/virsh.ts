import { randomBytes } from "node:crypto";
import type { Gap } from "../model/host-document.js";
import {
	type Command,
	type CommandResult,
	firstLine,
	runCommand,
} from "./command.js";
import { refused } from "./gap.js";
import type { HostOptions } from "./host-options.js";

/** What virsh printed until it ended, and why it could not answer, or not further. */
export interface VirshRun {
	/** Those to the first commands, when it did not get to the others. */
	readonly answers: readonly string[];
	readonly gap: Gap | null;
}

/** One run of virsh may answer for a thousand domains. */
const outputLimit = 64 << 20;

/** The beginning of every command line of virsh: read-only, and connected to where. */
export function virshCommand(options: HostOptions): Command {
	return ["virsh", "-r", ...chooseConnection(options)];
}

/** As `virshCommand`, but not read-only: libvirt lets nobody else ask a guest's agent. */
export function writingVirshCommand(options: HostOptions): Command {
	return ["virsh", ...chooseConnection(options)];
}

/**
 * Without one, virsh chooses. An ordinary user's would be `qemu:///session`, and asking
 * that one starts a daemon.
 */
function chooseConnection({ connect }: HostOptions): readonly string[] {
	const isChosen = Boolean(process.env.LIBVIRT_DEFAULT_URI);
	const isOwn = isChosen || process.getuid?.() === 0;
	const uri = connect ?? (isOwn ? null : "qemu:///system");
	return uri === null ? [] : ["-c", uri];
}

/**
 * Has one process of virsh run several commands. One that fails answers with "".
 *
 * @param commands words of virsh; what stands in them must hold no blank or quote
 * @param timeoutMs for all of them together
 */
export async function runVirsh(
	[program, ...args]: Command,
	commands: readonly string[],
	options: HostOptions,
	timeoutMs: number,
): Promise<VirshRun> {
	// `echo` ends no line. Nobody can put a mark into their XML that is made up now.
	const mark = `[${randomBytes(12).toString("hex")}]`;
	const script = commands
		.map((command) => `${command}; echo ${mark}`)
		.join("; ");
	const result = await runCommand([program, ...args, "-q", script], options, {
		timeoutMs,
		outputLimit,
	});
	const answers = result.stdout.split(mark).slice(0, -1);
	const isWhole = answers.length === commands.length;
	// Each command tries to connect, and `echo` needs no connection: it answers all the same.
	return isWhole && !notConnected.test(result.stderr)
		? { answers, gap: null }
		: { answers, gap: explain(result) };
}

const notConnected = /^error: failed to connect to the hypervisor$/m;

function explain({ stderr, gap }: CommandResult): Gap {
	if (
		/Failed to connect socket to .*No such file|Connection refused/.test(stderr)
	) {
		return {
			reason: "libvirtd is not running",
			fix: "systemctl start libvirtd (or virtqemud and virtnetworkd)",
		};
	}
	if (/permission denied|authentication|access denied|polkit/i.test(stderr)) {
		const { reason } = refused();
		return { reason, fix: "run as root, or add yourself to group libvirt" };
	}
	if (notConnected.test(stderr)) {
		const why = firstLine(stderr.slice(stderr.indexOf("\n")));
		return { reason: why ?? "virsh reaches no libvirt", fix: null };
	}
	return gap ?? { reason: "virsh did not answer every command", fix: null };
}

/** The uuids that `list --uuid` and `net-list --uuid` print, one a line. */
export function parseUuids(text: string): string[] {
	return text.match(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/gm) ?? [];
}
