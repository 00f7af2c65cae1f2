import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Journey } from "../../src/model/journey.js";
import { vm1Mac, vm2Mac } from "../topology/hosts.js";
import {
	causesOf,
	type HostChanges,
	hops,
	nameEach,
	router,
	trip,
	troubleOf,
} from "./troubles.js";

const gateway = "192.168.100.1";
const vm2Ip = "192.168.100.57";
const nobody = "192.168.100.200";

/** vm1 asks all three times who has an address; vnet1 is handed it, too. */
function asks(address: string, atSeconds = 3): Journey[] {
	return [0, 1, 2].map((index) => {
		const ms = (atSeconds + index) * 1000;
		return trip(1000 + index, "who-has", "vnet0< br0< ens3>", null, {
			addresses: { source: "192.168.100.99", destination: address },
			hops: hops("vnet0< br0< ens3>", ms),
			copies: hops("vnet1>", ms),
		});
	});
}

/** A frame for a VM, or of it, so many seconds after the begin. */
function word(
	id: number,
	message: string,
	path: string,
	atSeconds: number,
	changes: Partial<Journey> = {},
): Journey {
	return trip(id, message, path, null, {
		hops: hops(path, atSeconds * 1000),
		...changes,
	});
}

const toVm2 = word(7, "reply", "ens3< br0< vnet1>", 1, {
	mac: vm2Mac,
	ethernet: { source: router, destination: vm2Mac },
});
const toVm1 = word(8, "reply", "ens3< br0< vnet0>", 1);
/** vm2 says by ARP that it is there. */
const ofVm2 = word(9, "reply", "vnet1< br0< vnet0>", 1, {
	source: "vm",
	ethernet: { source: vm2Mac, destination: vm1Mac },
	addresses: { source: vm2Ip, destination: "192.168.100.99" },
});

function causesOfSilence(
	asked: readonly Journey[],
	besides: readonly Journey[] = [],
	host: HostChanges | null = {},
) {
	const trouble = troubleOf(asked, "unanswered");
	return causesOf(trouble, asked, { host, besides });
}

describe("one dead address", () => {
	test("is no sign of what is upstream, whoever asks for it", () => {
		for (const host of [{}, null]) {
			assert.deepEqual(causesOfSilence(asks(nobody), [], host), []);
			assert.deepEqual(causesOfSilence(asks(nobody), [toVm2], host), []);
		}
	});

	test("of a VM of this host is that VM's silence", () => {
		const causes = causesOfSilence(asks(vm2Ip), [
			{ ...ofVm2, hops: hops("vnet1< br0< vnet0>", 0) },
		]);
		assert.deepEqual(nameEach(causes), [
			"guest-silent likely",
			"guest-not-reading possible",
		]);
		assert.match(causes[0]?.evidence.join() ?? "", /by vnet1 since.*VM2/);
		assert.match(causes[0]?.fix ?? "", /vnet1.*virt-viewer VM2/);
	});

	test("that a table of the host has for a VM may have moved on", () => {
		const neighbours = [
			{ dst: nobody, dev: "br0", lladdr: vm2Mac, state: ["STALE"] },
		];
		const causes = causesOfSilence(asks(nobody), [], { neighbours });
		assert.deepEqual(nameEach(causes), [
			"guest-silent possible",
			"guest-not-reading possible",
		]);
	});

	test("of a VM that goes on speaking is no silence", () => {
		const speaks = word(10, "discover", "vnet1< br0< ens3>", 4);
		const causes = causesOfSilence(asks(vm2Ip), [ofVm2, speaks]);
		assert.deepEqual(causes, []);
	});

	test("of a VM whose tap was not handed the question is nothing known", () => {
		const asked = asks(vm2Ip).map((one) => ({ ...one, copies: [] }));
		assert.deepEqual(causesOfSilence(asked, [ofVm2]), []);
	});
});

describe("upstream-rejects-mac", () => {
	const dead = [toVm2];

	test("may be, where the gateway answers others alone", () => {
		const causes = causesOfSilence(asks(gateway), dead);
		assert.deepEqual(nameEach(causes), [
			"gateway-silent possible",
			"upstream-rejects-mac possible",
		]);
		assert.match(causes[1]?.evidence.join() ?? "", new RegExp(vm2Mac));
	});

	test("is not, where anything ever came for the VM", () => {
		const causes = causesOfSilence(asks(gateway), [toVm1]);
		assert.deepEqual(nameEach(causes), ["gateway-silent likely"]);
	});

	test("nor where it came and was lost in the host", () => {
		const lost = trip(6, "reply", "ens3< br0<", "vnet0");
		const causes = causesOfSilence(asks(gateway), [lost]);
		assert.deepEqual(nameEach(causes), ["gateway-silent likely"]);
	});

	test("nor where the host gets no answer either", () => {
		const neighbours = [{ dst: gateway, dev: "br0", state: ["FAILED"] }];
		const causes = causesOfSilence(asks(gateway), [], { neighbours });
		assert.deepEqual(nameEach(causes), ["gateway-silent proven"]);
	});

	test("is at most possible after a few seconds of recording", () => {
		const asked = [1, 2, 3].map((second) =>
			word(second, "discover", "vnet0< br0< ens3>", second),
		);
		const causes = causesOfSilence(asked, dead);
		assert.deepEqual(nameEach(causes), [
			"dhcp-server-silent possible",
			"upstream-rejects-mac possible",
		]);
	});
});

describe("a ping that a VM does not answer", () => {
	const ping = word(20, "echo-request", "vnet0< br0< vnet1>", 3, {
		destination: "other-vm",
		addresses: { source: "192.168.100.99", destination: vm2Ip },
	});

	test("is no silence where it answered ARP: a firewall may be the reason", () => {
		assert.deepEqual(causesOfSilence([ping], [ofVm2]), []);
	});

	test("nor where nothing else was asked", () => {
		assert.deepEqual(causesOfSilence([ping]), []);
	});

	test("is that VM's silence where it leaves ARP unanswered, too", () => {
		const [asked] = asks(vm2Ip, 2);
		assert.ok(asked);
		const causes = causesOfSilence([ping], [ofVm2, asked]);
		assert.deepEqual(nameEach(causes), [
			"guest-silent likely",
			"guest-not-reading possible",
		]);
		assert.match(causes[0]?.evidence.join() ?? "", /by vnet1 since/);
	});

	test("says nothing of the asker, where the tap is the asker's own", () => {
		const lone = word(21, "echo-request", "vnet0<", 3);
		assert.deepEqual(causesOfSilence([lone]), []);
	});
});
