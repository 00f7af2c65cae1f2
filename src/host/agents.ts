import type { HostStatement, Json } from "../model/host-document.js";
import type { HostOptions } from "./host-options.js";
import { mapInTurn } from "./in-turn.js";
import { runVirsh, writingVirshCommand } from "./virsh.js";

/** An agent that hangs keeps libvirt for 5 s, and those that are asked after it waiting. */
const agentsByProcess = 8;
const processesAtOnce = 4;
const processMs = 8000;

/** All of them together; those that are left by then are not asked. */
const totalMs = 20_000;

/** Of one guest; what it says is its own choice. */
const textLimit = 16 << 10;

/** A channel to an agent, unless libvirt says that nobody listens in the guest. */
const channel =
	/<target\b[^<>]*\bname='org\.qemu\.guest_agent\.0'(?![^<>]*\bstate='disconnected')/;

/** Whether a guest's agent can be asked, by the domain's whole XML. */
export function hasAgent(xml: string): boolean {
	return channel.test(xml);
}

/**
 * Asks agents in guests which addresses they have. This is the one thing that is asked
 * over a connection that may write.
 *
 * `virsh domifaddr --source agent`: `[{"uuid": "…", "addresses": "…"}]`. `addresses` is
 * its table without its head; "" of a guest that did not say. What stands there is the
 * guest's word.
 *
 * @param uuids of running domains that have an agent
 */
export async function readAgents(
	uuids: readonly string[],
	options: HostOptions,
): Promise<HostStatement[]> {
	const command = writingVirshCommand(options);
	const source = `${command.join(" ")} domifaddr --source agent`;
	const until = performance.now() + totalMs;
	const chunks = Array.from(
		{ length: Math.ceil(uuids.length / agentsByProcess) },
		(_, at) => uuids.slice(at * agentsByProcess, (at + 1) * agentsByProcess),
	);
	const read = await mapInTurn(chunks, processesAtOnce, async (some) => {
		const leftMs = Math.min(processMs, until - performance.now());
		const commands = some.map(
			(uuid) => `domifaddr ${uuid} --source agent --full`,
		);
		return leftMs <= 0
			? { answers: [], gap: null }
			: runVirsh(command, commands, options, leftMs);
	});
	const output = chunks.flatMap((some, at): Json[] => {
		const { answers = [] } = read[at] ?? {};
		return answers.map((text, index) => ({
			uuid: some[index] ?? "",
			addresses: text.trim().slice(0, textLimit),
		}));
	});
	const unasked = uuids.length - output.length;
	const gap =
		unasked === 0
			? null
			: { reason: `${unasked} guest agents did not answer in time`, fix: null };
	const refusal = read.find((run) => run.answers.length === 0)?.gap ?? gap;
	return [
		{ source, output, gap: null },
		...(gap === null ? [] : [{ source, output: null, gap: refusal }]),
	];
}
