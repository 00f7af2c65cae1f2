import assert from "node:assert/strict";
import { rename, rm, symlink, unlink } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { readLinksSignature } from "../../src/host/links-signature.js";
import { readSystem } from "../../src/host/system.js";
import { makeHost } from "./fake-tools.js";

const card = (index: number) => ({
	[`sys/class/net/eth${index}/ifindex`]: `${index}\n`,
	[`sys/class/net/eth${index}/operstate`]: "up\n",
	[`sys/class/net/eth${index}/flags`]: "0x1003\n",
});

test("readLinksSignature() changes with names, masters and what comes and goes", async (t) => {
	const { options } = await makeHost(t, {}, { ...card(1), ...card(2) });
	const net = join(options.root, "sys/class/net");
	const read = () => readLinksSignature(options);
	const first = await read();
	assert.equal(first, "eth1 1 up 0x1003 \neth2 2 up 0x1003 ");
	assert.equal(await read(), first);
	await symlink("../br0", join(net, "eth1/master"));
	assert.match(await read(), /^eth1 1 up 0x1003 br0$/m);
	await unlink(join(net, "eth1/master"));
	assert.equal(await read(), first);
	await rename(join(net, "eth2"), join(net, "wan"));
	assert.match(await read(), /^wan 2 /m);
	await rm(join(net, "wan"), { recursive: true });
	assert.equal(await read(), "eth1 1 up 0x1003 ");
});

test("readSystem() lists cards with a device behind them, and their drivers", async (t) => {
	const { options } = await makeHost(
		t,
		{ "systemd-detect-virt": "echo none; exit 1" },
		{
			...card(1),
			...card(2),
			"proc/sys/kernel/hostname": "kvm1\n",
			"proc/sys/kernel/osrelease": "6.1.0\n",
			"sys/class/net/eth2/device/vendor": "0x1af4\n",
			"sys/class/net/eth2/phy80211/name": "phy0\n",
		},
	);
	const device = join(options.root, "sys/class/net/eth2/device");
	await symlink("../../../bus/pci/drivers/iwlwifi", join(device, "driver"));
	assert.deepEqual(await readSystem(options), [
		{ source: "/proc/sys/kernel/hostname", output: "kvm1", gap: null },
		{ source: "/proc/sys/kernel/osrelease", output: "6.1.0", gap: null },
		{ source: "/etc/os-release", output: null, gap: null },
		{ source: "systemd-detect-virt", output: "none", gap: null },
		{ source: "virsh --version", output: null, gap: null },
		{
			source: "/sys/class/net/*/device",
			output: [{ name: "eth2", driver: "iwlwifi", isWireless: true }],
			gap: null,
		},
	]);
});
