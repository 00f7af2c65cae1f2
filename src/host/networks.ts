import type { HostStatement, Json } from "../model/host-document.js";
import { askVirsh } from "./ask-virsh.js";
import type { HostOptions } from "./host-options.js";
import { parseUuids, virshCommand } from "./virsh.js";

const networkLimit = 500;
const textLimit = 256 << 10;

/**
 * Reads libvirt's own networks and the leases that their DHCP servers gave.
 *
 * `virsh -r net-dumpxml`: `[{"name": "default", "isActive": true, "xml": "<network>…",
 * "leases": "…", "readAt": 1795368245}]`. `leases` is the table of `virsh
 * net-dhcp-leases` without its head, with times in UTC; "" where there are none, or the
 * driver knows of none. `readAt`: when it was asked, in seconds since the epoch.
 */
export async function readNetworks(
	options: HostOptions,
): Promise<HostStatement[]> {
	const source = `${virshCommand(options).join(" ")} net-dumpxml`;
	const lists = await askVirsh(
		["net-list", "net-list --inactive"].flatMap((list) => [
			`${list} --uuid`,
			`${list} --name`,
		]),
		options,
	);
	if (lists.gap) {
		// That virsh is not there, or reaches nobody, `host-domains` says.
		return [];
	}
	const [active = "", activeNames = "", inactive = "", inactiveNames = ""] =
		lists.answers;
	const networks = [
		...pair(active, activeNames, true),
		...pair(inactive, inactiveNames, false),
	].slice(0, networkLimit);
	if (networks.length === 0) {
		return [{ source, output: [], gap: null }];
	}
	const readAt = Math.floor(Date.now() / 1000);
	const { answers, gap } = await askVirsh(
		networks.flatMap(({ reference }) => [
			`net-dumpxml ${reference}`,
			`net-dhcp-leases ${reference}`,
		]),
		options,
	);
	const output = networks.map(({ name, isActive }, index): Json => {
		const [xml = "", leases = ""] = answers?.slice(index * 2) ?? [];
		return { name, isActive, xml: trim(xml), leases: trim(leases), readAt };
	});
	return [{ source, output: gap ? null : output, gap }];
}

interface Network {
	readonly name: string;
	/** How virsh is told which one is meant. */
	readonly reference: string;
	readonly isActive: boolean;
}

/** Both lists come in the same order. */
function pair(uuids: string, names: string, isActive: boolean): Network[] {
	const lines = names.split("\n").filter((line) => line.trim() !== "");
	const found = parseUuids(uuids);
	return found.map((uuid, index) => {
		const name = found.length === lines.length ? (lines[index] ?? "") : "";
		// The test driver makes up uuids anew each time; any other name may hold anything.
		const reference = /^[A-Za-z_][\w.-]*$/.test(name) ? name : uuid;
		return { name: name.trim(), reference, isActive };
	});
}

function trim(text: string): string {
	return text.trim().slice(0, textLimit);
}
