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

/** What each of several commands of virsh printed, or why none could be asked. */
export type VirshAnswers =
	| { readonly answers: readonly string[]; readonly gap: null }
	| { readonly answers: null; readonly gap: Gap };

/** One run of virsh may answer for a thousand domains. */
const outputLimit = 64 << 20;

/** The beginning of every command line of virsh: read-only, and connected to where. */
export function virshCommand(options: HostOptions): Command {
	const uri = options.connect ?? defaultUri();
	return ["virsh", "-r", ...(uri === null ? [] : ["-c", uri])];
}

/**
 * Null: virsh's own. An ordinary user's would be `qemu:///session`, and asking that one
 * starts a daemon.
 */
function defaultUri(): string | null {
	const isChosen = Boolean(process.env.LIBVIRT_DEFAULT_URI);
	return isChosen || process.getuid?.() === 0 ? null : "qemu:///system";
}

/**
 * Has one process of virsh run several commands. One that fails answers with "".
 *
 * @param commands words of virsh; what stands in them must hold no blank or quote
 * @param timeoutMs for all of them together
 */
export async function askVirsh(
	commands: readonly string[],
	options: HostOptions,
	timeoutMs = 10_000,
): Promise<VirshAnswers> {
	// `echo` ends no line. Nobody can put a mark into their XML that is made up now.
	const mark = `[${randomBytes(12).toString("hex")}]`;
	const script = commands
		.map((command) => `${command}; echo ${mark}`)
		.join("; ");
	const [program, ...args] = virshCommand(options);
	const result = await runCommand([program, ...args, "-q", script], options, {
		timeoutMs,
		outputLimit,
	});
	const answers = result.stdout.split(mark).slice(0, -1);
	if (answers.length === commands.length) {
		return { answers, gap: null };
	}
	return { answers: null, gap: explain(result) };
}

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
	if (gap?.reason.startsWith("failed to connect")) {
		const why = firstLine(stderr.slice(stderr.indexOf("\n")));
		return { ...gap, reason: why ?? gap.reason };
	}
	return gap ?? { reason: "virsh did not answer every command", fix: null };
}

/** The uuids that `list --uuid` and `net-list --uuid` print, one a line. */
export function parseUuids(text: string): string[] {
	return text.match(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/gm) ?? [];
}
