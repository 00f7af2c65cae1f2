import { addNs, type CapturedFrame, type LogTime } from "../model/capture.js";
import type { Exchange } from "../model/exchange.js";
import type { Frame } from "../model/frame.js";
import type { Journey } from "../model/journey.js";
import type { Port } from "../model/port.js";
import type { Topology } from "../model/topology.js";
import { type CaptureState, Health } from "./health.js";
import { beginOf, type Item, journeyOf } from "./item.js";
import { type ItemChange, ItemList } from "./item-list.js";
import { compareFrames, KeptFrames } from "./kept-frames.js";
import { isLanBroadcast, LanBroadcasts } from "./lan-broadcasts.js";
import { isSameLook, type Looked } from "./looked.js";
import {
	describeMoment,
	type FrozenMoment,
	freeze,
	type Moment,
} from "./moment.js";
import { Observed } from "./observed.js";
import { Replayed } from "./replayed.js";
import { RowLists } from "./row-lists.js";
import { ShownPath } from "./shown-path.js";
import { longestOf, Stops } from "./stops.js";
import { StoreDetails } from "./store-details.js";
import { TopologyHistory } from "./topology-history.js";
import type { View } from "./view.js";
import type { Details, KeptFrame, World } from "./world.js";

const journeyLimit = 50_000;
const frameBytesLimit = 32 * 1024 * 1024;

