import { closeSync, openSync, writeSync } from "node:fs";
import type { LogHandle } from "../../src/capture-file/event-log.js";
import { PcapngWriter } from "../../src/capture-file/pcapng-writer.js";
import {
	addNs,
	elapsedNs,
	formatTimeNs,
	type LogTime,
	linkType,
} from "../../src/model/capture.js";
import type { HostDocumentType, Json } from "../../src/model/host-document.js";
import { ipLink, virshDomains } from "../trace/host.js";
import { arpFrame, type Card, dhcpFrame, echoFrame } from "./log-frames.js";

/** Traffic of a host with one bridge, as `vmpath record` writes it. */
export interface Traffic {
	readonly name: string;
	/** VMs on the bridge, each with a tap. */
	readonly taps: number;
	/** Questions that are asked, one kind after the other. */
	readonly asked: readonly ("ping" | "arp" | "dhcp")[];
	readonly questions: number;
	/** From one question to the next. */
	readonly betweenNs: number;
}

/** VMs that ping the gateway without a pause, 5,000 times a second. */
export const flood: Traffic = {
	name: "flood: pings of 4 VMs, 5,000/s",
	taps: 4,
	asked: ["ping"],
	questions: 70_000,
	betweenNs: 200_000,
};

/** Questions to all, each seen at hundreds of taps. */
export const broadcasts: Traffic = {
	name: "broadcasts: who-has over 500 taps",
	taps: 500,
	asked: ["arp"],
	questions: 700,
	betweenNs: 20_000_000,
};

/** A busy host. */
export const mixed: Traffic = {
	name: "mixed: pings, who-has, DHCP of 12 VMs",
	taps: 12,
	asked: ["ping", "ping", "arp", "ping", "ping", "dhcp", "ping", "ping"],
	questions: 45_000,
	betweenNs: 1_000_000,
};

const tickNs = 100_000_000;
const begin: LogTime = { seconds: 1_795_000_000, nanos: 123_457 };
const epbIn = 1;
const epbOut = 2;
/** A frame takes so long through the host, and so long until it is answered. */
const throughHostNs = 15_003;
const answerNs = 150_011;
const writeLength = 1 << 20;

const gateway: Card = {
	mac: Buffer.from("000db9000001", "hex"),
	ip: Buffer.of(10, 0, 0, 1),
};

function cardOf(tap: number): Card {
	const high = tap >>> 8;
	const low = tap & 0xff;
	return {
		mac: Buffer.of(0x52, 0x54, 0, 0, high, low),
		ip: Buffer.of(10, 0, 1 + high, low),
	};
}

/** Writes an event log; the same traffic always gives the same bytes. */
class TrafficLog {
	/** Frames at ports. */
	sightings = 0;
	readonly #log = new PcapngWriter({ application: "vmpath", system: null });
	readonly #file: number;
	readonly #bridge: LogHandle;
	readonly #uplink: LogHandle;
	readonly #taps: readonly LogHandle[];
	#ticked = begin;

