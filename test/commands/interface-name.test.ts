import assert from "node:assert/strict";
import { test } from "node:test";
import { inferInterfaceName } from "../../src/commands/interface-name.js";

const names: readonly (readonly [path: string, name: string | null])[] = [
	["vnet0.pcap", "vnet0"],
	["captures/vnet0.pcap", "vnet0"],
	["vnet0.pcap.gz", "vnet0"],
	["vnet0.gz", "vnet0"],
	["br0.pcapng", "br0"],
	["ens3.cap", "ens3"],
	["ens3.PCAP", "ens3"],
	["vnet0", "vnet0"],
	["vnet10.pcap3", "vnet10"],
	["bond0.100.pcap", "bond0.100"],
	["bond0.100", "bond0.100"],
	["tap1f2e3d4c-5b.pcap", "tap1f2e3d4c-5b"],
	["fifteen-bytes-x.pcap", "fifteen-bytes-x"],
	["sixteen-bytes-xy.pcap", null],
	["ééééééé1.pcap", "ééééééé1"],
	["éééééééé.pcap", null],
	["two words.pcap", null],
	["12:30.pcap", null],
	[".pcap", null],
	["...pcap", null],
	["-", null],
	["/dev/stdin", null],
	["/dev/fd/63", null],
	["/proc/self/fd/0", null],
];

for (const [path, name] of names) {
	test(`inferInterfaceName() of ${path} is ${name}`, () => {
		assert.equal(inferInterfaceName(path), name);
	});
}
