import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Teardown, withTeardown } from "../lab/teardown.js";
import { describeDefaultNetwork, describeDomain } from "./domain-xml.js";
import { createGuest, type Guest } from "./guest.js";
import { buildGuestImage } from "./guest-image.js";
import { buildLan, type LanNamespaces } from "./lan.js";
import { type LibvirtDaemon, startLibvirtDaemon } from "./libvirt-daemon.js";
import { type GuestName, guestPlans } from "./plan.js";

/** A KVM host with a libvirtd of its own and three guests, which are defined and off. */
export interface LibvirtHost extends LibvirtDaemon {
	readonly guests: Readonly<Record<GuestName, Guest>>;
	readonly namespaces: LanNamespaces;
	/** For everything the test writes; deleted with it. */
	readonly directory: string;
	readonly teardown: Teardown;
}

let hosts = 0;

/** Builds a host, calls `use` with it, and leaves no process, namespace or mount behind. */
export async function withLibvirtHost<T>(
	use: (host: LibvirtHost) => Promise<T>,
): Promise<T> {
	return withTeardown(async (teardown) => {
		const directory = await mkdtemp(join(tmpdir(), "vmpath-libvirt-"));
		teardown.add(() => rm(directory, { recursive: true, force: true }));
		hosts += 1;
		const name = (machine: string) =>
			`vmpath-${process.pid}-libvirt${hosts}-${machine}`;
		const namespaces = {
			kvmhost: name("kvmhost"),
			router: name("router"),
			internet: name("internet"),
		};
		await buildLan(namespaces, directory, teardown);
		const daemon = await startLibvirtDaemon(
			namespaces.kvmhost,
			directory,
			teardown,
		);
		await startDefaultNetwork(daemon, directory);
		const guests = await defineGuests(daemon, directory, teardown);
		return use({ ...daemon, guests, namespaces, directory, teardown });
	});
}

async function startDefaultNetwork(
	{ virsh }: LibvirtDaemon,
	directory: string,
): Promise<void> {
	const file = join(directory, "default.xml");
	await writeFile(file, describeDefaultNetwork());
	await virsh("net-define", file);
	await virsh("net-start", "default");
}

async function defineGuests(
	daemon: LibvirtDaemon,
	directory: string,
	teardown: Teardown,
): Promise<LibvirtHost["guests"]> {
	const image = await buildGuestImage(directory);
	const define = async (name: GuestName) => {
		const plan = guestPlans[name];
		const files = {
			console: join(directory, `${name}.console`),
			shell: join(directory, `${name}.shell`),
		};
		const xml = join(directory, `${name}.xml`);
		await writeFile(xml, describeDomain(plan, image, files));
		await daemon.virsh("define", xml);
		const guest = createGuest(daemon, plan, directory);
		teardown.add(async () => guest.disconnect());
		return guest;
	};
	return {
		VM1: await define("VM1"),
		VM2: await define("VM2"),
		VM3: await define("VM3"),
	};
}
