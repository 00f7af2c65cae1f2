import assert from "node:assert/strict";
import { test } from "node:test";
import { linkType } from "../../src/model/capture.js";
import { buildCapFilters } from "../../src/recorder/cap-filter.js";

test("buildCapFilters() looks below no tag, one and two", () => {
	const frames = "arp or rarp or icmp or (ip and udp and (port 67 or port 68))";
	const all = `(${frames}) or (vlan and ((${frames}) or (vlan and (${frames}))))`;
	assert.deepEqual(buildCapFilters(linkType.ethernet, null), {
		all,
		inbound: `inbound and (${all})`,
		outbound: `outbound and (${all})`,
	});
});

test("buildCapFilters() asks for no ARP and no tags without Ethernet", () => {
	const { all } = buildCapFilters(linkType.raw, "host 192.0.2.1 or icmp");
	assert.equal(
		all,
		"(icmp or (ip and udp and (port 67 or port 68))) and (host 192.0.2.1 or icmp)",
	);
});
