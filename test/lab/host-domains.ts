import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { natNetwork } from "./plan.js";

const uuid = (number: number) => `6a1e1f0c-5f0b-4c1d-9d35-3b5c2f6d7a0${number}`;

interface DomainPlan {
	readonly number: number;
	readonly name: string;
	/** virDomainState: 1 running, 3 paused, 5 shut off. */
	readonly runState: 1 | 3 | 5;
	readonly cards: string;
}

const card = (type: string, mac: string, source: string, tap: string | null) =>
	`<interface type='${type}'><mac address='${mac}'/><source ${source}/>${tap ? `<target dev='${tap}'/>` : ""}<model type='virtio'/></interface>`;

const plans: readonly DomainPlan[] = [
	{
		number: 1,
		name: "VM1",
		runState: 1,
		cards: card("bridge", "52:54:00:cd:76:3a", "bridge='br0'", "tap-vm1"),
	},
	{
		number: 2,
		name: "VM2",
		runState: 3,
		cards: card("bridge", "52:54:00:1f:0b:92", "bridge='br0'", "tap-vm2"),
	},
	{
		number: 3,
		name: "VM3",
		runState: 1,
		cards: card("network", "52:54:00:8e:41:d7", "network='default'", "tap-vm3"),
	},
	{
		number: 4,
		name: "vm 4's &quot;&lt;\u202eweb&gt;&quot; ✓",
		runState: 5,
		cards: card("bridge", "52:54:00:6b:27:c4", "bridge='br0'", null),
	},
	{
		number: 5,
		name: "several-ways-out",
		runState: 1,
		cards: [
			card(
				"direct",
				"52:54:00:00:05:01",
				"dev='ens3' mode='bridge'",
				"macvtap0",
			),
			"<interface type='user'><mac address='52:54:00:00:05:02'/></interface>",
			"<interface type='bridge'><mac address='52:54:00:00:05:03'/><source bridge='ovsbr0'/><virtualport type='openvswitch'/><target dev='tap-ovs'/></interface>",
			"<interface type='hostdev'><mac address='52:54:00:00:05:04'/><source><address type='pci' domain='0' bus='7' slot='0' function='1'/></source></interface>",
		].join(""),
	},
];

/** The XML file that libvirt's test driver is given. */
export const domains = `<node xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>
${plans
	.map(
		({ number, name, runState, cards }) =>
			`<domain type='test'><name>${name}</name><uuid>${uuid(number)}</uuid><memory>131072</memory><os><type>hvm</type></os><devices><graphics type='vnc' port='5900' passwd='secret'/>${cards}</devices><test:runstate>${runState}</test:runstate></domain>`,
	)
	.join("\n")}
<network><name>default</name><uuid>004b96e1-2d78-c30f-5aa5-f03c87d21e69</uuid><forward mode='nat'/><bridge name='virbr0' stp='on' delay='2'/><ip address='${natNetwork.ip}' netmask='255.255.255.0'><dhcp><range start='${natNetwork.leases[0]}' end='${natNetwork.leases[1]}'/></dhcp></ip></network>
</node>
`;

/** Writes what Proxmox has of two VMs, with a secret and a snapshot. */
export async function writeProxmox(root: string): Promise<void> {
	const files = {
		"etc/pve/qemu-server/101.conf": [
			"agent: 1",
			"cipassword: $5$secret",
			"name: web",
			"net0: virtio=BC:24:11:2A:3B:4C,bridge=br0,firewall=1",
			"scsi0: local-lvm:vm-101-disk-0,size=32G",
			"",
			"[before-upgrade]",
			"net0: virtio=BC:24:11:2A:3B:4C,bridge=br9",
		],
		"etc/pve/qemu-server/102.conf": [
			"name: db",
			"net0: e1000=BC:24:11:00:00:02,bridge=br0,tag=100,link_down=1",
		],
		"run/qemu-server/101.pid": ["4242"],
	};
	for (const [path, lines] of Object.entries(files)) {
		await mkdir(join(root, path, ".."), { recursive: true });
		await writeFile(join(root, path), `${lines.join("\n")}\n`);
	}
}
