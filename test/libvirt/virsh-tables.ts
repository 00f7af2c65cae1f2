/** A row of `virsh domiflist`; `-` stands for none. */
export interface DomainInterface {
	readonly tap: string | null;
	readonly kind: string;
	readonly source: string | null;
	readonly model: string | null;
	readonly mac: string;
}

/** Reads `virsh domiflist`: a head, a rule of dashes, then a row a card. */
export function readDomainInterfaces(text: string): DomainInterface[] {
	return readRows(text).map(
		([tap = "", kind = "", source = "", model = "", mac = ""]) => ({
			tap: tap === "-" ? null : tap,
			kind,
			source: source === "-" ? null : source,
			model: model === "-" ? null : model,
			mac,
		}),
	);
}

/** A lease of a network of libvirt. */
export interface NetworkLease {
	readonly mac: string;
	readonly address: string;
}

/** Reads `virsh net-dhcp-leases`, whose first column is a date and a time. */
export function readNetworkLeases(text: string): NetworkLease[] {
	return readRows(text).map(([, , mac = "", , address = ""]) => ({
		mac,
		address: address.replace(/\/\d+$/, ""),
	}));
}

/** Reads `brctl show`: the ports of each bridge, the first beside it, others below. */
export function readBridges(text: string): Map<string, string[]> {
	const bridges = new Map<string, string[]>();
	let ports: string[] = [];
	for (const line of text.split("\n").slice(1)) {
		const words = line.split(/\s+/).filter(Boolean);
		if (/^\S/.test(line)) {
			const [name = "", , , port] = words;
			ports = port === undefined ? [] : [port];
			bridges.set(name, ports);
		} else {
			ports.push(...words);
		}
	}
	return bridges;
}

function readRows(text: string): string[][] {
	const lines = text.split("\n");
	const rule = lines.findIndex((line) => /^-+$/.test(line));
	return lines
		.slice(rule + 1)
		.filter((line) => line.trim() !== "")
		.map((line) => line.trim().split(/\s+/));
}
