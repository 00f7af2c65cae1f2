import type { HostStatement } from "../model/host-document.js";
import type { HostOptions } from "./host-options.js";
import { findProcesses, processToJson } from "./processes.js";

/** `qemu-system-x86_64` is cut to 15 bytes; Proxmox's is `kvm`, Red Hat's `qemu-kvm`. */
const qemu = /^(qemu-system-.*|qemu-kvm|kvm)$/;

/** Options of QEMU whose values say which VM it is and how it is plugged in. */
const kept = /^--?(name|uuid|netdev|nic|net)$/;
const cards = /^(virtio-net|e1000|rtl8139|vmxnet|ne2k|igb|pcnet|vfio)/;

/**
 * Finds processes of QEMU: VMs of other users' sessions, and those that libvirt does not
 * know of. `args` are cut to what concerns the network.
 */
export async function readQemuProcesses(
	options: HostOptions,
): Promise<HostStatement> {
	const processes = await findProcesses((name) => qemu.test(name), options);
	const output = processes.map((process) =>
		processToJson({ ...process, args: keepArgs(process.args) }),
	);
	return { source: "/proc/*/cmdline", output, gap: null };
}

function keepArgs(args: readonly string[]): string[] {
	return args.flatMap((arg, index) => {
		const value = args[index + 1] ?? "";
		const isCard =
			/^--?device$/.test(arg) &&
			(cards.test(value) || value.includes('"netdev"'));
		return kept.test(arg) || isCard ? [arg, value] : [];
	});
}
