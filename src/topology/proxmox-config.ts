import { parseMac } from "../model/address.js";
import { makeSafe } from "../model/safe-text.js";
import type { Domain, Nic } from "../model/topology.js";

/**
 * Reads a VM of Proxmox from the lines of `/etc/pve/qemu-server/100.conf`:
 * `net0: virtio=BC:24:11:2E:F0:01,bridge=vmbr0,firewall=1`. Null for a template.
 *
 * Its taps are called `tap100i0`, and so on, while it runs.
 */
export function parseProxmoxConfig(
	text: string,
	id: string,
	isRunning: boolean,
): Domain | null {
	const [current = ""] = text.split(/^\[/m);
	const lines = current.split(/\r?\n/).flatMap((line) => {
		const match = /^(\w+):\s*(.*)$/.exec(line);
		return match === null ? [] : [[match[1] ?? "", match[2] ?? ""] as const];
	});
	const options = new Map(lines);
	if (options.get("template")?.trim() === "1") {
		return null;
	}
	const nics = lines.flatMap(([key, value]) => {
		const index = /^net(\d{1,2})$/.exec(key)?.[1];
		return index === undefined
			? []
			: [parseNic(value, isRunning ? `tap${id}i${index}` : null)];
	});
	return {
		name: makeSafe(options.get("name")?.trim() || `VM ${id}`),
		uuid: null,
		state: makeSafe(isRunning ? "running" : "stopped"),
		isRunning,
		source: makeSafe("proxmox"),
		nics,
	};
}

/** Without a bridge, Proxmox gives the VM QEMU's user-mode network. */
function parseNic(value: string, tap: string | null): Nic {
	const options = new Map(
		value.split(",").map((part) => {
			const at = part.indexOf("=");
			return [part.slice(0, at), part.slice(at + 1)] as const;
		}),
	);
	const bridge = options.get("bridge");
	const [[model, mac] = ["", ""]] = options;
	return {
		mac: parseMac(options.get("macaddr") ?? mac),
		tap: tap === null || bridge === undefined ? null : makeSafe(tap),
		kind: bridge === undefined ? "user" : "bridge",
		network: bridge === undefined ? null : makeSafe(bridge),
		bridge: bridge === undefined ? null : makeSafe(bridge),
		model: model === "" ? null : makeSafe(options.get("model") ?? model),
		link: options.get("link_down") === "1" ? makeSafe("down") : null,
		filter: null,
	};
}
