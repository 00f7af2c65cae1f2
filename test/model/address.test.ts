import assert from "node:assert/strict";
import { test } from "node:test";
import {
	formatIpv4,
	formatMac,
	isGroupMac,
	parseMac,
} from "../../src/model/address.js";

test("formatMac() and formatIpv4() write addresses as iproute2 does", () => {
	assert.equal(formatMac(0x525400, 0xcd763a), "52:54:00:cd:76:3a");
	assert.equal(formatIpv4(0xc0a80101), "192.168.1.1");
	assert.equal(formatIpv4(0xffffffff), "255.255.255.255");
});

test("parseMac() takes the usual ways to write an address, and nothing else", () => {
	for (const text of [
		"52:54:00:CD:76:3a",
		"52-54-00-cd-76-3a",
		"5254.00cd.763a",
	]) {
		assert.equal(parseMac(text), "52:54:00:cd:76:3a");
	}
	for (const text of ["", "52:54:00:cd:76", "52:54:00:cd:76:3g", "vm1"]) {
		assert.equal(parseMac(text), null);
	}
});

test("isGroupMac() tells broadcast and multicast from one card's address", () => {
	assert.ok(isGroupMac("ff:ff:ff:ff:ff:ff"));
	assert.ok(isGroupMac("01:00:5e:00:00:01"));
	assert.ok(!isGroupMac("52:54:00:cd:76:3a"));
	assert.ok(!isGroupMac("02:00:00:00:00:01"));
});
