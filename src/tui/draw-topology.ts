import type { SafeText } from "../model/safe-text.js";
import type { Topology } from "../model/topology.js";
import { cut } from "../show/cell-width.js";
import { listRemarks } from "../show/topology-remarks.js";
import { showTopologyTree } from "../show/topology-tree.js";
import { formatCount } from "../show/units.js";
import type { Look } from "./look.js";
import { drawSection, hang } from "./page-lines.js";
import { drawPorts } from "./port-table.js";
import type { PathPicture, World } from "./world.js";

/**
 * What is plugged into what, the VM marked whose path is drawn; how the ports are; what
 * could not be read.
 */
export function drawTopology(
	world: World,
	columns: number,
	look: Look,
): string[] {
	const { topology, path } = world;
	if (topology === null) {
		return drawSeen(world, columns, look);
	}
	const gaps = listRemarks(
		{ findings: [], gaps: topology.gaps },
		{ columns: columns - 1, paint: look.paint },
	);
	const problems = world.findings.filter(({ isProblem }) => isProblem).length;
	return [
		...drawTree(topology, path, columns, look),
		...(problems === 0
			? []
			: [
					"",
					look.paint(
						"bad",
						` ✗ ${formatCount(problems, "problem")} of the host: see findings`,
					),
				]),
		"",
		drawSection("ports", columns, look),
		...drawPorts(topology, path, columns, look),
		...gaps.flatMap(([heading = "", ...lines]) => [
			"",
			drawSection(heading, columns, look),
			...lines.map((line) => ` ${line}`),
		]),
	].map((line) => cut(line, columns));
}

function drawTree(
	topology: Topology,
	path: PathPicture | null,
	columns: number,
	look: Look,
): string[] {
	const lines = layOutTree(topology, columns, look);
	const chosen = findChosen(lines, path);
	return lines.map((line, at) =>
		at === chosen
			? `${look.paint("accent", "▸")}${look.paint("strong", line)}`
			: ` ${line}`.trimEnd(),
	);
}

interface Tree {
	readonly columns: number;
	readonly look: Look;
	readonly lines: readonly string[];
}

/** Trees as they were laid out last: that takes 12 ms for a host of 60 VMs. */
const trees = new WeakMap<Topology, Tree>();

function layOutTree(
	topology: Topology,
	columns: number,
	look: Look,
): readonly string[] {
	const known = trees.get(topology);
	if (known?.columns === columns && known.look === look) {
		return known.lines;
	}
	const lines = showTopologyTree(
		{ ...topology, findings: [], gaps: [] },
		{ columns: columns - 1, paint: look.paint },
	)
		.trimEnd()
		.split("\n");
	trees.set(topology, { columns, look, lines });
	return lines;
}

const code = `(?:${"\u001b"}\\[\\d+m)?`;
/** A row of the tree: the mark of a VM, with or without a tone, and what follows it. */
const vmRow = new RegExp(`^[├└]─ ${code}\\S${code} (.*)$`, "u");

/** The line of the VM's NIC whose path is drawn; -1: it is not in the tree. */
function findChosen(
	lines: readonly string[],
	path: PathPicture | null,
): number {
	if (path === null) {
		return -1;
	}
	const rows = lines.map((line) => vmRow.exec(line)?.[1] ?? "");
	const { vm, mac } = path;
	const isOf = (row: string) => row.startsWith(`${vm} `);
	const own = rows.findIndex(
		(row) => isOf(row) && mac !== null && row.includes(mac),
	);
	return own >= 0 ? own : rows.findIndex(isOf);
}

/** Without a word of the host: the path as it was put together, and who was seen. */
function drawSeen({ path, vms }: World, columns: number, look: Look): string[] {
	const own = path?.ports.find(({ party }) => party !== undefined)?.party;
	const known = own ?? path?.gateway;
	const gateway = known ? `; gateway ${known.address}` : "";
	const names = path?.ports.map(({ name }) => name) ?? [];
	return [
		...hang(
			" ",
			"the log says nothing of the host. `vmpath record` writes it into a recording; for a capture of another program, replay takes --topology FILE.",
			columns,
			(line) => look.paint("unsure", line),
		),
		"",
		...(path === null || names.length === 0
			? []
			: hang(
					" as frames passed: ",
					[path.vm, ...names].join(" → ") + gateway,
					columns,
				)),
		...vms.map(({ name, macs, taps, address }) => {
			const known: readonly (SafeText | string)[] = [
				name,
				...(taps.length === 0 ? [] : [taps.join(", ")]),
				...macs.filter((mac) => mac !== name),
				address ?? "no address known",
			];
			return cut(` · ${known.join("  ")}`, columns);
		}),
	];
}
