import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { Lab } from "./lab.js";
import { startOnHost } from "./live-program.js";
import { type VmName, vms } from "./plan.js";

/**
 * Starts what looks like the QEMU of a VM on the host, by its name and arguments: the
 * host then tells of a VM with that card and tap. It only waits for its end.
 */
export async function startQemu(lab: Lab, vm: VmName): Promise<void> {
	const program = join(lab.directory, vm, "qemu-system-x86_64");
	const { mac, tap } = vms[vm];
	await makeProgram(lab, vm, program);
	startOnHost(lab, [
		program,
		...["-c", "kill -STOP $$"],
		...["-name", `guest=${nameOf(vm)}`],
		...["-netdev", `tap,id=net0,ifname=${tap},script=no`],
		...["-device", `virtio-net-pci,netdev=net0,mac=${mac}`],
	]);
}

/** What the VM is called: `VM1`. */
export function nameOf(vm: VmName): string {
	return vm.toUpperCase();
}

/** A shell by another name. */
async function makeProgram(
	lab: Lab,
	vm: VmName,
	program: string,
): Promise<void> {
	await mkdir(join(lab.directory, vm));
	await symlink("/bin/sh", program);
}
