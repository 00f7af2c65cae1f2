import type { Topology, TopologyPort } from "../model/topology.js";
import { cut, cutMiddle, widthOf } from "../show/cell-width.js";
import type { Tone } from "../show/style.js";
import { fit } from "./cells.js";
import type { PagePart } from "./entry-page.js";
import type { Look } from "./look.js";
import type { PathPicture } from "./world.js";

const gap = "  ";
/** More ports than these are only counted. */
const portLimit = 500;

/** Stands before what the path on top leads over. */
export const pathMark = "◆";

/** The ports that have to do with VMs, and how each is; the cursor goes to each. */
export function drawPorts(
	{ ports }: Topology,
	path: PathPicture | null,
	columns: number,
	{ paint }: Look,
): PagePart[] {
	const own = new Set(path?.ports.map(({ name }) => name));
	const all = ports.filter(
		({ role, master, name }) =>
			role !== "unknown" || master !== null || own.has(name),
	);
	const shown = all.slice(0, portLimit);
	const name = columnOf(shown, ({ name: text }) => text, 4, 16);
	const master = columnOf(shown, (port) => port.master ?? "", 2, 15);
	const isWide = columns >= 100;
	const heading = [
		`   ${fit("PORT", name)}`,
		fit("KIND", 7),
		fit("IN", master),
		fit("STATE", 12),
		fit("MTU", 5),
		...(isWide ? [fit("MAC", 17)] : []),
		"ADDRESSES, VLAN",
	].join(gap);
	const parts = shown.map((port): PagePart => {
		const [state, tone] = describeState(port);
		const mark = own.has(port.name) ? paint("accent", pathMark) : " ";
		const row = [
			` ${mark} ${fit(cutMiddle(port.name, name), name)}`,
			fit(describeKind(port), 7),
			fit(cutMiddle(port.master ?? "", master), master),
			paint(tone, fit(state, 12)),
			fit(String(port.mtu ?? "?"), 5),
			...(isWide ? [fit(port.mac ?? "", 17)] : []),
			describeRest(port),
		].join(gap);
		return {
			rows: [cut(row, columns).trimEnd()],
			entry: {
				keys: [`port ${port.name}`],
				opens: { kind: "port", name: port.name },
			},
		};
	});
	const left = all.length - shown.length;
	return [
		{ rows: [paint("quiet", cut(heading, columns))] },
		...parts,
		...(left > 0 ? [{ rows: [paint("unsure", `   … ${left} more`)] }] : []),
	];
}

function columnOf(
	ports: readonly TopologyPort[],
	read: (port: TopologyPort) => string,
	least: number,
	most: number,
): number {
	const longest = Math.max(least, ...ports.map((port) => widthOf(read(port))));
	return Math.min(most, longest);
}

function describeKind({ role, kind }: TopologyPort): string {
	return role === "unknown" || role === "uplink" ? (kind ?? role) : role;
}

/** The state that keeps frames from passing, if there is one. */
function describeState(port: TopologyPort): readonly [string, Tone] {
	const { isUp, hasCarrier, bridgePort, bondState, role } = port;
	if (!isUp) {
		return ["down", "bad"];
	}
	// A bridge without a port that is up has no carrier, and nothing is wrong with it.
	if (hasCarrier === false) {
		return ["no carrier", role === "bridge" ? "unsure" : "bad"];
	}
	const state = bridgePort?.state ?? null;
	if (state !== null && state !== "forwarding") {
		return [state, "bad"];
	}
	if (bridgePort?.isIsolated === true) {
		return ["isolated", "unsure"];
	}
	return bondState === "BACKUP" ? ["backup", "quiet"] : ["up", "good"];
}

function describeRest(port: TopologyPort): string {
	const { addresses, vlanId, vlans, link, bridge } = port;
	const pvid = vlans.find(({ isPvid }) => isPvid)?.id;
	return [
		...addresses
			.filter(({ family }) => family === "inet")
			.slice(0, 3)
			.map(({ address, prefixLength }) => `${address}/${prefixLength}`),
		...(vlanId === null ? [] : [`vlan ${vlanId} of ${link ?? "?"}`]),
		...(pvid === undefined || pvid === 1 ? [] : [`pvid ${pvid}`]),
		...(bridge?.isStpOn === true ? ["STP on"] : []),
		...(bridge?.isVlanAware === true ? ["VLAN-aware"] : []),
	].join(", ");
}
