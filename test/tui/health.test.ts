import assert from "node:assert/strict";
import { test } from "node:test";
import { addNs } from "../../src/model/capture.js";
import type { Port } from "../../src/model/port.js";
import type { Topology } from "../../src/model/topology.js";
import { drawHealth } from "../../src/tui/draw-health.js";
import { drawHeader } from "../../src/tui/header.js";
import { countPorts, Health, type PortHealth } from "../../src/tui/health.js";
import { Store } from "../../src/tui/store.js";
import { plainLook } from "../../src/tui/theme.js";
import { type Told, tell } from "../../src/tui/topology-history.js";
import { createView } from "../../src/tui/view.js";
import type { CaptureHealth } from "../../src/tui/world.js";
import { made, makeJourney } from "./made.js";
import { makePort, makeTopology, text } from "./topologies.js";
import { world } from "./worlds.js";

const captured = ["vnet0", "vnet1", "br0", "ens3"];

/** A port as a capture has it: what came up once stays. */
function capturedPort(name: string): Port {
	return {
		name: text(name),
		role: name === "br0" ? "bridge" : "tap",
		isInferred: false,
		isPromiscuous: name !== "br0",
		drops: 0,
		isContinuous: true,
		snapLength: 0,
		sources: new Set([0]),
	};
}

function hostOf(names: readonly string[], name = "kvm1"): Topology {
	const host = { name: text(name), kernel: null, virtualization: null };
	return makeTopology({ host, ports: names.map((each) => makePort(each)) });
}

function describe(told: Told | null): CaptureHealth {
	const health = new Health();
	health.setCapture({
		engine: "packet",
		framesRead: 0,
		framesRelevant: 0,
		ports: captured.map(capturedPort),
		end: made,
		isOpen: true,
	});
	return health.describe(0, told);
}

/** Names of what is gone, by what the host says now and said before, the latest first. */
function listGone(told: Told | null): string[] {
	const interfaces: readonly PortHealth[] = describe(told).interfaces;
	const gone = interfaces.filter(({ isGone }) => isGone);
	assert.equal(countPorts(interfaces), captured.length - gone.length);
	return gone.map(({ name }) => `${name}`);
}

test("describe() has a port as gone that the host listed before and does not now", () => {
	const whole = hostOf(captured);
	const without = hostOf(["vnet0", "br0", "ens3"]);
	const renamed = hostOf(["web-lan", "br0", "ens3"]);
	assert.deepEqual(listGone(tell(whole)), []);
	assert.deepEqual(listGone(tell(without, [whole])), ["vnet1"]);
	const later = tell(renamed, [without, whole]);
	assert.deepEqual(listGone(later), ["vnet0", "vnet1"]);
	assert.deepEqual(listGone(tell(whole, [renamed, without, whole])), []);
});

test("describe() has no port as gone that comes later, or of which nobody says anything", () => {
	const whole = hostOf(captured);
	assert.deepEqual(listGone(tell(hostOf(["br0", "ens3"]))), []);
	assert.deepEqual(listGone(null), []);
	assert.deepEqual(listGone(tell(null)), []);
	assert.deepEqual(listGone(tell(hostOf([]), [whole])), []);
	assert.deepEqual(listGone(tell(hostOf(["eno1"], "kvm2"), [whole])), []);
});

test("drawHealth() says which ports are gone, and advises nothing on these", () => {
	const draw = (told: Told | null) =>
		drawHealth(world({ health: describe(told) }), 80, plainLook).filter((row) =>
			/^ {3}(vnet|br0|ens3|unicast)/.test(row),
		);
	const left = tell(hostOf(["vnet0", "ens3"]), [hostOf(captured)]);
	assert.deepEqual(draw(left), [
		"   vnet0  tap                0          0  yes",
		"   vnet1  tap                0          0  yes  gone",
		"   br0    bridge             0          0  no  gone",
		"   ens3   tap                0          0  yes",
	]);
	assert.deepEqual(draw(null), [
		"   vnet0  tap                0          0  yes",
		"   vnet1  tap                0          0  yes",
		"   br0    bridge             0          0  no",
		"   ens3   tap                0          0  yes",
		"   unicast that only passes through br0 is not seen there: ip link set br0",
	]);
});

test("look() has ports as gone by what the host said until that moment; drawHeader() does not count them", () => {
	const store = new Store();
	const seconds = (count: number) => addNs(made, count * 1e9);
	const said = [captured, ["vnet0", "br0", "ens3"], ["br0", "ens3"], captured];
	for (const [at, names] of said.entries()) {
		store.addTopology(hostOf(names), seconds(at));
		store.addJourney(makeJourney({ id: at, atNs: at * 1e9 }));
	}
	store.setCapture({
		engine: "packet",
		framesRead: 4,
		framesRelevant: 4,
		ports: captured.map(capturedPort),
		end: seconds(4),
		isOpen: true,
	});
	const head = (positionNs: number) => {
		const view = createView({ isPlaying: false, speed: 1, positionNs });
		const seen = { ...store.look(view), source: text("kvm1") };
		return drawHeader(seen, view, 120, plainLook);
	};
	for (const [at, count] of [4, 3, 2, 4].entries()) {
		const found = head((at + 0.5) * 1e9);
		assert.ok(found.includes(` kvm1 (${count} ports) `), found);
	}
});
