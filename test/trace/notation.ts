import assert from "node:assert/strict";
import type { LogTime } from "../../src/model/capture.js";
import { addNs, linkType } from "../../src/model/capture.js";
import type { Direction } from "../../src/model/frame.js";
import type { Hop, Journey, Sighting } from "../../src/model/journey.js";
import type { Port } from "../../src/model/port.js";
import { makeSafe } from "../../src/model/safe-text.js";
import { ClockOffsets } from "../../src/trace/clock-offset.js";
import { fingerprint, routedFingerprint } from "../../src/trace/fingerprint.js";
import { PortBook } from "../../src/trace/ports.js";
import { SightingQueue } from "../../src/trace/queue.js";
import { Tracer } from "../../src/trace/tracer.js";
import { decodeFrame } from "../../src/wire/frame.js";
import { buildFrame, type Fields } from "./notation-frames.js";

/** What a test wants otherwise than that all was captured, by one program. */
export interface TraceOptions {
	/** Ports that were captured, beside those that the lines name. */
	readonly ports?: readonly string[];
	/** Plays a minute of healthy traffic first, so that everyone's place is known. */
	readonly isKnown?: boolean;
	/** Each port was captured to a file of its own. */
	readonly hasFiles?: boolean;
	/** Why ports were not captured, by their names. */
	readonly gaps?: Readonly<Record<string, string>>;
	/** Changes the ports before anything is seen. */
	readonly prepare?: (port: Port) => void;
	/** The log ends here: what is open settles then. In microseconds. */
	readonly endUs?: number;
}

/** Starts with the traffic of the lines, in microseconds after this. */
export const begin: LogTime = { seconds: 1_700_000_000, nanos: 0 };

/** All of vm1, vm2, the host and the gateway have been heard; vm3 and vm4 by NAT. */
const healthy = [
	"who-has(from=vm1,to=gw): vnet0<-60s br0<-60s ens3>-59.9s vnet1>-59.9s",
	"is-at(from=gw,to=vm1): ens3<-58s br0<-58s vnet0>-57.9s",
	"who-has(from=vm2,to=gw): vnet1<-56s br0<-56s ens3>-55.9s vnet0>-55.9s",
	"is-at(from=gw,to=vm2): ens3<-54s br0<-54s vnet1>-53.9s",
	"who-has(from=host,to=gw): br0>-52s ens3>-51.9s",
	"is-at(from=gw,to=host): ens3<-50s br0<-50s",
];

const healthyNat = [
	"who-has(from=vm3,to=nat): vnet2<-48s virbr0<-48s",
	"is-at(from=nat,to=vm3): virbr0>-47s vnet2>-46.9s",
	"who-has(from=vm4,to=nat): vnet3<-45s virbr0<-45s",
	"is-at(from=nat,to=vm4): virbr0>-44s vnet3>-43.9s",
	"echo(from=vm3,to=world,via=nat,seq=99,ipid=99): vnet2<-40s virbr0<-40s br0>-39.9s{by=host,as=host,via=gw,ttl=63} ens3>-39.8s{by=host,as=host,via=gw,ttl=63}",
];

/** Traffic by which the place of all on the bridge is known, in the minute before. */
export const healthyTraffic = healthy.join("\n");

/** A line is what it tells of the frame, and where the frame was seen. */
interface Line {
	readonly label: string;
	readonly fields: Fields;
	readonly places: readonly Place[];
}

interface Place {
	readonly port: string;
	readonly direction: Direction | null;
	readonly ns: number;
	readonly fields: Fields;
}

/**
 * Traces frames that are written down as `label(fields): sightings`, as in
 * `echo(from=vm1,to=gw): vnet0<0 br0<0 ens3>37`.
 *
 * - `<` is in, `>` is out, `?` is not told; times are in microseconds unless they end
 *   in `ns`, `ms` or `s`;
 * - fields in braces behind a sighting are those that were different there:
 *   `ens3>37{vlan=10}`.
 *
 * @returns the journeys of the lines, each as it was last told
 */
export function traceJourneys(
	text: string,
	options: TraceOptions = {},
): Journey[] {
	const { told } = run(text, options);
	const latest = new Map(told.map((journey) => [journey.id, journey]));
	return [...latest.values()].sort((a, b) => a.id - b.id);
}

/** As `traceJourneys`, one line of text a journey: hops, copies, and the outcome. */
export function trace(text: string, options: TraceOptions = {}): string[] {
	return traceJourneys(text, options).map(writeJourney);
}

