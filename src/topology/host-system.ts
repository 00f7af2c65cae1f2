import { makeSafe, type SafeText } from "../model/safe-text.js";
import type { HostSystem } from "../model/topology.js";
import { readObjects, readText } from "./raw-json.js";
import type { Statements } from "./statements.js";

/** What the host is, from `host-system`. */
export function readHostSystem(statements: Statements): HostSystem {
	const first = (source: RegExp) =>
		statements
			.read("host-system", source, (output) =>
				typeof output === "string" ? output.trim() : "",
			)
			.filter((text) => text !== "")
			.map((text) => makeSafe(text))[0] ?? null;
	return {
		name: first(/\/kernel\/hostname$/),
		kernel: first(/\/kernel\/osrelease$/),
		virtualization: first(/^systemd-detect-virt$/),
	};
}

/** Cards that are Wi-Fi, from `/sys/class/net/…/phy80211`. */
export function readWirelessCards(statements: Statements): SafeText[] {
	return statements
		.read("host-system", /^\/sys\/class\/net\//, (output) =>
			readObjects(output),
		)
		.flat()
		.filter(({ isWireless }) => isWireless === true)
		.flatMap((card) => readText(card, "name") ?? []);
}

/** A kernel parameter of `/proc/sys`, by its path below it; null: not told. */
export function readSysctl(
	statements: Statements,
	path: string,
): string | null {
	const values = statements.read("host-sysctls", /^\/proc\/sys$/, (output) =>
		readObjects([output]),
	);
	const value = values.flat().map((raw) => raw[path])[0];
	return typeof value === "string" ? value : null;
}
