import type { Topology, TopologyPort } from "../model/topology.js";
import { cut } from "../show/cell-width.js";
import { groupByBridge, type NicRow } from "../show/topology-groups.js";
import { showTopologyTree } from "../show/topology-tree.js";
import type { Entry, PagePart } from "./entry-page.js";
import type { Look } from "./look.js";
import { pathMark } from "./port-table.js";
import type { PathPicture, VmState, World } from "./world.js";

/** Some rows of the tree, and what they are about; null: the host as a whole. */
interface TreePart {
	readonly rows: string[];
	readonly nic: NicRow | null;
	readonly bridge: TopologyPort | null;
}

/**
 * Bridges, and the VMs that are plugged into each, the one marked whose path is drawn; the
 * cursor goes to each of them.
 */
export function drawTree(
	topology: Topology,
	{ path, vms }: Pick<World, "path" | "vms">,
	columns: number,
	look: Look,
): PagePart[] {
	const parts = layOutTree(topology, columns, look);
	const chosen = findChosen(parts, path);
	return parts.map((part) => {
		const entry = entryOf(part);
		const rows = part.rows.map((row, at) => {
			const seen = at === 0 ? tellSeen(part, vms) : "";
			const whole = cut(row + look.paint("quiet", seen), columns - 2);
			return part === chosen && at === 0
				? ` ${look.paint("accent", pathMark)}${look.paint("strong", whole)}`
				: `  ${whole}`.trimEnd();
		});
		return entry === null ? { rows } : { rows, entry };
	});
}

/** Who was seen behind a tap of which the host names no VM. */
function tellSeen({ nic }: TreePart, vms: readonly VmState[]): string {
	const [tap] = nic?.domain === null ? nic.inner : [];
	const seen = vms.find(({ taps }) => tap !== undefined && taps.includes(tap));
	if (seen === undefined) {
		return "";
	}
	const { macs, address } = seen;
	const known = [...macs, ...(address === null ? [] : [address])];
	return `  ${known.join("  ")} (as seen)`;
}

function entryOf({ nic, bridge }: TreePart): Entry | null {
	if (bridge !== null) {
		const { name } = bridge;
		return { keys: [`bridge ${name}`], opens: { kind: "port", name } };
	}
	if (nic === null) {
		return null;
	}
	const { domain, inner } = nic;
	const [tap] = inner;
	if (domain !== null) {
		const { name } = domain;
		const keys = [`nic ${name} ${nic.nic?.mac ?? ""}`, `vm ${name}`];
		return { keys, opens: { kind: "vm", named: name } };
	}
	return tap === undefined
		? null
		: { keys: [`tap ${tap}`], opens: { kind: "port", name: tap } };
}

interface Tree {
	readonly columns: number;
	readonly look: Look;
	readonly parts: readonly TreePart[];
}

/**
 * Trees as they were laid out last, to be drawn and to be moved in: it takes 12 ms for a
 * host of 60 VMs.
 */
const trees = new WeakMap<Topology, readonly Tree[]>();
const treeLimit = 2;

function layOutTree(
	topology: Topology,
	columns: number,
	look: Look,
): readonly TreePart[] {
	const known = trees.get(topology) ?? [];
	const same = known.find(
		(tree) => tree.columns === columns && tree.look === look,
	);
	if (same !== undefined) {
		return same.parts;
	}
	const text = showTopologyTree(
		{ ...topology, findings: [], gaps: [] },
		{ columns: columns - 2, paint: look.paint },
	);
	const parts = splitTree(topology, text.trimEnd().split("\n"));
	const tree = { columns, look, parts };
	trees.set(topology, [tree, ...known].slice(0, treeLimit));
	return parts;
}

const nicRow = /^[├└]─ /u;

/** The rows by what they are about: bridges head their blocks, NICs hang below them. */
function splitTree(topology: Topology, rows: readonly string[]): TreePart[] {
	const groups = groupByBridge(topology);
	const bridges = groups.map(({ bridge }) => bridge);
	const nics = groups.flatMap((group) => group.rows);
	const parts: TreePart[] = [];
	let isHeading = false;
	for (const row of rows) {
		if (row === "") {
			parts.push({ rows: [row], nic: null, bridge: null });
		} else if (isHeading || parts.length === 0) {
			const bridge = isHeading ? (bridges.shift() ?? null) : null;
			parts.push({ rows: [row], nic: null, bridge });
		} else if (nicRow.test(row)) {
			parts.push({ rows: [row], nic: nics.shift() ?? null, bridge: null });
		} else if (parts.at(-1)?.nic) {
			parts.at(-1)?.rows.push(row);
		} else {
			parts.push({ rows: [row], nic: null, bridge: null });
		}
		isHeading = row === "";
	}
	return parts;
}

/** The rows of the VM's NIC whose path is drawn, else of the VM. */
function findChosen(
	parts: readonly TreePart[],
	path: PathPicture | null,
): TreePart | undefined {
	if (path === null) {
		return undefined;
	}
	const own = parts.filter(({ nic }) => nic?.domain?.name === path.vm);
	const tap = path.ports[0]?.name;
	return (
		own.find(({ nic }) => nic?.nic?.mac === path.mac) ??
		own[0] ??
		parts.find(({ nic }) => tap !== undefined && nic?.inner[0] === tap)
	);
}
