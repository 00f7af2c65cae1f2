import type { Exchange } from "../../src/model/exchange.js";
import { Store } from "../../src/tui/store.js";
import { createView } from "../../src/tui/view.js";
import { makeExchange, makeJourney } from "../tui/made.js";

const kept = 50_000;
const perLook = 1000;
const looks = 50;

const vms = Array.from({ length: 20 }, (_, index) => index);

function journeyAt(id: number) {
	const vm = vms[id % vms.length] ?? 0;
	return makeJourney({
		id,
		atNs: id * 100_000,
		vm: `VM${vm}`,
		mac: `52:54:00:00:00:${String(vm).padStart(2, "0")}`,
		path: [`vnet${vm}`, "br0", "ens3"],
		outcome: id % 997 === 0 ? "lost" : "delivered",
	});
}

function exchangeAt(id: number): Exchange {
	const vm = vms[id % vms.length] ?? 0;
	return makeExchange({
		id,
		atNs: id * 200_000,
		vm: `VM${vm}`,
		mac: `52:54:00:00:00:${String(vm).padStart(2, "0")}`,
		journeys: [id * 2, id * 2 + 1],
		outcome: id % 499 === 0 ? "unanswered" : "delivered",
	});
}

/** CPU time, so that it can be read on a busy machine; the collector's threads included. */
function timeMs(work: () => void): number {
	const begun = process.cpuUsage();
	work();
	const { user, system } = process.cpuUsage(begun);
	return (user + system) / 1000;
}

function median(times: readonly number[]): number {
	return [...times].sort((a, b) => a - b)[times.length >> 1] ?? 0;
}

function report(what: string, ms: number, unit = "ms"): void {
	process.stdout.write(`${what.padEnd(52)} ${ms.toFixed(3)} ${unit}\n`);
}

const store = new Store();
const all = createView(null);
const filtered = { ...all, vm: "VM7", filter: "proto:icmp 192.168" };

const journeys = Array.from({ length: kept + looks * perLook }, (_, id) =>
	journeyAt(id),
);
const exchanges = Array.from({ length: journeys.length / 2 }, (_, id) =>
	exchangeAt(id),
);

const fillMs = timeMs(() => {
	for (let id = 0; id < kept; id += 1) {
		store.addJourney(journeys[id] as never);
		if (id % 2 === 1) {
			store.addExchange(exchanges[(id - 1) / 2] as never);
		}
	}
	store.look(all);
});
report("one journey and half an exchange", (fillMs * 1000) / kept, "µs");
for (const view of [all, filtered]) {
	const times: number[] = [];
	let adding = 0;
	const from = view === all ? kept : kept + (looks * perLook) / 2;
	for (let look = 0; look < looks / 2; look += 1) {
		adding += timeMs(() => {
			for (let at = 0; at < perLook; at += 1) {
				const id = from + look * perLook + at;
				store.addJourney(journeys[id] as never);
				if (id % 2 === 1) {
					store.addExchange(exchanges[(id - 1) / 2] as never);
				}
			}
		});
		times.push(timeMs(() => store.look(view)));
	}
	const name = view === all ? "all" : "of one VM, filtered";
	report(`adding while ${name}`, (adding * 2000) / looks / perLook, "µs");
	report(`look() after 1000 new ones, ${name}: median`, median(times));
	report(`look() after 1000 new ones, ${name}: worst`, Math.max(...times));
}
const filters = ["seq", "proto:icmp ip:192.168.100. outcome:bad", "vm:VM3"];
for (const filter of filters) {
	const ms = timeMs(() => store.look({ ...all, filter }));
	report(`look() with another filter, ${filter}`, ms);
}
const lengthNs = store.look(all).timeline?.lengthNs ?? 0;
const moves: readonly (readonly [string, number])[] = [
	["at the end, for the first time", lengthNs],
	["a frame before", lengthNs - 100_000],
	["in the middle", lengthNs / 2],
	["a frame before", lengthNs / 2 - 100_000],
	["a frame later", lengthNs / 2],
	["100 ms later", lengthNs / 2 + 1e8],
	["at the begin", 0],
	["at the end again", lengthNs],
];
for (const [where, positionNs] of moves) {
	const player = { isPlaying: true, speed: 1, positionNs };
	const ms = timeMs(() => store.look({ ...all, player }));
	report(`look() of a player ${where}`, ms);
}
store.look(all);
report(
	"look() at nothing new",
	timeMs(() => store.look(all)),
);
const { heapUsed } = process.memoryUsage();
report(`heap`, heapUsed / 1e6, "MB");
