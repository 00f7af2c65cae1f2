import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { waitFor } from "../lab/wait.js";
import { describeNic } from "./domain-xml.js";
import { type GuestShell, openGuestShell } from "./guest-shell.js";
import type { LibvirtDaemon } from "./libvirt-daemon.js";
import type { GuestPlan } from "./plan.js";

/** A guest, as its administrator on the host and its user inside have it. */
export interface Guest {
	readonly plan: GuestPlan;
	/** Has libvirt start it, and waits until it says that it is up. Its card has no address yet. */
	boot(): Promise<void>;
	/** Runs a line of shell in it and returns what it printed. */
	run(line: string): Promise<string>;
	/** Asks for a lease and returns the address. */
	lease(): Promise<string>;
	/** Sends so many pings, a fifth of a second apart; returns how many were answered. */
	ping(address: string, count: number): Promise<number>;
	/** Powers it off from inside, and waits until libvirt knows. */
	powerOff(): Promise<void>;
	/** `virsh destroy`: pulls the plug. */
	destroy(): Promise<void>;
	pause(): Promise<void>;
	resume(): Promise<void>;
	/** Takes its card away while it runs, and waits until the tap is gone. */
	detachNic(): Promise<void>;
	/** Gives the card back, and waits until the guest has brought it up. */
	attachNic(): Promise<void>;
	/** The host's end of its card, from `virsh domiflist`; null: it has none now. */
	tap(): Promise<string | null>;
	/** From `virsh domstate`: `running`, `paused`, `shut off`. */
	state(): Promise<string>;
	/** Lets go of its shell. */
	disconnect(): void;
}

const changeMs = 20_000;

/** The guest of a domain that is defined. */
export function createGuest(
	{ virsh }: LibvirtDaemon,
	plan: GuestPlan,
	directory: string,
): Guest {
	const { name, mac } = plan;
	const nicFile = join(directory, `${name}.nic.xml`);
	let shell: GuestShell | null = null;

	const state = async () => (await virsh("domstate", name)).trim();
	const tap = async () => {
		const rows = (await virsh("domiflist", name)).split("\n");
		const row = rows.find((line) => line.includes(mac));
		const [first = "-"] = row?.trim().split(/\s+/) ?? [];
		return first === "-" ? null : first;
	};
	const run = async (line: string) => {
		if (!shell) {
			throw new Error(`${name} is not up`);
		}
		return shell.run(line);
	};
	const disconnect = () => {
		shell?.close();
		shell = null;
	};
	const untilTap = (what: string, isThere: boolean) =>
		waitFor(`${name} to ${what}`, changeMs, async () =>
			((await tap()) !== null) === isThere ? true : undefined,
		);

	return {
		plan,
		run,
		tap,
		state,
		disconnect,
		boot: async () => {
			disconnect();
			await virsh("start", name);
			shell = await openGuestShell(join(directory, `${name}.shell`));
		},
		lease: async () => {
			const text = await run(
				"udhcpc -i eth0 -f -q -n -t 5 -T 2 -s /lease -x hostname:$(hostname)",
			);
			const address = /^lease (\S+)$/m.exec(text)?.[1];
			if (!address) {
				throw new Error(`${name} got no lease: ${text}`);
			}
			return address;
		},
		ping: async (address, count) => {
			const text = await run(`ping -c ${count} -i 0.2 -W 2 ${address} || true`);
			return Number(/(\d+) packets received/.exec(text)?.[1] ?? 0);
		},
		powerOff: async () => {
			shell?.tell("poweroff -f");
			await waitFor(`${name} to be off`, changeMs, async () =>
				(await state()) === "shut off" ? true : undefined,
			);
			disconnect();
		},
		destroy: async () => {
			await virsh("destroy", name);
			disconnect();
		},
		pause: async () => {
			await virsh("suspend", name);
		},
		resume: async () => {
			await virsh("resume", name);
		},
		detachNic: async () => {
			await writeFile(nicFile, describeNic(plan));
			await virsh("detach-device", name, nicFile, "--live");
			await untilTap("lose its card", false);
		},
		attachNic: async () => {
			await writeFile(nicFile, describeNic(plan));
			await virsh("attach-device", name, nicFile, "--live");
			await untilTap("have its card", true);
			await waitFor(`${name} to see its card`, changeMs, async () =>
				(await run("ls /sys/class/net")).includes("eth0") ? true : undefined,
			);
			await run("ip link set eth0 up");
		},
	};
}
