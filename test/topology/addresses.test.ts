import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "../../src/model/host-document.js";
import { buildTopology } from "../../src/topology/build-topology.js";
import { bridgedNic, documentsOf, domainXml } from "./documents.js";
import { missionHost, vm1Mac, vm2Mac, vm3Mac } from "./hosts.js";

function addressesOf(words: Parameters<typeof documentsOf>[0]): string[] {
	return buildTopology(documentsOf(words)).addresses.map(
		({ address, mac, source, ageSeconds }) =>
			`${address} ${mac} ${source} ${ageSeconds}`,
	);
}

const minute = 60;
const readAt = Date.parse("2026-11-22T16:46:05Z") / 1000;

function statement(source: string, output: Json) {
	const isOfDomains = source.startsWith("virsh");
	const type = isOfDomains ? "host-domains" : "host-services";
	return [type, source, output] as const;
}

test("buildTopology() tells how old a lease of libvirt was when it was read", () => {
	const words = missionHost();
	const [network] = words.networks ?? [];
	const networks = [{ ...network, readAt }];
	assert.deepEqual(addressesOf({ ...words, networks, neighbours: [] }), [
		`192.168.122.148 ${vm3Mac} lease ${12 * minute}`,
	]);
	assert.deepEqual(addressesOf({ ...words, neighbours: [] }), [
		`192.168.122.148 ${vm3Mac} lease null`,
	]);
});

test("buildTopology() takes leases of other dnsmasqs, with their age where that can be told", () => {
	const source = "dnsmasq leases /var/lib/misc/dnsmasq.leases";
	const end = readAt + 48 * minute;
	const leases = `${end} ${vm1Mac} 10.0.0.7\n0 ${vm2Mac} 10.0.0.8\nnonsense`;
	const read = (...ranges: readonly string[]) =>
		addressesOf({
			statements: [statement(source, { leases, ranges, readAt })],
		});
	for (const [range, age] of [
		["10.0.0.2,10.0.0.9", 720],
		["10.0.0.2,10.0.0.9,1h", 720],
		["10.0.0.2,10.0.0.9,255.255.255.0,60m", 720],
		["10.0.0.2,10.0.0.9,3600", 720],
		["10.0.0.2,10.0.0.9,1m", null],
		["10.0.0.2,10.0.0.9,infinite", null],
	] as const) {
		assert.deepEqual(
			read(range),
			[`10.0.0.7 ${vm1Mac} lease ${age}`, `10.0.0.8 ${vm2Mac} lease null`],
			range,
		);
	}
	assert.deepEqual(read()[0], `10.0.0.7 ${vm1Mac} lease null`);
	assert.deepEqual(
		read("a,b,1h", "c,d,2h")[0],
		`10.0.0.7 ${vm1Mac} lease null`,
	);
});

test("buildTopology() believes a guest's agent of the guest's own cards alone, and first", () => {
	const row = (mac: string, address: string) =>
		` eth0       ${mac}    ipv4         ${address}/24\n`;
	const addresses = row(vm1Mac, "10.0.0.7") + row(vm2Mac, "10.0.0.1");
	const source = "virsh domifaddr --source agent";
	const words = {
		domains: [
			["running", domainXml("VM1", bridgedNic(vm1Mac, "br0", "vnet0"))],
			["running", domainXml("VM2", bridgedNic(vm2Mac, "br0", "vnet1"))],
		] as const,
		neighbours: [
			{ dst: "10.0.0.7", dev: "br0", lladdr: vm1Mac, state: ["STALE"] },
		],
		statements: [statement(source, [{ uuid: "uuid-VM1", addresses }])],
	};
	assert.deepEqual(addressesOf(words), [`10.0.0.7 ${vm1Mac} agent 0`]);
});
