import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Json } from "../../src/model/host-document.js";
import { EventLogScript } from "./event-log.js";
import { type HostPort, ipLink } from "./host.js";

const ports: readonly HostPort[] = [
	{ name: "br0", kind: "bridge", mac: "00:25:90:00:00:02" },
	{ name: "virbr0", kind: "bridge", mac: "52:54:00:00:00:fe" },
	{ name: "ens3", kind: "card", master: "br0", mac: "00:25:90:00:00:02" },
	{ name: "vnet2", kind: "tap", master: "virbr0", mac: "fe:54:00:00:00:03" },
];

const addresses: Readonly<Record<string, string>> = {
	br0: "192.168.1.2",
	virbr0: "192.168.122.1",
};

interface Host {
	readonly ports?: readonly HostPort[];
	readonly addresses?: Readonly<Record<string, string>>;
	/** Interfaces of default routes. */
	readonly routes?: readonly string[];
	readonly otherRoutes?: readonly Json[];
	/** Null: they were not read. */
	readonly rules?: readonly Json[] | null;
	readonly networks?: Json;
}

const usualRules: readonly Json[] = [
	{ priority: 0, src: "all", table: "local" },
	{ priority: 32766, src: "all", table: "main" },
	{ priority: 32767, src: "all", table: "default" },
];

/** A log of a host with a routed network, in which nothing was routed yet. */
function told(host: Host = {}): EventLogScript {
	const links = ipLink(host.ports ?? ports);
	const said = Object.entries(host.addresses ?? addresses).map(
		([ifname, local]) => ({
			ifname,
			addr_info: [{ family: "inet", local, prefixlen: 24 }],
		}),
	);
	const routes = (host.routes ?? ["br0"]).map((dev) => ({
		...{ dst: "default", gateway: "192.168.1.1", dev, flags: [] },
	}));
	const connected = said.map(({ ifname }, index) => ({
		...{ dst: `10.${index}.0.0/24`, dev: ifname, protocol: "kernel" },
		...{ scope: "link", prefsrc: `10.${index}.0.1`, flags: [] },
	}));
	const rules = host.rules === undefined ? usualRules : host.rules;
	return new EventLogScript()
		.capture(ports)
		.document("host-links", -5_000, "ip -d -j link show", links)
		.document("host-addresses", -5_000, "ip -j addr show", said)
		.statements("host-routes", -5_000, [
			[
				"ip -j -4 route show table main",
				[...routes, ...connected, ...(host.otherRoutes ?? [])],
			],
			...(rules === null ? [] : [["ip -j -4 rule show", [...rules]] as const]),
		])
		.ticks(-4_900, -100);
}

const ping = "echo(from=vm3,to=world,via=nat): vnet2<0 virbr0<0";
const unknown =
	"echo-request vnet2< virbr0< inconclusive: whether 8.8.8.8 is the host's or the host must route it on is not known";

describe("what the host routes leaves by its default route", () => {
	test("lost, though nothing was ever seen to take that way", async () => {
		const log = told().frames(ping).ticks(0, 1_500);
		assert.deepEqual(await log.trace(), [
			"echo-request vnet2< virbr0< lost virbr0..ens3",
		]);
	});

	test("delivered where it is seen to", async () => {
		const log = told()
			.frames(
				`${ping} br0>90{by=host,as=host,via=gw,ttl=63} ens3>95{by=host,as=host,via=gw,ttl=63}`,
			)
			.ticks(0, 1_500);
		assert.deepEqual(await log.trace(), [
			"echo-request vnet2< virbr0< br0> ens3> delivered",
		]);
	});

	test("not lost when it was answered", async () => {
		const log = told()
			.frames(
				`${ping}
				reply(from=world,to=vm3,by=nat): virbr0>220 vnet2>221`,
			)
			.ticks(0, 1_500);
		assert.doesNotMatch((await log.trace()).join("\n"), /lost/);
	});

	for (const [why, host] of Object.entries<Host>({
		"with another default route": { routes: ["br0", "ens4"] },
		"without one": { routes: [] },
		"with a route to a container": {
			otherRoutes: [
				{ dst: "8.8.0.0/16", gateway: "172.17.0.2", dev: "docker0" },
			],
		},
		"with halves of all by a tunnel": {
			otherRoutes: [
				{ dst: "0.0.0.0/1", dev: "tun0" },
				{ dst: "128.0.0.0/1", dev: "tun0" },
			],
		},
		"with a rule of its own": {
			rules: [
				...usualRules,
				{ priority: 100, src: "all", iif: "virbr0", table: "77" },
			],
		},
		"that does not tell its rules": { rules: null },
		"with the destination in a network of its own": {
			addresses: { ...addresses, br0: "8.8.8.2" },
		},
	})) {
		test(`not known of a host ${why}`, async () => {
			const log = told(host).frames(ping).ticks(0, 1_500);
			assert.deepEqual(await log.trace(), [unknown]);
		});
	}

	test("known of a host with other networks, and a route by the same way", async () => {
		const more: readonly HostPort[] = [
			{ name: "ens4", kind: "card" },
			{ name: "docker0", kind: "bridge" },
		];
		const host = {
			ports: [...ports, ...more],
			addresses: { ...addresses, docker0: "172.17.0.1" },
			otherRoutes: [
				{ dst: "192.168.1.1", dev: "br0", protocol: "dhcp", scope: "link" },
			],
		};
		const log = told(host).frames(ping).ticks(0, 1_500);
		assert.deepEqual(await log.trace(), [
			"echo-request vnet2< virbr0< lost virbr0..ens3",
		]);
	});

	test("not known of a network that is isolated", async () => {
		const network =
			"<network><name>closed</name><bridge name='virbr0'/><ip address='192.168.122.1' netmask='255.255.255.0'/></network>";
		const log = told()
			.document("host-networks", -4_800, "virsh net-dumpxml", [
				{ name: "closed", isActive: true, xml: network },
			])
			.ticks(-4_700, -100)
			.frames(ping)
			.ticks(0, 1_500);
		assert.deepEqual(await log.trace(), [unknown]);
	});
});
