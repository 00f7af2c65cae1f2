import type { GuestImage } from "./guest-image.js";
import { agentChannel } from "./guest-init.js";
import type { GuestPlan } from "./plan.js";

/** Files of a guest outside of its image. */
export interface GuestFiles {
	/** What its kernel and its init print. */
	readonly console: string;
	/** The unix socket behind its second serial port, which takes commands. */
	readonly shell: string;
}

/** One CPU, no disk, no display: a kernel, an initramfs, a card, two serial ports. */
export function describeDomain(
	plan: GuestPlan,
	image: GuestImage,
	files: GuestFiles,
): string {
	return `<domain type='qemu'>
	<name>${plan.name}</name>
	<uuid>${plan.uuid}</uuid>
	<memory unit='MiB'>128</memory>
	<vcpu>1</vcpu>
	<os>
		<type arch='x86_64' machine='q35'>hvm</type>
		<kernel>${image.kernel}</kernel>
		<initrd>${image.initramfs}</initrd>
		<cmdline>console=ttyS0 quiet panic=-1 ipv6.disable=1 hostname=${plan.name}</cmdline>
	</os>
	<features><acpi/></features>
	<devices>
		<controller type='usb' model='none'/>
		<controller type='pci' model='pcie-root'/>
		<controller type='pci' model='pcie-root-port'/>
		<controller type='pci' model='pcie-root-port'/>
		<controller type='pci' model='pcie-root-port'/>
		<controller type='pci' model='pcie-root-port'/>
		${describeNic(plan)}
		<serial type='file'><source path='${files.console}'/><target port='0'/></serial>
		<serial type='unix'><source mode='bind' path='${files.shell}'/><target port='1'/></serial>
		${plan.hasAgent ? agent : ""}
		<video><model type='none'/></video>
		<memballoon model='none'/>
	</devices>
</domain>
`;
}

const agent = `<channel type='unix'><target type='virtio' name='${agentChannel}'/></channel>`;

/** The card of a guest, also as `virsh attach-device` and `detach-device` take it. */
export function describeNic({ mac, source }: GuestPlan): string {
	return `<interface type='${source.kind}'>
	<mac address='${mac}'/>
	<source ${source.kind}='${source.name}'/>
	<model type='virtio'/>
	<driver name='qemu'/>
	<rom enabled='no'/>
</interface>`;
}

/** libvirt's NAT network as it comes with libvirt. */
export function describeDefaultNetwork(): string {
	return `<network>
	<name>default</name>
	<uuid>6a1e1f0c-5f0b-4c1d-9d35-3b5c2f6d7aff</uuid>
	<forward mode='nat'/>
	<bridge name='virbr0' stp='on' delay='0'/>
	<mac address='52:54:00:f3:6a:05'/>
	<ip address='192.168.122.1' netmask='255.255.255.0'>
		<dhcp><range start='192.168.122.2' end='192.168.122.254'/></dhcp>
	</ip>
</network>
`;
}
