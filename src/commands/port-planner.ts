import type { HostDocument, HostDocumentType } from "../model/host-document.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import type { Topology } from "../model/topology.js";
import type { ChosenPort } from "../recorder/capture-history.js";
import { buildTopology } from "../topology/build-topology.js";
import {
	type CaptureChoice,
	type CaptureSelection,
	chooseCapturePorts,
} from "../topology/capture-plan.js";

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
		const isOfVms = this.#selection.vms.length > 0;
		return shaping.has(document.type) || (isOfVms && naming.has(document.type));
	}

	plan(): PortPlan {
		const topology = buildTopology([...this.#documents.values()]);
		const { ports, problems } = chooseCapturePorts(topology, this.#selection);
		this.#keepChosen(ports, topology);
		return {
			ports: Array.from(this.#chosen.values(), (port) => ({
				...port,
				description: describePort(port, topology),
			})),
			problems: problems.length === 0 ? [] : this.#explain(problems),
		};
	}

	/** Where interfaces cannot be listed, none of them can be found either. */
	#explain(problems: readonly string[]): readonly string[] {
		const links = this.#documents.get("host-links");
		const gap = links === undefined ? null : findLinksGap(links);
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