/** Everything found of a log, in memory, bounded; fed as the log is read. */
export class Store {
	readonly #list: ItemList;
	readonly #frames: KeptFrames;
	readonly #observed = new Observed();
	readonly #replayed: Replayed;
	readonly #topologies = new TopologyHistory();
	readonly #health = new Health();
	readonly #lan = new LanBroadcasts();
	readonly #rows = new RowLists();
	readonly #path = new ShownPath();
	readonly #details: StoreDetails;
	#longestNs = 0;
	/** Rises with everything that is told. */
	#changes = 0;
	#looked: Looked | null = null;
	/** What was looked at last, whatever row was selected. */
	#seen: { readonly world: World; readonly moment: Moment } | null = null;
	#version = 0;
	#frozen: {
		readonly by: View["frozen"];
		readonly moment: FrozenMoment;
	} | null = null;

	constructor(
		options: {
			/** Most journeys that are kept, and most exchanges. */
			readonly journeyLimit?: number;
			/** What kept frames may take, in bytes. */
			readonly frameBytesLimit?: number;
			/** Of so many items one is gone back to. */
			readonly milestoneStride?: number;
		} = {},
	) {
		this.#list = new ItemList(options.journeyLimit ?? journeyLimit, (change) =>
			this.#onChange(change),
		);
		this.#replayed = new Replayed(options.milestoneStride);
		this.#frames = new KeptFrames(options.frameBytesLimit ?? frameBytesLimit);
		this.#details = new StoreDetails(this.#list, this.#frames);
	}

	/** Of the moment that was looked at last. */
	get details(): Details {
		return this.#details;
	}

	/** A journey, or something new about one. */
	addJourney(journey: Journey): void {
		this.#changes += 1;
		this.#health.reach(beginOf(journey));
		this.#health.reach(journey.hops.at(-1)?.time ?? beginOf(journey));
		if (isLanBroadcast(journey)) {
			this.#lan.add(journey);
		} else {
			this.#lan.takeBack(journey);
			this.#observed.addJourney(journey, this.#list.addJourney(journey));
		}
	}

	/** An exchange, or something new about one. */
	addExchange(exchange: Exchange): void {
		this.#changes += 1;
		this.#health.reach(exchange.since);
		const before = this.#list.addExchange(exchange);
		this.#observed.addExchange(exchange, before, (id) =>
			journeyOf(this.#list.findJourney(id)),
		);
	}

	/** @param at when the host said so; null: beside the log */
	addTopology(topology: Topology, at: LogTime | null): void {
		this.#changes += 1;
		this.#topologies.add(topology, at);
	}

	/** A frame of interest. Its bytes are copied; the oldest are not kept. */
	addFrame(captured: CapturedFrame, frame: Frame, port: Port | null): void {
		this.#changes += 1;
		this.#health.countFrame(port);
		if (captured.time !== null) {
			this.#health.reach(captured.time);
			this.#frames.add(captured, frame, port?.name ?? null);
		}
	}

	/** What the log or the recorder said; one line. */
	addNotice(message: string, time: LogTime | null): void {
		this.#changes += 1;
		this.#health.addNotice(message, time);
	}

	/** How the capture is doing. */
	setCapture(health: CaptureState): void {
		this.#changes += this.#health.setCapture(health) ? 1 : 0;
	}

	/** What is true for a view; the same object while neither changes. */
	look(view: View): World {
		this.#list.settle();
		const { vm, filter, frozen, player } = view;
		const positionNs = player?.positionNs ?? null;
		const isReplay = player !== null;
		const changes = this.#changes;
		const looked = { vm, filter, frozen, positionNs, isReplay, changes };
		if (this.#seen === null || !isSameLook(looked, this.#looked)) {
			this.#looked = looked;
			this.#seen = this.#build(looked);
		}
		const { world, moment } = this.#seen;
		const turned = this.#path.turn(world, view, moment, this.#version + 1);
		this.#version = Math.max(this.#version, turned.version);
		return turned;
	}

	/** Frames of what the view shows, in order of time. */
	framesShown(view: View): readonly KeptFrame[] {
		const frames = this.look(view).rows.flatMap((row) =>
			this.#details.framesOf(row),
		);
		return [...new Set(frames)].sort(compareFrames);
	}

	#onChange(change: ItemChange): void {
		this.#longestNs = longestOf(change.added, this.#longestNs);
		this.#replayed.change(change);
		this.#rows.apply(change);
	}

	#build(looked: Looked): { readonly world: World; readonly moment: Moment } {
		const { begin } = this.#health;
		const { positionNs, filter } = looked;
		const cut =
			positionNs === null || begin === null ? null : addNs(begin, positionNs);
		const live = this.#momentAt(null);
		const frozen = this.#freeze(looked.frozen, live);
		const moment = cut === null ? (frozen ?? live) : this.#momentAt(cut);
		const chosen = { vm: looked.vm, filter, vms: (frozen ?? live).vms };
		const { rows, hidden, newer, shown } = this.#rows.find(
			chosen,
			frozen,
			this.#list,
			cut,
			this.#longestNs,
		);
		this.#details.setMoment(cut, frozen?.items ?? null);
		const states = moment.vms.map(({ state }) => state);
		const picked = this.#path.pick(moment, looked);
		const { now, end, topology, troubles, lanBroadcasts } = moment;
		this.#version += 1;
		const world = {
			version: this.#version,
			now,
			begin: moment.begin,
			end,
			isOpen: this.#health.isOpen,
			vms: states,
			topology,
			path: picked ? moment.draw(picked) : null,
			rows,
			hidden,
			lanBroadcasts,
			findings: moment.findings,
			troubles,
			health: { ...moment.health, ...this.#health.news },
			timeline: this.#timeline(shown),
			newer,
		};
		return { world, moment };
	}

	#timeline(concerns: (item: Item) => boolean): Stops {
		const { begin, end } = this.#health;
		return new Stops({
			begin: begin ?? { seconds: 0, nanos: 0 },
			end: end ?? begin ?? { seconds: 0, nanos: 0 },
			items: this.#list.items,
			longestNs: this.#longestNs,
			concerns,
		});
	}

	/** The moment at which the screen was frozen, for as long as it is. */
	#freeze(by: View["frozen"], live: Moment): FrozenMoment | null {
		if (by === null) {
			this.#frozen = null;
		} else if (this.#frozen === null || this.#frozen.by !== by) {
			const moment = freeze(live, this.#list.items, this.#list.serial);
			this.#frozen = { by, moment };
		}
		return this.#frozen?.moment ?? null;
	}

	/** @param cut null: all that is known */
	#momentAt(cut: LogTime | null): Moment {
		const list = this.#list;
		const find = (id: number) => list.findJourney(id);
		const observed =
			cut === null
				? this.#observed
				: this.#replayed.until(cut, list.items, find);
		return describeMoment(
			{
				observed,
				topologies: this.#topologies,
				health: this.#health,
				lan: this.#lan,
				forgotten: list.forgotten + this.#frames.forgotten,
			},
			cut,
		);
	}
}
