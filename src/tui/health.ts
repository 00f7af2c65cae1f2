import type { LogTime } from "../model/capture.js";
import type { Port } from "../model/port.js";
import type { SafeText } from "../model/safe-text.js";
import type { Topology } from "../model/topology.js";
import { compareTimes } from "./item.js";
import type { Told } from "./topology-history.js";
import type { CaptureHealth, InterfaceHealth } from "./world.js";

/** More notices than these are not kept: the oldest go. */
const noticeLimit = 256;
/** Frames of more ports than these are not counted apart. */
const portLimit = 4096;

/** An interface as it is at the moment that is shown. */
export interface PortHealth extends InterfaceHealth {
	/** The host listed it before, and does not any more; absent: it does, or says nothing. */
	readonly isGone?: boolean;
}

/** How many there are: those that are gone are not. */
export function countPorts(interfaces: readonly PortHealth[]): number {
	return interfaces.filter(({ isGone }) => !isGone).length;
}

/** What the reader of a log says of it. */
export interface CaptureState {
	readonly engine: string | null;
	readonly framesRead: number;
	readonly framesRelevant: number;
	/** They change as the log is read. */
	readonly ports: readonly Port[];
	/** Latest time of all records; null: none has one. */
	readonly end: LogTime | null;
	readonly isOpen: boolean;
	/** Why the capture ended though nobody asked it to; absent, null: it did not. */
	readonly ending?: string | null;
}

/** How the capture is doing, and from when to when the log reaches. */
export class Health {
	#capture: CaptureState = {
		engine: null,
		framesRead: 0,
		framesRelevant: 0,
		ports: [],
		end: null,
		isOpen: true,
	};
	/** What was told of the capture, to see what is new. */
	#told = "";
	readonly #frames = new Map<SafeText, number>();
	#notices: CaptureHealth["notices"] = [];
	#said = 0;
	#begin: LogTime | null = null;
	#end: LogTime | null = null;

	get begin(): LogTime | null {
		return this.#begin;
	}

	get end(): LogTime | null {
		return this.#end;
	}

	get isOpen(): boolean {
		return this.#capture.isOpen;
	}

	get ports(): readonly Port[] {
		return this.#capture.ports;
	}

	/** Names of the ports that are taps. */
	get taps(): ReadonlySet<SafeText> {
		const taps = this.ports.filter(({ role }) => role === "tap");
		return new Set(taps.map(({ name }) => name));
	}

	/** @returns whether anything is different from what was told before */
	setCapture(capture: CaptureState): boolean {
		const { end, ports, ...rest } = capture;
		const told = ports.map((port) => Object.values(this.#describePort(port)));
		const text = JSON.stringify([rest, end, told]);
		const isNew = text !== this.#told;
		this.#told = text;
		this.#capture = { ...capture, ports: [...ports] };
		if (end !== null) {
			this.#end = latest(this.#end, end);
		}
		return isNew;
	}

	countFrame(port: Port | null): void {
		if (port !== null) {
			const count = this.#frames.get(port.name);
			if (count !== undefined || this.#frames.size < portLimit) {
				this.#frames.set(port.name, (count ?? 0) + 1);
			}
		}
	}

	addNotice(message: string, time: LogTime | null): void {
		this.#said += 1;
		const notices = [...this.#notices, { time, message }];
		this.#notices = notices.slice(-noticeLimit);
	}

	/** Something happened then. */
	reach(time: LogTime): void {
		if (this.#begin === null || compareTimes(time, this.#begin) < 0) {
			this.#begin = time;
		}
		this.#end = latest(this.#end, time);
	}

	/** What concerns whatever is shown, be it of an earlier moment. */
	get news(): Pick<CaptureHealth, "dropped" | "notices" | "said" | "ending"> {
		const told = this.ports.flatMap(({ drops }) => drops ?? []);
		return {
			dropped:
				told.length === 0 ? null : told.reduce((sum, drops) => sum + drops, 0),
			notices: this.#notices,
			said: this.#said,
			ending: this.#capture.ending ?? null,
		};
	}

	/**
	 * @param forgotten what is not kept any more
	 * @param told how the host was made at the moment that is shown; null: not told
	 */
	describe(forgotten: number, told: Told | null = null): CaptureHealth {
		const { engine, framesRead, framesRelevant, ports } = this.#capture;
		return {
			...this.news,
			engine,
			framesRead,
			framesRelevant,
			interfaces: ports.map((port): PortHealth => {
				const described = this.#describePort(port);
				return told !== null && isGone(port.name, told)
					? { ...described, isGone: true }
					: described;
			}),
			forgotten,
		};
	}

	#describePort({ name, role, drops, isPromiscuous }: Port): InterfaceHealth {
		const frames = this.#frames.get(name) ?? 0;
		return { name, role, frames, drops, isPromiscuous };
	}
}

/**
 * Whether the host listed an interface before, and does not any more: not one that comes
 * later, nor that of another host whose log is read as well.
 */
function isGone(name: SafeText, { topology, earlier }: Told): boolean {
	if (topology === null || topology.ports.length === 0) {
		return false;
	}
	const isListed = ({ host, ports }: Topology) =>
		host.name === topology.host.name &&
		ports.some((port) => port.name === name);
	return !isListed(topology) && earlier.some(isListed);
}

function latest(known: LogTime | null, time: LogTime): LogTime {
	return known === null || compareTimes(known, time) < 0 ? time : known;
}
