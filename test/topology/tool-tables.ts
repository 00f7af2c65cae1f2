/** Name and state of each domain, of `virsh list --all`. */
export function readStates(table: string): (readonly [string, string])[] {
	return [...table.matchAll(/^ *(?:\d+|-) +(\S+) +(\S.*?)\s*$/gm)].map(
		([, name = "", state = ""]) => [name, state],
	);
}

/** Tap, type, source, model and MAC address of `virsh domiflist`. */
export function readCards(table: string): string[] {
	return table
		.split("\n")
		.slice(2)
		.filter((line) => line.trim() !== "")
		.map((line) => line.trim().split(/\s+/).join(" "));
}

/** Ports by bridge, of `brctl show`. */
export function readBridges(table: string): Map<string, string[]> {
	const bridges = new Map<string, string[]>();
	let last: string[] = [];
	for (const line of table.split("\n").slice(1)) {
		const cells = line.split(/\t+/);
		if (cells[0]) {
			last = [];
			bridges.set(cells[0], last);
		}
		const port = cells[0] ? cells[3] : cells[1];
		last.push(...(port ? [port] : []));
	}
	return bridges;
}
