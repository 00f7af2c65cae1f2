import { readdir, readlink } from "node:fs/promises";
import { basename } from "node:path";
import type { HostStatement, Json } from "../model/host-document.js";
import { stateText } from "./command.js";
import { stateFile } from "./file.js";
import { type HostOptions, locate } from "./host-options.js";
import { mapInTurn } from "./in-turn.js";

/**
 * Reads what the host is: its name, kernel and distribution, whether it is a VM or a
 * container itself (`none`: neither), and which network cards it has.
 */
export async function readSystem(
	options: HostOptions,
): Promise<HostStatement[]> {
	const files = [
		"/proc/sys/kernel/hostname",
		"/proc/sys/kernel/osrelease",
		"/etc/os-release",
	];
	return Promise.all([
		...files.map((path) => stateFile(path, options)),
		// It exits with 1 where it prints `none`.
		stateText(["systemd-detect-virt"], options, { exitCodes: [1] }),
		readVirshVersion(options),
		readCards(options),
	]);
}

/** That virsh is not there, `host-domains` says, where it is missed. */
async function readVirshVersion(options: HostOptions): Promise<HostStatement> {
	const statement = await stateText(["virsh", "--version"], options);
	return { ...statement, gap: null };
}

const netClass = "/sys/class/net";

/**
 * Cards that have a device behind them, physical or virtio: `[{"name": "ens3",
 * "driver": "virtio_net", "isWireless": false}]`. Bridges, taps and veths have none.
 */
async function readCards(options: HostOptions): Promise<HostStatement> {
	const names = await listDirectory(netClass, options);
	const cards = await mapInTurn(names.sort(), 8, async (name) => {
		const inside = await listDirectory(`${netClass}/${name}`, options);
		if (!inside.includes("device")) {
			return null;
		}
		const driver = `${netClass}/${name}/device/driver`;
		return {
			name,
			driver: await nameOfLink(driver, options),
			isWireless: inside.includes("phy80211"),
		};
	});
	const output: Json = cards.filter((card) => card !== null);
	return { source: `${netClass}/*/device`, output, gap: null };
}

async function listDirectory(
	path: string,
	options: HostOptions,
): Promise<string[]> {
	return readdir(locate(path, options)).catch(() => []);
}

async function nameOfLink(
	path: string,
	options: HostOptions,
): Promise<string | null> {
	return readlink(locate(path, options)).then(basename, () => null);
}
