import type { SafeText } from "../model/safe-text.js";
import type { Topology } from "../model/topology.js";
import { cut } from "../show/cell-width.js";
import { formatCount } from "../show/units.js";
import { drawRemarks } from "./draw-findings.js";
import { drawTree } from "./draw-tree.js";
import { type EntryPage, joinParts, type PagePart } from "./entry-page.js";
import type { Look } from "./look.js";
import { drawSection, hang } from "./page-lines.js";
import { drawPorts, pathMark } from "./port-table.js";
import type { World } from "./world.js";

/**
 * What is plugged into what, the VM marked whose path is drawn; how the ports are; what
 * could not be read. The cursor goes to VMs, bridges and ports.
 */
export function drawTopology(
	world: World,
	columns: number,
	look: Look,
): EntryPage {
	const { topology } = world;
	const parts =
		topology === null
			? drawSeen(world, columns, look)
			: drawHost(world, topology, columns, look);
	return joinParts(parts, columns);
}

function drawHost(
	{ path, vms, findings }: World,
	topology: Topology,
	columns: number,
	look: Look,
): PagePart[] {
	const problems = findings.filter(({ isProblem }) => isProblem).length;
	const told = `${formatCount(problems, "problem")} of the host: see findings`;
	const gaps = drawRemarks({ gaps: topology.gaps }, columns, look);
	const ports =
		path === null ? "ports" : `ports, ${pathMark} on the path above`;
	return [
		...drawTree(topology, { path, vms }, columns, look),
		...(problems === 0
			? []
			: [{ rows: ["", look.paint("bad", ` ✗ ${told}`)] }]),
		{ rows: ["", drawSection(ports, columns, look)] },
		...drawPorts(topology, path, columns, look),
		...(gaps.length === 0 ? [] : [{ rows: [""] }, ...gaps]),
	];
}

/** Without a word of the host: the path as it was put together, and who was seen. */
function drawSeen(
	{ path, vms }: World,
	columns: number,
	look: Look,
): PagePart[] {
	const own = path?.ports.find(({ party }) => party !== undefined)?.party;
	const known = own ?? path?.gateway;
	const gateway = known ? `; gateway ${known.address}` : "";
	const names = path?.ports.map(({ name }) => name) ?? [];
	const says =
		"the log says nothing of the host. `vmpath record` writes it into a recording; for a capture of another program, replay takes --topology FILE.";
	const paint = (line: string) => look.paint("unsure", line);
	const way =
		path === null || names.length === 0
			? []
			: hang(
					" as frames passed: ",
					[path.vm, ...names].join(" → ") + gateway,
					columns,
				);
	return [
		{ rows: [...hang(" ", says, columns, paint), "", ...way] },
		...vms.map(({ key, name, macs, taps, address }): PagePart => {
			const known: readonly (SafeText | string)[] = [
				name,
				...(taps.length === 0 ? [] : [taps.join(", ")]),
				...macs.filter((mac) => mac !== name),
				address ?? "no address known",
			];
			return {
				rows: [cut(` · ${known.join("  ")}`, columns)],
				entry: { keys: [`vm ${key}`], opens: { kind: "vm", named: key } },
			};
		}),
	];
}
