import type { CapturedFrame } from "../model/capture.js";
import type { Port } from "../model/port.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import { inferRole } from "../topology/roles.js";

/** More interfaces than this are not told apart: what is seen there has no port. */
const portLimit = 4096;

/** The ports of a log, by name. */
export class PortBook {
	readonly #byName = new Map<string, Port>();
	readonly #list: Port[] = [];
	readonly #indexNames: Map<number, SafeText>;
	readonly #onAdd: (port: Port) => void;

	/**
	 * @param indexNames names of the interface indexes in SLL2 captures
	 * @param onAdd told of each port when it comes up
	 */
	constructor(
		indexNames: ReadonlyMap<number, SafeText>,
		onAdd: (port: Port) => void = () => {},
	) {
		this.#indexNames = new Map(indexNames);
		this.#onAdd = onAdd;
	}

	/** Names of interface indexes, for what comes from now on. */
	addIndexNames(names: readonly (readonly [number, SafeText])[]): void {
		for (const [index, name] of names) {
			if (this.#indexNames.has(index) || this.#indexNames.size < portLimit) {
				this.#indexNames.set(index, name);
			}
		}
	}

	/** In the order in which they came up; grows while the log is read. */
	get list(): readonly Port[] {
		return this.#list;
	}

	/** The port of a name, if one came up. */
	find(name: SafeText): Port | null {
		return this.#byName.get(name) ?? null;
	}

	/** The port of a name; interfaces of several files with one name are one port. */
	named(name: SafeText, source: number): Port | null {
		const port = this.#byName.get(name) ?? this.#add(name);
		port?.sources.add(source);
		return port;
	}

	/** The port of an interface index of an SLL2 capture: `if4` when no name is known. */
	indexed(index: number, source: number): Port | null {
		const name = this.#indexNames.get(index) ?? makeSafe(`if${index}`);
		return this.named(name, source);
	}

	#add(name: SafeText): Port | null {
		if (this.#list.length >= portLimit) {
			return null;
		}
		const port: Port = {
			name,
			role: inferRole(name),
			isInferred: true,
			isPromiscuous: null,
			drops: null,
			isContinuous: true,
			snapLength: 0,
			sources: new Set(),
		};
		this.#byName.set(name, port);
		this.#list.push(port);
		this.#onAdd(port);
		return port;
	}
}

/** Files may say they were cut at another length than they were, or at none. */
export function noteCut(
	port: Port | null,
	{ bytes, length }: CapturedFrame,
): void {
	if (port !== null && bytes.length < length) {
		limitSnap(port, bytes.length);
	}
}

/** The shortest length counts at which frames are cut at a port. */
export function limitSnap(port: Port, length: number): void {
	const { snapLength } = port;
	port.snapLength = snapLength ? Math.min(snapLength, length) : length;
}
