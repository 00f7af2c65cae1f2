import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { startChild } from "../lab/child.js";
import { run, tryRun } from "../lab/command.js";
import { waitFor } from "../lab/wait.js";
import { describeDefaultNetwork, describeNic } from "./domain-xml.js";
import { daemonConfiguration } from "./libvirt-daemon.js";
import { type GuestPlan, guestPlans } from "./plan.js";

/**
 * Starts libvirtd with its NAT network and three domains: VM1 runs on br0, VM2 is shut
 * off and has a second card at the bond, VM3 is paused on the network, where its card's
 * address has a lease. Nobody is in them: they have nothing to boot.
 */
export async function startVersionLibvirt(): Promise<void> {
	for (const file of ["qemu.conf", "libvirtd.conf"] as const) {
		const text = `${daemonConfiguration[file].join("\n")}\n`;
		await writeFile(`/etc/libvirt/${file}`, text);
	}
	await chooseNftables();
	startChild(["libvirtd"]);
	await waitFor("libvirtd to answer", answerMs, async () => {
		const { exitCode } = await tryRun(["virsh", "list"]);
		return exitCode === 0 ? true : undefined;
	});
	await tryRun(["virsh", "net-undefine", "default"]);
	await virshOn("net-define", describeDefaultNetwork());
	await run(["virsh", "net-start", "default"]);
	const { VM1, VM2, VM3 } = guestPlans;
	await takeLease(VM3);
	await virshOn("define", describeDomain(VM1));
	await virshOn("define", describeDomain(VM2, cardAtBond));
	await virshOn("define", describeDomain(VM3));
	for (const { name } of [VM1, VM3]) {
		await run(["virsh", "start", name, "--paused"], "", { timeout: answerMs });
	}
}

/**
 * Has VM1 run, as libvirt sees it. Its firmware looks for something to boot, and would
 * leave others little time for anything: its process is stopped.
 */
export async function resumeVersionGuest(): Promise<void> {
	const { name } = guestPlans.VM1;
	await run(["virsh", "resume", name], "", { timeout: answerMs });
	const pid = await readFile(`/run/libvirt/qemu/${name}.pid`, "utf8");
	await run(["kill", "-STOP", pid.trim()]);
}

/** As libvirt itself does since 10.4, where its packager has not chosen otherwise. */
async function chooseNftables(): Promise<void> {
	const file = "/etc/libvirt/network.conf";
	if (existsSync(file)) {
		await writeFile(file, 'firewall_backend = "nftables"\n');
	}
}

const answerMs = 120_000;

async function virshOn(command: string, xml: string): Promise<void> {
	const file = `/tmp/${command}.xml`;
	await writeFile(file, xml);
	await run(["virsh", command, file], "", { timeout: answerMs });
}

const cardAtBond = `<interface type='direct'>
	<mac address='52:54:00:00:02:02'/>
	<source dev='bond0' mode='bridge'/>
	<model type='virtio'/>
</interface>`;

function describeDomain(plan: GuestPlan, more = ""): string {
	return `<domain type='qemu'>
	<name>${plan.name}</name>
	<uuid>${plan.uuid}</uuid>
	<memory unit='MiB'>32</memory>
	<vcpu>1</vcpu>
	<os><type arch='x86_64' machine='q35'>hvm</type></os>
	<devices>
		<controller type='usb' model='none'/>
		${describeNic(plan)}
		${more}
		<video><model type='none'/></video>
		<memballoon model='none'/>
	</devices>
</domain>
`;
}

/** A machine with the card's address is there for a moment, and asks libvirt's server. */
async function takeLease({ mac }: GuestPlan): Promise<void> {
	const inside = ["ip", "netns", "exec", "client"] as const;
	await run(["ip", "netns", "add", "client"]);
	const cable = `link add cable0 type veth peer name eth0 address ${mac} netns client
link set cable0 master virbr0 up
`;
	await run(["ip", "-batch", "-"], cable);
	await run([...inside, "ip", "link", "set", "eth0", "up"]);
	await run([
		...inside,
		...["busybox", "udhcpc", "-i", "eth0", "-f", "-q", "-n"],
		...["-t", "20", "-T", "1", "-s", "/bin/true", "-x", "hostname:VM3"],
	]);
	await run(["ip", "netns", "delete", "client"]);
}
