import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Json } from "../../src/model/host-document.js";
import { EventLogScript } from "./event-log.js";
import { bridged, ipLink, virshDomains } from "./host.js";
import { healthyTraffic } from "./notation.js";
import { parties } from "./notation-frames.js";

const mac = (name: string) => (parties[name]?.mac.match(/../g) ?? []).join(":");

const asked = "who-has(from=vm1,to=gw): vnet0<0 br0<0 ens3>37 vnet1>40";
const answered = "is-at(from=gw,to=vm1): ens3<400 br0<400 vnet0>430";
/** Says that it has the router's address, too. */
const twin = (from: string, at = 500) =>
	`is-at(from=${from},as=gw,to=vm1): vnet1<${at} br0<${at} vnet0>${at + 30}`;

/** What is told of the who-has for the router, in the end. */
async function judge(
	lines: readonly string[],
	documents: Readonly<Record<string, Json>> = {},
): Promise<readonly (string | null | undefined)[]> {
	const log = new EventLogScript().capture(
		bridged.map(({ name }) => ({ name })),
	);
	const sources: Readonly<Record<string, string>> = {
		links: "ip -d -j link show",
		domains: "virsh dumpxml",
		addresses: "ip -j address show",
	};
	for (const [type, output] of Object.entries(documents)) {
		const source = sources[type] ?? "";
		log.document(`host-${type as "links"}`, -90_000, source, output);
	}
	const { exchanges } = await log
		.frames([healthyTraffic, ...lines].join("\n"))
		.ticks(-80_000, 6_000)
		.play();
	const last = exchanges.at(-1);
	assert.equal(last?.summary, "ARP who-has 192.168.1.1 tell 192.168.1.11");
	return [last.outcome, last.message, last.lastSeen, last.reason];
}

const isWell = ["delivered", "reply", "vnet0", null];

describe("findTwins()", () => {
	test("tells who answer for one address, and where each of them came in", async () => {
		assert.deepEqual(await judge([asked, answered, twin("vm2")]), [
			"degraded",
			"reply",
			"vnet0",
			"192.168.1.1 is answered for by 00:0d:b9:00:00:01 at ens3 and by 52:54:00:00:00:02 at vnet1",
		]);
	});

	test("tells it whoever is first", async () => {
		const [outcome, , , reason] = await judge([
			asked,
			twin("vm2", 300),
			answered,
		]);
		assert.equal(outcome, "degraded");
		assert.match(reason ?? "", /by 52:\S+ at vnet1 and by 00:0d:\S+ at ens3$/);
	});

	test("takes a machine that answers twice for one", async () => {
		const again = "is-at(from=gw,to=vm1): vnet1<500 br0<500 vnet0>530";
		assert.deepEqual(await judge([asked, answered, again]), isWell);
	});

	test("takes what comes in by one port for one machine", async () => {
		const other = "is-at(from=lan,as=gw,to=vm1): ens3<500 br0<500 vnet0>530";
		assert.deepEqual(await judge([asked, answered, other]), isWell);
	});

	test("takes a VM with two NICs for one machine", async () => {
		const domains = virshDomains([
			["web", mac("gw"), "tap7"],
			["web", mac("vm2"), "vnet1"],
		]);
		const documents = { links: ipLink(bridged), domains };
		assert.deepEqual(
			await judge([asked, answered, twin("vm2")], documents),
			isWell,
		);
	});

	test("knows a virtual router (VRRP) by its MAC address", async () => {
		assert.deepEqual(await judge([asked, answered, twin("vrrp")]), isWell);
	});

	test("knows who answers in the place of others (proxy ARP)", async () => {
		const others = ["vm3", "vm4", "nobody"].map(
			(as, at) =>
				`is-at(from=vm2,as=${as},to=lan): vnet1<-${20 + at}s br0<-${20 + at}s ens3>-${19.9 + at}s`,
		);
		assert.deepEqual(
			await judge([...others, asked, answered, twin("vm2")]),
			isWell,
		);
	});

	test("takes the host for a proxy, unless it has the address", async () => {
		const host = "is-at(from=host,as=gw,to=vm1): br0>500 vnet0>510";
		assert.deepEqual(await judge([asked, answered, host]), isWell);
		const addresses = [
			{
				ifindex: 2,
				ifname: "br0",
				addr_info: [{ family: "inet", local: "192.168.1.1", prefixlen: 24 }],
			},
		];
		const documents = { links: ipLink(bridged), addresses };
		const [outcome, , , reason] = await judge(
			[asked, answered, host],
			documents,
		);
		assert.equal(outcome, "degraded");
		assert.match(reason ?? "", /by 00:25:90:00:00:02 at br0$/);
	});

	test("does not mind an answer that nobody asked for", async () => {
		const late = twin("vm2").replaceAll(/(5[03]0)/g, "2.$1s");
		assert.deepEqual(await judge([asked, answered, late]), isWell);
	});
});
