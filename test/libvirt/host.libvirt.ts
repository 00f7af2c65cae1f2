import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "../lab/command.js";
import { internet } from "../lab/plan.js";
import type { Guest } from "./guest.js";
import { findLeftovers, listLibvirtMounts, listParts } from "./leftovers.js";
import { withLibvirtHost } from "./libvirt-host.js";
import { findObstacle } from "./requirements.js";

const obstacle = await findObstacle();
const options = { skip: obstacle ?? false };

test("withLibvirtHost() builds a host of libvirt", options, async (t) => {
	const mounts = await listLibvirtMounts();
	const parts = await withLibvirtHost(async (host) => {
		const { VM1, VM2, VM3 } = host.guests;
		const guests = [VM1, VM2, VM3];
		const leases = new Map<Guest, string>();
		const readTap = async (guest: Guest) => {
			const [link] = JSON.parse(
				await run(
					host.inside(["ip", "-j", "link", "show", (await guest.tap()) ?? ""]),
				),
			);
			return link as { readonly address: string; readonly master?: string };
		};

		await t.test("boot() brings three guests up at once", async () => {
			await Promise.all(guests.map((guest) => guest.boot()));
			for (const guest of guests) {
				assert.equal(await guest.state(), "running");
			}
		});

		await t.test("tap() is a port of the bridge the guest means", async () => {
			for (const guest of guests) {
				const { address, master } = await readTap(guest);
				assert.equal(address, `fe${guest.plan.mac.slice(2)}`);
				assert.equal(master, guest === VM3 ? "virbr0" : "br0");
				const mac = await guest.run("cat /sys/class/net/eth0/address");
				assert.equal(mac.trim(), guest.plan.mac);
			}
		});

		await t.test("lease() is what the DHCP servers say they gave", async () => {
			for (const guest of guests) {
				leases.set(guest, await guest.lease());
			}
			const ofRouter = await readFile(
				join(host.directory, "router.leases"),
				"utf8",
			);
			for (const guest of [VM1, VM2]) {
				const { mac, name } = guest.plan;
				assert.ok(ofRouter.includes(`${mac} ${leases.get(guest)} ${name} `));
			}
			const ofLibvirt = await host.virsh("net-dhcp-leases", "default");
			assert.match(
				ofLibvirt,
				new RegExp(`${VM3.plan.mac} +ipv4 +${leases.get(VM3)}/24 +VM3 `),
			);
		});

		await t.test(
			"ping() reaches the gateway, and through NAT the world",
			async () => {
				for (const guest of guests) {
					assert.equal(await guest.ping(guest.plan.gateway, 3), 3);
				}
				assert.equal(await VM1.ping(leases.get(VM2) ?? "", 3), 3);
				assert.equal(await VM3.ping(internet.ip, 3), 3);
			},
		);

		await t.test("boot() after powerOff() gives another tap", async () => {
			const before = await VM1.tap();
			await VM1.powerOff();
			assert.equal(await VM1.tap(), null);
			await VM1.boot();
			assert.notEqual(await VM1.tap(), before);
			assert.equal((await readTap(VM1)).master, "br0");
			assert.equal(await VM1.lease(), leases.get(VM1));
		});

		await t.test("attachNic() gives back what detachNic() took", async () => {
			const before = await VM2.tap();
			await VM2.detachNic();
			assert.doesNotMatch(await VM2.run("ls /sys/class/net"), /eth0/);
			await VM2.attachNic();
			assert.notEqual(await VM2.tap(), before);
			assert.equal(await VM2.lease(), leases.get(VM2));
			assert.equal(await VM2.ping(VM2.plan.gateway, 3), 3);
		});

		await t.test("pause() stops a guest until resume()", async () => {
			await VM1.pause();
			assert.equal(await VM1.state(), "paused");
			assert.equal(await VM2.ping(leases.get(VM1) ?? "", 1), 0);
			await VM1.resume();
			assert.equal(await VM1.state(), "running");
			assert.equal(await VM2.ping(leases.get(VM1) ?? "", 1), 1);
		});

		await t.test("destroy() leaves the domain, without a tap", async () => {
			await VM2.destroy();
			assert.equal(await VM2.state(), "shut off");
			assert.equal(await VM2.tap(), null);
		});
		return listParts(host);
	});

	await t.test("withLibvirtHost() leaves nothing behind", async () => {
		// Router's dnsmasq, libvirtd, two guests, libvirt's dnsmasq and its helper.
		assert.ok(parts.processes.length >= 6);
		assert.deepEqual(await findLeftovers(parts), []);
		assert.deepEqual(await listLibvirtMounts(), mounts);
	});
});
