import type { LogTime } from "../model/capture.js";
import type { Finding, Topology } from "../model/topology.js";
import type { Health } from "./health.js";
import { listFindings } from "./host-findings.js";
import type { Item } from "./item.js";
import type { LanBroadcasts } from "./lan-broadcasts.js";
import type { Observed } from "./observed.js";
import { drawPath } from "./path-picture.js";
import type { TopologyHistory } from "./topology-history.js";
import { listVms, type Vm } from "./vms.js";
import type { CaptureHealth, PathPicture, Trouble } from "./world.js";

/** What was seen and told until a moment. */
export interface Moment {
	readonly now: LogTime | null;
	readonly begin: LogTime | null;
	readonly end: LogTime | null;
	readonly isOpen: boolean;
	readonly vms: readonly Vm[];
	readonly topology: Topology | null;
	readonly findings: readonly Finding[];
	readonly draw: (vm: Vm) => PathPicture | null;
	readonly troubles: readonly Trouble[];
	readonly lanBroadcasts: number;
	readonly health: CaptureHealth;
}

/** A moment at which the screen was frozen, and the items there were. */
export interface FrozenMoment extends Moment {
	readonly items: readonly Item[];
	/** Of the item that came last. */
	readonly serial: number;
}

/** What a moment is told by. */
export interface MomentSources {
	/** What was seen until then. */
	readonly observed: Observed;
	readonly topologies: TopologyHistory;
	readonly health: Health;
	readonly lan: LanBroadcasts;
	/** What is not kept any more. */
	readonly forgotten: number;
}

/** @param cut the moment; null: the latest */
export function describeMoment(
	{ observed, topologies, health, lan, forgotten }: MomentSources,
	cut: LogTime | null,
): Moment {
	const { begin, end, isOpen, ports, taps } = health;
	const told = cut === null ? topologies.latest : topologies.at(cut);
	const { topology } = told;
	const { subjects } = observed;
	const sources = {
		told,
		ports: new Map(ports.map((port) => [port.name, port])),
	};
	return {
		now: cut ?? end,
		begin,
		end,
		isOpen,
		vms: listVms({ subjects, topology, taps }),
		topology,
		findings: listFindings(told),
		draw: (vm) => drawPath(vm, sources),
		troubles: observed.listTroubles(),
		lanBroadcasts: cut === null ? lan.count : lan.countUntil(cut),
		health: health.describe(forgotten, told),
	};
}

/** Keeps a moment as it is: what is seen later changes nothing about it. */
export function freeze(
	moment: Moment,
	items: readonly Item[],
	serial: number,
): FrozenMoment {
	const pictures = new Map(
		moment.vms.map((vm) => [vm.state.key, moment.draw(vm)]),
	);
	return {
		...moment,
		draw: ({ state }) => pictures.get(state.key) ?? null,
		items: [...items],
		serial,
	};
}