	constructor(path: string, taps: number) {
		this.#file = openSync(path, "w");
		const names = Array.from({ length: taps }, (_, at) => `vnet${at}`);
		this.#describe(names);
		const add = (name: string) =>
			this.#log.addPort({
				name,
				description: null,
				linkType: linkType.ethernet,
				snapLength: 2048,
				filter: null,
			});
		this.#bridge = add("br0");
		this.#uplink = add("ens3");
		this.#taps = names.map(add);
	}

	/** A VM's frame goes out; one to all is flooded to the other taps. */
	send(tap: number, bytes: Buffer, time: LogTime, isToAll: boolean): void {
		const later = addNs(time, throughHostNs);
		this.#add(this.#taps[tap], bytes, time, epbIn);
		this.#add(this.#uplink, bytes, later, epbOut);
		for (const [other, port] of isToAll ? this.#taps.entries() : []) {
			if (other !== tap) {
				this.#add(port, bytes, addNs(later, other * 500), epbOut);
			}
		}
		this.#add(this.#bridge, bytes, time, epbIn);
	}

	/** A frame comes from the gateway to a VM. */
	answer(tap: number, bytes: Buffer, time: LogTime): void {
		this.#add(this.#uplink, bytes, time, epbIn);
		this.#add(this.#taps[tap], bytes, addNs(time, 4_007), epbOut);
		this.#add(this.#bridge, bytes, time, epbIn);
	}

	/** All before a time is written. */
	goOn(time: LogTime): void {
		while (elapsedNs(this.#ticked, time) > tickNs) {
			this.#ticked = addNs(this.#ticked, tickNs);
			const { seconds, nanos } = this.#ticked;
			this.#log.addTick({
				until: this.#ticked,
				dropsTotal: 0,
				monotonic: { seconds: seconds - begin.seconds, nanos },
			});
		}
		if (this.#log.size > writeLength) {
			writeSync(this.#file, this.#log.takeBytes());
		}
	}

	end(): void {
		this.goOn(addNs(this.#ticked, 3 * tickNs));
		writeSync(this.#file, this.#log.takeBytes());
		closeSync(this.#file);
	}

	#describe(taps: readonly string[]): void {
		const ports = ["br0", "ens3", ...taps];
		this.#addDocument("capture", "vmpath record", captureState(ports));
		const mac = "00:25:90:00:00:02";
		const links = [
			{ name: "br0", kind: "bridge", mac } as const,
			{ name: "ens3", kind: "card", master: "br0", mac } as const,
			...taps.map((name) => ({ name, kind: "tap", master: "br0" }) as const),
		];
		this.#addDocument("host-links", "ip -d -j link show", ipLink(links));
		const vms = taps.map((name, at) => {
			const digits = cardOf(at).mac.toString("hex").match(/../g) ?? [];
			return [`vm${at}`, digits.join(":"), name] as const;
		});
		this.#addDocument("host-domains", "virsh dumpxml", virshDomains(vms));
	}

	#addDocument(type: HostDocumentType, source: string, output: Json): void {
		const statements = [{ source, output, gap: null }];
		this.#log.addDocument({ type, statements }, begin);
	}

	#add(
		handle: LogHandle | undefined,
		bytes: Buffer,
		time: LogTime,
		flags: number,
	): void {
		if (handle !== undefined) {
			const { length } = bytes;
			const { seconds, nanos } = time;
			const frame = { seconds, nanos, bytes, start: 0, captured: length };
			this.#log.addFrame(handle, { ...frame, length, flags });
			this.sightings += 1;
		}
	}
}

/** @returns how many frames at ports the log holds */
export function makeLog(path: string, traffic: Traffic): number {
	const { taps, asked, questions, betweenNs } = traffic;
	const log = new TrafficLog(path, taps);
	let time = addNs(begin, 1_000_000_000);
	for (let number = 0; number < questions; number += 1) {
		const tap = number % taps;
		log.goOn(time);
		ask(log, asked[number % asked.length] ?? "ping", tap, number, time);
		time = addNs(time, betweenNs);
	}
	log.end();
	return log.sightings;
}

function ask(
	log: TrafficLog,
	kind: "ping" | "arp" | "dhcp",
	tap: number,
	number: number,
	time: LogTime,
): void {
	const vm = cardOf(tap);
	const answered = addNs(time, answerNs);
	if (kind === "ping") {
		const identifier = 0x1000 + tap;
		const request = echoFrame("request", vm, gateway, identifier, number);
		const reply = echoFrame("reply", gateway, vm, identifier, number);
		log.send(tap, request, time, false);
		log.answer(tap, reply, answered);
	} else if (kind === "arp") {
		log.send(tap, arpFrame("request", vm, gateway), time, true);
		log.answer(tap, arpFrame("reply", gateway, vm), answered);
	} else {
		for (const [at, [sent, got]] of [
			["discover", "offer"] as const,
			["request", "ack"] as const,
		].entries()) {
			const shift = at * 2 * answerNs;
			const message = dhcpFrame(sent, vm, gateway, number);
			log.send(tap, message, addNs(time, shift), true);
			const back = dhcpFrame(got, vm, gateway, number);
			log.answer(tap, back, addNs(answered, shift));
		}
	}
}

function captureState(names: readonly string[]): Json {
	return {
		engine: "packet",
		time: "kernel",
		countsDrops: true,
		filter: null,
		interfaces: names.map((name, at) => ({
			name,
			index: at + 2,
			sinceNs: formatTimeNs(addNs(begin, -1_000_000_000)),
			untilNs: null,
			isPromiscuous: name === "br0",
		})),
	};
}
