import type { Lab } from "./lab.js";
import {
	type JsonJourney,
	type JsonObject,
	type JsonTopology,
	parseObjects,
	pathOf,
	readJourneys,
	readTopologies,
} from "./live-objects.js";
import { findChildren, readCommandLine } from "./live-process.js";
import { type Program, startProgram } from "./live-program.js";
import { fixedIps } from "./live-traffic.js";
import { waitFor } from "./wait.js";

const usualMs = 10_000;

/** `vmpath watch --format jsonl` on the KVM host of a lab. */
export interface Watching extends Program {
	/** What it printed so far. */
	objects(): readonly JsonObject[];
	/** Each journey so far, as it was said last. */
	journeys(): readonly JsonJourney[];
	/** Waits until there is such a journey. */
	journey(
		what: string,
		check: (journey: JsonJourney) => boolean,
		deadlineMs?: number,
	): Promise<JsonJourney>;
	/** Waits until it is said that the host is so. */
	topology(check: (topology: JsonTopology) => boolean): Promise<JsonTopology>;
}

/** Starts watching, and waits until every port is captured. */
export async function startWatch(
	lab: Lab,
	args: readonly string[] = [],
): Promise<Watching> {
	const whole = ["watch", "--format", "jsonl", ...args];
	const program = startProgram(lab, whole);
	await program.saying(/^vmpath: watching /m);
	const objects = () => parseObjects(program.read());
	const journeys = () => readJourneys(objects());
	return Object.assign(Object.create(program) as Program, {
		objects,
		journeys,
		journey: (
			what: string,
			check: (journey: JsonJourney) => boolean,
			deadlineMs = usualMs,
		) => waitFor(what, deadlineMs, async () => journeys().find(check)),
		topology: (check: (topology: JsonTopology) => boolean) =>
			waitFor("another word on the host", usualMs, async () =>
				readTopologies(objects()).find(check),
			),
	});
}

/** The process of the recorder that a watch has started. */
export async function findRecorder({
	pid,
}: Pick<Program, "pid">): Promise<number> {
	for (const child of await findChildren(pid)) {
		if (/ record --restricted /.test(await readCommandLine(child))) {
			return child;
		}
	}
	throw new Error("the watch has no recorder");
}

/**
 * Pings that were answered though a journey of theirs is called lost: there must be none.
 *
 * @param answered sequence numbers that the sender got replies to
 */
export function answeredButLost(
	watching: Watching,
	answered: readonly number[],
	vmIp = fixedIps.vm1 as string,
): readonly string[] {
	const isOfVm = ({ addresses }: JsonJourney) =>
		addresses?.source === vmIp || addresses?.destination === vmIp;
	return watching
		.journeys()
		.filter(
			(journey) =>
				journey.outcome === "lost" &&
				isOfVm(journey) &&
				journey.sequence !== null &&
				answered.includes(journey.sequence),
		)
		.map((one) => `${one.message} ${one.sequence}: ${pathOf(one)}`);
}
