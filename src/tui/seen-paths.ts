import type { Journey, Party } from "../model/journey.js";
import type { SafeText } from "../model/safe-text.js";

/** More paths are not told apart of one MAC address. */
const pathLimit = 64;

/** A way that frames took, outwards. */
export interface SeenPath {
	readonly ports: readonly SafeText[];
	/** It leads to, or comes from: a router before the LAN, the host, another VM. */
	readonly rank: number;
	/** The port after which the frame had other addresses (NAT). */
	routedAfter: SafeText | null;
	count: number;
}

/** The path of the frame before: most frames take the same. */
interface LastPath {
	readonly passed: readonly SafeText[];
	readonly path: SeenPath;
}

/** The ways that frames of one MAC address took. */
export class SeenPaths {
	readonly #paths = new Map<string, SeenPath>();
	#lastOut: LastPath | null = null;
	#lastIn: LastPath | null = null;
	#isTranslated = false;

	/** The same, which goes its own way from here. */
	copy(): SeenPaths {
		const copy = new SeenPaths();
		for (const [key, path] of this.#paths) {
			copy.#paths.set(key, { ...path });
		}
		copy.#isTranslated = this.#isTranslated;
		return copy;
	}

	/** In the order in which they were seen first. */
	get list(): readonly SeenPath[] {
		return [...this.#paths.values()];
	}

	/** Its addresses were changed where it was routed (NAT). */
	get isTranslated(): boolean {
		return this.#isTranslated;
	}

	/** @param isOut sent by the MAC address itself */
	add(journey: Journey, isOut: boolean): void {
		const passed = passedBy(journey);
		const last = isOut ? this.#lastOut : this.#lastIn;
		const path =
			last !== null && isSamePath(last.passed, passed)
				? last.path
				: this.#pathOf(passed, isOut, journey);
		path.count += 1;
		if (path.routedAfter === null) {
			path.routedAfter = findRouting(journey, isOut);
			this.#isTranslated ||= path.routedAfter !== null && isTranslated(journey);
		}
		if (isOut) {
			this.#lastOut = { passed, path };
		} else {
			this.#lastIn = { passed, path };
		}
	}

	/** The journey is told again: what it was seen to pass before is not. */
	takeBack(journey: Journey, isOut: boolean): void {
		const key = keyOf(passedBy(journey), isOut);
		const path = this.#paths.get(key);
		if (path !== undefined) {
			path.count -= 1;
			if (path.count <= 0) {
				this.#paths.delete(key);
				this.#lastOut = null;
				this.#lastIn = null;
			}
		}
	}

	#pathOf(
		passed: readonly SafeText[],
		isOut: boolean,
		journey: Journey,
	): SeenPath {
		const key = keyOf(passed, isOut);
		const known = this.#paths.get(key);
		if (known !== undefined) {
			return known;
		}
		const other = isOut ? journey.destination : journey.source;
		const path: SeenPath = {
			ports: isOut ? passed : [...passed].reverse(),
			rank: pathRanks[other],
			routedAfter: null,
			count: 0,
		};
		if (passed.length > 0 && this.#paths.size < pathLimit) {
			this.#paths.set(key, path);
		}
		return path;
	}
}

/** The ports that it should pass, if they are more than it was seen at. */
function passedBy({ hops, expected }: Journey): readonly SafeText[] {
	return expected.length >= hops.length
		? expected
		: hops.flatMap((hop) => hop.interface ?? []);
}

function keyOf(passed: readonly SafeText[], isOut: boolean): string {
	return `${isOut ? ">" : "<"} ${passed.join(" ")}`;
}

function isSamePath(a: readonly SafeText[], b: readonly SafeText[]): boolean {
	return a.length === b.length && a.every((port, index) => port === b[index]);
}

/** Paths of this rank and above lead out of the host. */
export const outwardRank = 2;

const pathRanks: Readonly<Record<Party, number>> = {
	router: 3,
	lan: 2,
	host: 1,
	"other-vm": 0,
	vm: 0,
};

function isTranslated({ hops }: Journey): boolean {
	return hops.some(({ changed }) =>
		changed.some(
			({ field }) => field === "ipv4.source" || field === "ipv4.destination",
		),
	);
}

/** The last port at which the frame had the addresses that the VM knows it by. */
function findRouting({ hops }: Journey, isOut: boolean): SafeText | null {
	const at = hops.findIndex(({ changed }) =>
		changed.some(({ field }) => field === "ipv4.ttl"),
	);
	if (at < 1) {
		return null;
	}
	return hops[isOut ? at - 1 : at]?.interface ?? null;
}
