import {
	bridge,
	bridgedNic,
	card,
	domainXml,
	type HostWords,
	link,
	loopback,
	networkNic,
	networkXml,
	portOf,
	tap,
	veth,
} from "./documents.js";

export const vm1Mac = "52:54:00:cd:76:3a";
export const vm2Mac = "52:54:00:1f:0b:92";
export const vm3Mac = "52:54:00:8e:41:d7";

/**
 * The mission's host: `br0` with the host's address, `ens3` and two taps; libvirt's NAT
 * network with STP on; a VM that is off. All is well.
 */
export function missionHost(): HostWords {
	return {
		links: [
			loopback(),
			card("ens3", "br0"),
			bridge("br0"),
			bridge(
				"virbr0",
				{ address: "52:54:00:f3:6a:05" },
				{
					stp_state: 1,
					forward_delay: 200,
				},
			),
			tap("vnet0", vm1Mac, "br0"),
			tap("vnet1", vm2Mac, "br0"),
			tap("vnet2", vm3Mac, "virbr0"),
		],
		addresses: {
			lo: "127.0.0.1/8",
			br0: "192.168.100.2/24",
			virbr0: "192.168.122.1/24",
		},
		route: ["192.168.100.1", "br0"],
		neighbours: [
			{
				dst: "192.168.100.1",
				dev: "br0",
				lladdr: "00:0d:b9:4a:1c:20",
				used: 3,
				confirmed: 2,
				updated: 2,
				state: ["REACHABLE"],
			},
			{
				dst: "192.168.100.57",
				dev: "br0",
				lladdr: vm1Mac,
				confirmed: 35,
				state: ["STALE"],
			},
			{ dst: "192.168.100.9", dev: "br0", state: ["FAILED"] },
		],
		domains: [
			["running", domainXml("VM1", bridgedNic(vm1Mac, "br0", "vnet0"))],
			["running", domainXml("VM2", bridgedNic(vm2Mac, "br0", "vnet1"))],
			[
				"running",
				domainXml("VM3", networkNic(vm3Mac, "default", "virbr0", "vnet2")),
			],
			[
				"shut off",
				domainXml("VM4", bridgedNic("52:54:00:44:44:44", "br0"), false),
			],
		],
		networks: [
			{
				name: "default",
				isActive: true,
				xml: networkXml,
				leases: ` 2026-11-22 17:34:05   ${vm3Mac}   ipv4       192.168.122.148/24   VM3        01:${vm3Mac}`,
			},
		],
		statements: [
			["host-system", "/proc/sys/kernel/hostname", "kvm1"],
			["host-system", "/proc/sys/kernel/osrelease", "6.1.0-18-amd64"],
			["host-system", "systemd-detect-virt", "none\n"],
			["host-sysctls", "/proc/sys", { "net/ipv4/ip_forward": "1" }],
			[
				"host-services",
				"ss -H -l -u -n -p sport = :67",
				'UNCONN 0 0 0.0.0.0%virbr0:67 0.0.0.0:* users:(("dnsmasq",pid=811,fd=4))\n',
			],
		],
	};
}

/** Proxmox with its firewall on: a bridge and a cable of its own for each NIC. */
export function proxmoxHost(): HostWords {
	return {
		links: [
			loopback(),
			card("eno1", "vmbr0"),
			bridge("vmbr0"),
			tap("tap100i0", "bc:24:11:2e:f0:01", "fwbr100i0", {
				address: "4e:01:02:03:04:05",
			}),
			bridge("fwbr100i0", { address: "7a:01:02:03:04:05" }),
			veth("fwpr100p0", "fwln100i0", "vmbr0"),
			veth("fwln100i0", "fwpr100p0", "fwbr100i0"),
		],
		addresses: { vmbr0: "10.0.0.2/24" },
		route: ["10.0.0.1", "vmbr0"],
		statements: [
			[
				"host-domains",
				"/etc/pve/qemu-server/100.conf",
				"name: web\nnet0: virtio=BC:24:11:2E:F0:01,bridge=vmbr0,firewall=1",
			],
			[
				"host-domains",
				"/etc/pve/qemu-server/101.conf",
				"name: db\nnet0: virtio=BC:24:11:2E:F0:02,bridge=vmbr0,link_down=1\nnet1: e1000=BC:24:11:2E:F0:03",
			],
			[
				"host-domains",
				"/etc/pve/qemu-server/900.conf",
				"name: base\ntemplate: 1\nnet0: virtio=BC:24:11:2E:F0:09,bridge=vmbr0",
			],
			["host-domains", "/run/qemu-server", ["100"]],
		],
	};
}

