import type {
	HostDocument,
	HostDocumentType,
	Json,
} from "../model/host-document.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import type { Topology } from "../model/topology.js";
import type { ChosenPort } from "../recorder/capture-history.js";
import { buildTopology } from "../topology/build-topology.js";
import {
	type CaptureChoice,
	type CapturePlan,
	type CaptureSelection,
	chooseCapturePorts,
} from "../topology/capture-plan.js";
import { hasMac, locateMacs } from "./mac-selection.js";

/** What is to be captured, as things are. */
export interface PortPlan {
	readonly ports: readonly ChosenPort[];
	/** Why something that was asked for cannot be; one line each. */
	readonly problems: readonly string[];
}

/** Documents that say which interfaces there are, and how they join. */
const shaping: ReadonlySet<HostDocumentType> = new Set([
	"host-links",
	"host-addresses",
	"host-routes",
	"host-domains",
	"host-networks",
]);

/** Documents that say which VM has an IP address. */
const naming: ReadonlySet<HostDocumentType> = new Set(["host-neighbours"]);

/** Works out what is to be captured from what the host says, anew when it says more. */
export class PortPlanner {
	readonly #selection: CaptureSelection;
	readonly #documents = new Map<HostDocumentType, HostDocument>();
	/** By ifindex. */
	readonly #chosen = new Map<number, CaptureChoice>();
	/** Names as the kernel has them, by ifindex. */
	#names: ReadonlyMap<number, string> = new Map();
	#isSettled = false;

	constructor(selection: CaptureSelection) {
		this.#selection = selection;
	}

	/** @returns whether another plan may come of it */
	add(document: HostDocument): boolean {
		if (this.#documents.has(document.type) && findLinksGap(document) !== null) {
			// Interfaces that cannot be listed just now have not gone.
			return false;
		}
		this.#documents.set(document.type, document);
		if (document.type === "host-links") {
			this.#names = readNames(document);
		}
		const { type } = document;
		const isOfVms = this.#selection.vms.length > 0;
		const isOfMacs = type === "host-fdb" && hasMac(this.#selection);
		return shaping.has(type) || (isOfVms && naming.has(type)) || isOfMacs;
	}

	/** Why the interfaces of this host cannot be listed; null: they can, or none tried yet. */
	get linksGap(): SafeText | null {
		const links = this.#documents.get("host-links");
		return links === undefined ? null : findLinksGap(links);
	}

	/** Whether all was said once. */
	get isSettled(): boolean {
		return this.#isSettled;
	}

	/** All was said once: what is chosen from now on is kept. */
	settle(): void {
		this.#isSettled = true;
	}

	plan(): PortPlan {
		if (!this.#isSettled) {
			this.#chosen.clear();
		}
		const topology = buildTopology([...this.#documents.values()]);
		const { ports, problems } = this.#choose(topology);
		this.#keepChosen(ports, topology);
		return {
			ports: Array.from(this.#chosen.values(), (port) => ({
				...port,
				// The log has it as the kernel does: who reads the log makes it safe.
				name: this.#names.get(port.index) ?? port.name,
				description: describePort(port, topology),
			})),
			problems: problems.length === 0 ? [] : this.#explain(problems),
		};
	}

	#choose(topology: Topology): CapturePlan {
		const fdb = this.#documents.get("host-fdb");
		const located = locateMacs(this.#selection, topology, fdb);
		const { selection, problems } = located;
		// Nothing left to choose would mean everything.
		return problems.length > 0
			? { ports: [], problems }
			: chooseCapturePorts(topology, selection);
	}

	/** Where interfaces cannot be listed, none of them can be found either. */
	#explain(problems: readonly string[]): readonly string[] {
		const gap = this.linksGap;
		return gap === null
			? problems
			: [`the interfaces of this host cannot be listed: ${gap}`];
	}

	/**
	 * What was chosen once is captured as long as it is there: a tap that has left its
	 * bridge, or an uplink, is what one wants to see then.
	 */
	#keepChosen(ports: readonly CaptureChoice[], { ports: all }: Topology): void {
		const names = new Map(all.map(({ index, name }) => [index, name]));
		for (const [index, choice] of this.#chosen) {
			const name = names.get(index);
			if (name === undefined) {
				this.#chosen.delete(index);
			} else {
				this.#chosen.set(index, { ...choice, name });
			}
		}
		for (const choice of ports) {
			this.#chosen.set(choice.index, choice);
		}
	}
}

/** Names by ifindex, of `ip -j link`. */
function readNames({ statements }: HostDocument): Map<number, string> {
	const output = statements[0]?.output;
	const links: readonly Json[] = Array.isArray(output) ? output : [];
	return new Map(links.flatMap((link) => readName(link) ?? []));
}

function readName(link: Json): readonly [[number, string]] | null {
	if (typeof link !== "object" || link === null || !("ifindex" in link)) {
		return null;
	}
	const { ifindex, ifname } = link;
	return typeof ifindex === "number" && typeof ifname === "string"
		? [[ifindex, ifname]]
		: null;
}

/** Why a document could not list the interfaces, and what to do; null of any other. */
export function findLinksGap({
	type,
	statements,
}: HostDocument): SafeText | null {
	const [links] = type === "host-links" ? statements : [];
	if (!links?.gap) {
		return null;
	}
	const { reason, fix } = links.gap;
	const cure = fix === null ? "" : ` (${fix})`;
	return makeSafe(`${links.source}: ${reason}${cure}`);
}

/**
 * if_description: `VM1 52:54:00:cd:76:3a` of a tap; null of others. libvirt tells of a tap
 * by name only later than the kernel, but makes its MAC address of the NIC's.
 */
function describePort(
	{ name }: CaptureChoice,
	{ domains, ports }: Topology,
): string | null {
	const tapMac = ports.find((port) => port.name === name)?.mac ?? "";
	for (const { name: domain, nics } of domains) {
		const nic =
			nics.find(({ tap }) => tap === name) ??
			nics.find(({ mac }) => mac !== null && tapMac === `fe${mac.slice(2)}`);
		if (nic !== undefined) {
			return nic.mac === null ? domain : `${domain} ${nic.mac}`;
		}
	}
	return null;
}
