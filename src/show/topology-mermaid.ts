import type { SafeText } from "../model/safe-text.js";
import type { Domain, Nic, Topology } from "../model/topology.js";

/** Larger diagrams nobody can read. */
const nicLimit = 200;

/** A Mermaid flowchart: each VM by its tap, bridges and uplinks to its gateway. */
export function showTopologyMermaid(topology: Topology): string {
	const chart = new Flowchart();
	const all = topology.domains.flatMap((domain) =>
		domain.nics.map((nic) => ({ domain, nic })),
	);
	for (const { domain, nic } of all.slice(0, nicLimit)) {
		drawNic(chart, topology, domain, nic);
	}
	for (const domain of topology.domains.slice(0, nicLimit)) {
		chart.node(`vm ${domain.name}`, describeDomain(domain), "vm");
	}
	drawUnnamed(chart, topology);
	for (const { isProblem, concerns } of topology.findings) {
		for (const name of isProblem ? concerns : []) {
			chart.mark(`port ${name}`);
			chart.mark(`vm ${name}`);
		}
	}
	const undrawn = all.length - nicLimit;
	return chart.write(undrawn > 0 ? `%% ${undrawn} more cards not drawn` : null);
}

function describeDomain({ name, state, isRunning }: Domain): string {
	return isRunning ? name : `${name} (${state})`;
}

function drawNic(
	chart: Flowchart,
	{ paths, networks }: Topology,
	domain: Domain,
	nic: Nic,
): void {
	const { name, isRunning } = domain;
	const vm = chart.node(`vm ${name}`, describeDomain(domain), "vm");
	const path = paths.find(
		(candidate) => candidate.domain === name && candidate.mac === nic.mac,
	);
	if (!isRunning || path === undefined) {
		const network = networks.find((known) => known.name === nic.network);
		const meant = nic.bridge ?? network?.bridge ?? nic.network;
		if (meant !== null) {
			chart.edge(vm, chart.port(meant), "-.->", null);
		}
		return;
	}
	let last = vm;
	let arrow: string | null = null;
	for (const port of path.ports) {
		const next = chart.port(port);
		chart.edge(last, next, "-->", arrow);
		last = next;
		arrow = port === path.routedAfter ? "routed" : null;
	}
	if (path.traceable !== "fully" && path.reason !== null) {
		const why = chart.node(`why ${path.reason}`, path.reason, "note");
		chart.edge(last, why, "-.-", null);
	} else if (path.gateway !== null && path.routedAfter === null) {
		const gateway = `gateway ${path.gateway}`;
		chart.edge(last, chart.node(gateway, gateway, "gateway"), "-->", null);
	}
}

/** Taps of no VM that is known, and the ways out of bridges that no VM's path has drawn. */
function drawUnnamed(
	chart: Flowchart,
	{ ports, paths, domains, gateways }: Topology,
): void {
	const taps = domains.flatMap(({ nics }) => nics.map(({ tap }) => tap));
	const drawn = new Set(paths.flatMap((path) => path.ports));
	const joined = ports.filter(({ master }) => master !== null);
	for (const { name, role, master } of joined.slice(0, nicLimit)) {
		if (role === "tap" && master !== null && !taps.includes(name)) {
			chart.edge(chart.port(name), chart.port(master), "-->", null);
		}
	}
	const bridges = ports.filter(({ role }) => role === "bridge");
	for (const { name } of bridges.slice(0, nicLimit)) {
		if (drawn.has(name)) {
			continue;
		}
		const uplinks = joined.filter(
			({ role, master }) => role === "uplink" && master === name,
		);
		const bridge = chart.port(name);
		for (const uplink of uplinks) {
			chart.edge(bridge, chart.port(uplink.name), "-->", null);
		}
		const [first] = uplinks;
		const last = first === undefined ? bridge : chart.port(first.name);
		const known = gateways.find((gateway) => gateway.interface === name);
		if (known !== undefined) {
			const gateway = `gateway ${known.address}`;
			chart.edge(last, chart.node(gateway, gateway, "gateway"), "-->", null);
		}
	}
}

type Shape = "vm" | "port" | "gateway" | "note";

const shapes: Readonly<Record<Shape, readonly [string, string]>> = {
	vm: ['(["', '"])'],
	port: ['["', '"]'],
	gateway: ['(("', '"))'],
	note: ['>"', '"]'],
};

/** Collects nodes and edges, each once. */
class Flowchart {
	readonly #nodes = new Map<string, { id: string; line: string }>();
	readonly #edges = new Set<string>();
	readonly #marked = new Set<string>();

	/** @returns its id, under which edges name it */
	node(key: string, label: string, shape: Shape): string {
		const known = this.#nodes.get(key);
		const id = known?.id ?? `n${this.#nodes.size}`;
		const [begin, end] = shapes[shape];
		if (known === undefined) {
			const line = `${id}${begin}${escapeLabel(label)}${end}`;
			this.#nodes.set(key, { id, line });
		}
		return id;
	}

	port(name: SafeText): string {
		return this.node(`port ${name}`, name, "port");
	}

	edge(from: string, to: string, arrow: string, label: string | null): void {
		const text = label === null ? "" : `|${label}|`;
		this.#edges.add(`${from} ${arrow}${text} ${to}`);
	}

	/** Something is wrong there. */
	mark(key: string): void {
		const id = this.#nodes.get(key)?.id;
		if (id !== undefined) {
			this.#marked.add(id);
		}
	}

	write(remark: string | null): string {
		const marked = [...this.#marked];
		const lines = [
			...[...this.#nodes.values()].map(({ line }) => line),
			...this.#edges,
			...(marked.length === 0
				? []
				: [
						"classDef problem stroke:#c00,stroke-width:3px",
						`class ${marked.join(",")} problem`,
					]),
			...(remark === null ? [] : [remark]),
		];
		return `flowchart LR\n${lines.map((line) => `    ${line}\n`).join("")}`;
	}
}

/**
 * What Mermaid would take for something else than text: an entity, HTML, a directive
 * (`%%{`, anywhere), Markdown.
 */
const special = /[#"<>&;`\\%{}*~|[\]]|^[-+_]|_$|(?<=^\d+)[.)]/g;

/** Writes them as Mermaid writes entities. */
function escapeLabel(label: string): string {
	return label.replaceAll(
		special,
		(character) => `#${character.charCodeAt(0)};`,
	);
}