/** OpenStack with security groups by iptables: a bridge and a cable into Open vSwitch. */
export function openstackHost(): HostWords {
	const ovs = { info_kind: "veth", info_slave_kind: "openvswitch" };
	return {
		links: [
			loopback(),
			link("eth0"),
			link("ovs-system", { linkinfo: { info_kind: "openvswitch" } }),
			bridge("qbr1f2e3d4c-5b"),
			tap("tap1f2e3d4c-5b", vm1Mac, "qbr1f2e3d4c-5b"),
			veth("qvb1f2e3d4c-5b", "qvo1f2e3d4c-5b", "qbr1f2e3d4c-5b"),
			link("qvo1f2e3d4c-5b", {
				link: "qvb1f2e3d4c-5b",
				master: "ovs-system",
				linkinfo: ovs,
			}),
			tap("tap9a8b7c6d-5e", vm2Mac, null, {
				master: "ovs-system",
				linkinfo: {
					info_kind: "tun",
					info_data: { type: "tap" },
					info_slave_kind: "openvswitch",
				},
			}),
		],
		addresses: { eth0: "10.0.0.2/24" },
		route: ["10.0.0.1", "eth0"],
		domains: [
			[
				"running",
				domainXml(
					"instance-00000001",
					bridgedNic(vm1Mac, "qbr1f2e3d4c-5b", "tap1f2e3d4c-5b"),
				),
			],
			[
				"running",
				domainXml(
					"instance-00000002",
					bridgedNic(vm2Mac, "br-int", "tap9a8b7c6d-5e"),
				),
			],
		],
	};
}

/** A bridge upon a VLAN device upon a bond of two cards; `mode` decides which is active. */
export function bondedHost(second: "ACTIVE" | "BACKUP"): HostWords {
	const slave = (state: string) => ({
		info_slave_kind: "bond",
		info_slave_data: { state, mii_status: "UP" },
	});
	return {
		links: [
			loopback(),
			link("eno1", { master: "bond0", linkinfo: slave("ACTIVE") }),
			link("eno2", { master: "bond0", linkinfo: slave(second) }),
			link("bond0", { linkinfo: { info_kind: "bond" } }),
			link("bond0.100", {
				link: "bond0",
				master: "br0",
				linkinfo: portOf({
					info_kind: "vlan",
					info_data: { protocol: "802.1Q", id: 100 },
				}),
			}),
			bridge("br0"),
			tap("vnet0", vm1Mac, "br0"),
		],
		addresses: { br0: "10.0.100.2/24" },
		route: ["10.0.100.1", "br0"],
		domains: [
			["running", domainXml("VM1", bridgedNic(vm1Mac, "br0", "vnet0"))],
		],
	};
}

/** VMs without a tap in a bridge: macvtap, a card given away, passt, vhost-user. */
export function unbridgedHost(): HostWords {
	const nic = (type: string, mac: string, inside: string) =>
		`<interface type='${type}'><mac address='${mac}'/>${inside}</interface>`;
	return {
		links: [
			loopback(),
			link("ens3"),
			link("macvtap0", { link: "ens3", linkinfo: { info_kind: "macvtap" } }),
		],
		addresses: { ens3: "192.168.100.2/24" },
		route: ["192.168.100.1", "ens3"],
		domains: [
			[
				"running",
				domainXml(
					"direct",
					nic(
						"direct",
						"52:54:00:00:00:01",
						"<source dev='ens3' mode='bridge'/><target dev='macvtap0'/>",
					),
				),
			],
			[
				"running",
				domainXml(
					"given",
					nic(
						"hostdev",
						"52:54:00:00:00:02",
						"<source><address type='pci' domain='0x0000' bus='0x03' slot='0x10' function='0x1'/></source>",
					),
				),
			],
			[
				"running",
				domainXml(
					"session",
					nic("user", "52:54:00:00:00:03", "<backend type='passt'/>"),
				),
			],
			[
				"running",
				domainXml(
					"dpdk",
					nic(
						"vhostuser",
						"52:54:00:00:00:04",
						"<source type='unix' path='/run/vhu0' mode='server'/>",
					),
				),
			],
		],
	};
}
