import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { EventLogScript } from "./event-log.js";
import { type HostPort, ipLink } from "./host.js";

/** Two VMs behind firewall bridges of their own, and one without (Proxmox). */
const ports: readonly HostPort[] = [
	{ name: "vmbr0", kind: "bridge" },
	{ name: "eno1", kind: "card", master: "vmbr0" },
	{ name: "tap2i0", kind: "tap", master: "vmbr0" },
	...[1, 3].flatMap((vm): HostPort[] => [
		{
			...{ name: `fwpr${vm}p0`, kind: "veth", master: "vmbr0" },
			peer: `fwln${vm}i0`,
		},
		{
			...{ name: `fwln${vm}i0`, kind: "veth", master: `fwbr${vm}i0` },
			peer: `fwpr${vm}p0`,
		},
		{ name: `fwbr${vm}i0`, kind: "bridge" },
		{ name: `tap${vm}i0`, kind: "tap", master: `fwbr${vm}i0` },
	]),
];

/** A frame that vmbr0 floods into both cables. */
const flood = [1, 3]
	.map(
		(vm) =>
			`fwpr${vm}p0>20 fwln${vm}i0<21 fwbr${vm}i0<21 tap${vm}i0>${25 + vm}`,
	)
	.join(" ");

async function trace(frames: string): Promise<readonly string[]> {
	const log = new EventLogScript()
		.capture(ports)
		.document("host-links", -5_000, "ip -d -j link show", ipLink(ports))
		.ticks(-4_900, -100)
		.frames(frames)
		.ticks(0, 3_500);
	// Copies stand behind the plus sign.
	return (await log.trace()).map((line) =>
		line.replace(/ \+ .*(?= (delivered|lost))/, ""),
	);
}

describe("a frame for all goes into every cable", () => {
	test("and none is of the way of a VM that is beside them", async () => {
		assert.deepEqual(
			await trace(`who-has(from=vm2): tap2i0<0 vmbr0<0 eno1>30 ${flood}`),
			["request tap2i0< vmbr0< eno1> delivered"],
		);
	});

	test("and only its own is of the way of a VM behind one", async () => {
		const beside =
			"fwpr3p0>30 fwln3i0<31 fwbr3i0<31 tap3i0>35 tap2i0>32 eno1>33";
		assert.deepEqual(
			await trace(
				`who-has(from=vm1): tap1i0<0 fwbr1i0<0 fwln1i0>10 fwpr1p0<12 vmbr0<12 ${beside}`,
			),
			["request tap1i0< fwbr1i0< fwln1i0> fwpr1p0< vmbr0< eno1> delivered"],
		);
	});
});

test("what a firewall bridge drops is lost there, though it left by a cable", async () => {
	const [, lost] = await trace(
		`who-has(from=vm1): tap1i0<0 fwbr1i0<0 fwln1i0>10 fwpr1p0<12 vmbr0<12 eno1>33
		is-at(from=gw,to=vm1): eno1<1ms vmbr0<1ms fwpr1p0>1.002ms fwln1i0<1.003ms fwbr1i0<1.003ms`,
	);
	assert.equal(
		lost,
		"reply eno1< vmbr0< fwpr1p0> fwln1i0< fwbr1i0< lost fwbr1i0..tap1i0",
	);
});