/** Everything that is told, in order; remarks on clocks as well. */
export function run(
	text: string,
	options: TraceOptions = {},
): { told: Journey[]; notices: string[]; tracer: Tracer } {
	const told: Journey[] = [];
	const notices: string[] = [];
	const lines = text.trim().split("\n").map(parseLine);
	const isNat = text.includes("virbr0");
	const before = options.isKnown
		? [...healthy, ...(isNat ? healthyNat : [])].map(parseLine)
		: [];
	const all = [...before, ...lines];
	const names = new Set([
		...(options.ports ?? []),
		...all.flatMap(({ places }) => places.map(({ port }) => port)),
	]);
	const files = options.hasFiles
		? [...names].map((name) => makeSafe(`${name}.pcap`))
		: [makeSafe("ports.pcapng")];
	const book = new PortBook(new Map());
	for (const [index, name] of [...names].entries()) {
		const port = book.named(makeSafe(name), options.hasFiles ? index : 0);
		if (port !== null) {
			options.prepare?.(port);
		}
	}
	const tracer = new Tracer({
		ports: book.list,
		coverage: { gapAt: ({ name }) => options.gaps?.[name] ?? null },
		clocks: new ClockOffsets(files, (_, message) => notices.push(message)),
		emit: (journey, trip) => {
			if (firstSeconds(trip.legs[0]?.sighting.time) >= begin.seconds - 20) {
				told.push(journey);
			}
		},
	});
	const queue = new SightingQueue(
		(sighting) => tracer.take(sighting),
		() => assert.fail("a line has more sightings than the queue holds"),
	);
	for (const sighting of all.flatMap((line) => toSightings(line, book))) {
		queue.add(sighting);
	}
	queue.flush();
	if (options.endUs !== undefined) {
		tracer.advance(addNs(begin, options.endUs * 1000));
	}
	tracer.finish(null);
	return { told, notices, tracer };
}

/** A frame as a capture has it, at one port. */
export interface WrittenFrame {
	readonly port: string;
	readonly direction: Direction | null;
	readonly time: LogTime;
	readonly bytes: Uint8Array;
}

/** The frames that lines tell of, in their order: what a capture would have of them. */
export function writeFrames(text: string): WrittenFrame[] {
	return text
		.trim()
		.split("\n")
		.map(parseLine)
		.flatMap(({ label, fields, places }) =>
			places.map(({ port, direction, ns, fields: here }) => ({
				port,
				direction,
				time: addNs(begin, ns + 123),
				bytes: buildFrame(label, { ...fields, ...here }),
			})),
		);
}

function firstSeconds(time: LogTime | undefined): number {
	return time?.seconds ?? 0;
}

function parseLine(text: string): Line {
	const match = /^\s*([\w-]+)(?:\(([^)]*)\))?:\s*(.*)$/.exec(text);
	if (match === null) {
		throw new Error(`not a line of the notation: ${text}`);
	}
	const [, label = "", fields = "", places = ""] = match;
	return {
		label,
		fields: parseFields(fields),
		places: places.trim().split(/\s+/).map(parsePlace),
	};
}

function parseFields(text: string): Fields {
	const pairs = text.split(",").filter((pair) => pair.trim() !== "");
	return Object.fromEntries(
		pairs.map((pair) => pair.trim().split("=") as [string, string]),
	);
}

const directions: Readonly<Record<string, Direction | null>> = {
	"<": "in",
	">": "out",
	"?": null,
};
const units: Readonly<Record<string, number>> = {
	ns: 1,
	"": 1000,
	ms: 1e6,
	s: 1e9,
};

function parsePlace(text: string): Place {
	const match = /^([\w.-]+?)([<>?])(-?[\d.]+)(ns|ms|s|)(?:\{(.*)\})?$/.exec(
		text,
	);
	if (match === null) {
		throw new Error(`not a sighting of the notation: ${text}`);
	}
	const [, port = "", mark = "", time, unit = "", fields = ""] = match;
	return {
		port,
		direction: directions[mark] ?? null,
		ns: Math.round(Number(time) * (units[unit] ?? 1)),
		fields: parseFields(fields),
	};
}

let count = 0;

function toSightings({ label, fields, places }: Line, book: PortBook) {
	return places.map((place): Sighting => {
		const here = { ...fields, ...place.fields };
		const bytes = buildFrame(label, here);
		const whole = buildFrame(label, { ...here, cut: "9999" });
		const frame = decodeFrame(bytes, whole.length, linkType.ethernet);
		const port = book.list.find(({ name }) => name === place.port) ?? null;
		count += 1;
		return {
			port: place.port === "any" ? null : port,
			// Off the round second, as times that are multiples of 10 us look coarse.
			time: addNs(begin, place.ns + 123),
			direction: place.direction,
			frame,
			captured: bytes.length,
			length: whole.length,
			source: [...(port?.sources ?? [0])][0] ?? 0,
			number: count,
			fingerprint: fingerprint(frame, bytes),
			routedFingerprint: routedFingerprint(frame, bytes),
		};
	});
}

/** A journey as a line: hops, copies, and the outcome. */
export function writeJourney(journey: Journey): string {
	const { hops, copies, outcome, lastSeen, firstMissing, reason } = journey;
	const parts = [journey.message, ...hops.map(writeHop)];
	if (copies.length > 0) {
		parts.push("+", ...copies.map(writeHop));
	}
	parts.push(outcome);
	if (outcome === "lost") {
		parts.push(`${lastSeen}..${firstMissing}`);
	}
	return reason === null ? parts.join(" ") : `${parts.join(" ")}: ${reason}`;
}

function writeHop({ interface: name, direction }: Hop): string {
	const mark = direction === null ? "?" : direction === "in" ? "<" : ">";
	return `${name ?? "any"}${mark}`;
}
