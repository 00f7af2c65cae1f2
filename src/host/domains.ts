import type { Gap, HostStatement } from "../model/host-document.js";
import { hasAgent, readAgents } from "./agents.js";
import { askVirsh } from "./ask-virsh.js";
import { reduceDomainXml } from "./domain-xml.js";
import type { HostOptions } from "./host-options.js";
import { mapInTurn } from "./in-turn.js";
import { hasProxmox, readProxmox } from "./proxmox.js";
import { readQemuProcesses } from "./qemu-processes.js";
import { parseUuids, virshCommand } from "./virsh.js";

/** What virsh filters by, and what it calls such a domain where it lists all. */
const states = [
	["--state-running", "running"],
	["--state-paused", "paused"],
	["--state-shutoff", "shut off"],
	["--state-other", "other"],
] as const;

const domainLimit = 10_000;

/** By one process: its argument holds 128 KiB, and two processes share the work. */
const domainsAtOnce = 500;

/** A thousand take libvirt's test driver 1.2 s. */
const dumpTimeoutMs = 15_000;

/** Its XML, reduced, is longer only by design. */
const xmlLimit = 64 << 10;

/**
 * Reads which VMs there are, and how they are plugged in.
 *
 * - `virsh -r dumpxml`: `[{"uuid": "…", "state": "running", "xml": "<domain type='kvm'
 *   id='3'>\n<name>…"}]`, in order of uuid. `state` is `running`, `paused`, `shut off` or
 *   `other` (crashed, being shut down, suspended). `xml`: see `reduceDomainXml`; null when
 *   it cannot be read.
 * - `virsh domifaddr --source agent`: see `readAgents`; only where that is asked for.
 * - `/etc/pve/qemu-server/100.conf`: the lines of a Proxmox VM that say so, one statement
 *   a VM; and `/run/qemu-server`, the ids of those that run: `["100"]`.
 * - `/proc/PID/cmdline`: processes of QEMU itself, whoever started them.
 */
export async function readDomains(
	options: HostOptions,
): Promise<HostStatement[]> {
	const [libvirt, proxmox, processes] = await Promise.all([
		readLibvirt(options),
		readProxmox(options),
		readQemuProcesses(options),
	]);
	return [...libvirt, ...proxmox, processes];
}

interface Found {
	readonly uuid: string;
	readonly state: string;
}

async function readLibvirt(options: HostOptions): Promise<HostStatement[]> {
	const source = `${virshCommand(options).join(" ")} dumpxml`;
	const lists = await askVirsh(
		states.map(([filter]) => `list --all --uuid ${filter}`),
		options,
	);
	if (lists.gap) {
		const isMissing = lists.gap.reason.endsWith("is not installed");
		const isProxmox = isMissing && (await hasProxmox(options));
		return isProxmox ? [] : [{ source, output: null, gap: lists.gap }];
	}
	const all = sortByUuid(lists.answers);
	const found = all.slice(0, domainLimit);
	const read = await mapInTurn(chunk(found), 2, (some) =>
		readXmls(some, options),
	);
	const output = read.flatMap(({ domains }) => domains);
	const leftOut = all.length - found.length;
	const gaps = read.flatMap(({ gap }) => gap ?? []);
	if (leftOut > 0) {
		const reason = `${leftOut} of ${all.length} domains are left out`;
		gaps.push({ reason, fix: null });
	}
	const agents = read.flatMap(({ withAgent }) => withAgent);
	return [
		{ source, output, gap: null },
		...gaps.slice(0, 1).map((gap) => ({ source, output: null, gap })),
		...(options.asksAgents ? await readAgents(agents, options) : []),
	];
}

/** A domain that changes its state meanwhile may stand in two lists: the first holds. */
function sortByUuid(answers: readonly string[]): Found[] {
	const found = new Map<string, Found>();
	for (const [index, [, state]] of states.entries()) {
		for (const uuid of parseUuids(answers[index] ?? "")) {
			if (!found.has(uuid)) {
				found.set(uuid, { uuid, state });
			}
		}
	}
	return [...found.values()].sort((a, b) => (a.uuid < b.uuid ? -1 : 1));
}

function chunk(found: readonly Found[]): Found[][] {
	const count = Math.ceil(found.length / domainsAtOnce);
	return Array.from({ length: count }, (_, index) =>
		found.slice(index * domainsAtOnce, (index + 1) * domainsAtOnce),
	);
}

interface Read {
	readonly domains: readonly {
		uuid: string;
		state: string;
		xml: string | null;
	}[];
	/** Uuids of those that run and have a guest agent. */
	readonly withAgent: readonly string[];
	readonly gap: Gap | null;
}

async function readXmls(
	found: readonly Found[],
	options: HostOptions,
): Promise<Read> {
	const { answers, gap } = await askVirsh(
		found.map(({ uuid }) => `dumpxml ${uuid}`),
		options,
		dumpTimeoutMs,
	);
	const domains = found.map(({ uuid, state }, index) => {
		const xml = reduceDomainXml(answers?.[index] ?? "");
		const isShort = xml !== null && xml.length <= xmlLimit;
		return { uuid, state, xml: isShort ? xml : null };
	});
	const withAgent = found.flatMap(({ uuid, state }, index) =>
		state === "running" && hasAgent(answers?.[index] ?? "") ? [uuid] : [],
	);
	return { domains, withAgent, gap };
}
