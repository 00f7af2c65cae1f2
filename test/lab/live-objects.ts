/** A line of `--format jsonl`. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** An interface as `meta` lists it. */
export interface MetaPort {
	readonly name: string;
	readonly role: string;
	readonly inferred: boolean;
	readonly drops: number | null;
}

/** A hop of a journey. */
export interface JsonHop {
	readonly interface: string;
	readonly direction: string | null;
	readonly tsNs: string;
}

/** What the tests look at of a journey. */
export interface JsonJourney {
	readonly id: number;
	readonly revision: number;
	readonly protocol: string;
	readonly message: string;
	readonly addresses: {
		readonly source: string | null;
		readonly destination: string | null;
	} | null;
	readonly identifier: number | null;
	readonly sequence: number | null;
	readonly hops: readonly JsonHop[];
	readonly outcome: "delivered" | "lost" | "inconclusive";
	readonly lastSeen: string | null;
	readonly firstMissing: string | null;
	readonly reason: string | null;
}

/** What the tests look at of the host. */
export interface JsonTopology {
	readonly ports: readonly {
		readonly name: string;
		readonly isUp: boolean;
		readonly master: string | null;
	}[];
}

/** What the tests look at of the summary. */
export interface JsonSummary {
	readonly frames: { readonly dropped: number | null };
	readonly reason: string;
}

/** Reads the whole lines there are so far. */
export function parseObjects(stdout: Buffer): readonly JsonObject[] {
	const lines = stdout.toString().split("\n");
	lines.pop();
	return lines.map((line) => JSON.parse(line));
}

/** The journeys among some objects, each as it was said last. */
export function readJourneys(
	objects: readonly JsonObject[],
): readonly JsonJourney[] {
	const latest = new Map<number, JsonJourney>();
	for (const object of objects) {
		if (object.type === "journey") {
			const journey = object as unknown as JsonJourney;
			latest.set(journey.id, journey);
		}
	}
	return [...latest.values()];
}

/** What was said of the host, in order. */
export function readTopologies(
	objects: readonly JsonObject[],
): readonly JsonTopology[] {
	return objects.filter(
		({ type }) => type === "topology",
	) as unknown as JsonTopology[];
}

/** The summary among some objects. Throws unless there is just one. */
export function readSummary(objects: readonly JsonObject[]): JsonSummary {
	const found = objects.filter(({ type }) => type === "summary");
	if (found.length !== 1) {
		throw new Error(`there are ${found.length} summaries`);
	}
	return found[0] as unknown as JsonSummary;
}

/** The way of a journey: `vnet0 in, br0 in, ens3 out`. */
export function pathOf({ hops }: JsonJourney): string {
	return hops.map((hop) => `${hop.interface} ${hop.direction}`).join(", ");
}
