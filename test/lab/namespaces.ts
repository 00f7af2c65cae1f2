import { type Command, run } from "./command.js";

/** Adds a network namespace in which IPv6 is off: no router solicitations, no MLD. */
export async function addNamespace(namespace: string): Promise<void> {
	await run(["ip", "netns", "add", namespace]);
	await setSysctls(namespace, {
		"net.ipv6.conf.all.disable_ipv6": 1,
		"net.ipv6.conf.default.disable_ipv6": 1,
	});
}

/** Deletes a network namespace, and with it the interfaces in it. */
export async function deleteNamespace(namespace: string): Promise<void> {
	await run(["ip", "netns", "delete", namespace]);
}

/** The command that runs `command` in a namespace; it keeps its process id. */
export function inNamespace(namespace: string, command: Command): Command {
	return ["ip", "netns", "exec", namespace, ...command];
}

/** Runs lines of iproute2 (`link set lo up`) in a namespace. */
export async function runIp(
	namespace: string,
	lines: readonly string[],
): Promise<void> {
	await run(["ip", "-n", namespace, "-batch", "-"], `${lines.join("\n")}\n`);
}

/** Sets kernel parameters of a namespace. */
export async function setSysctls(
	namespace: string,
	settings: Readonly<Record<string, number>>,
): Promise<void> {
	const pairs = Object.entries(settings).map(
		([key, value]) => `${key}=${value}`,
	);
	await run(
		inNamespace(namespace, ["busybox", "sysctl", "-q", "-w", ...pairs]),
	);
}

/** Loads nftables rules in a namespace. */
export async function loadRules(
	namespace: string,
	rules: readonly string[],
): Promise<void> {
	await run(
		inNamespace(namespace, ["nft", "-f", "-"]),
		`${rules.join("\n")}\n`,
	);
}
