import type { SafeText } from "../model/safe-text.js";
import { shellWord } from "../topology/safe-template.js";
import type { LogState } from "./evidence.js";
import type { Subject } from "./subject.js";

/** Findings of the host that are told. */
const findingLimit = 4;

/** How to make a VM ask for a lease; one line each. */
export function adviseHandshake(subject: Subject): string[] {
	return (
		adviseStart(subject) ?? [
			"let the guest ask again: `dhclient -r; dhclient`, `networkctl renew IF`, `nmcli connection up NAME` or, in Windows, `ipconfig /renew`",
			...replug(subject),
		]
	);
}

/** How to make a VM talk to its gateway; one line each. */
export function adviseTraffic(
	subject: Subject,
	targets: readonly string[],
): string[] {
	const pings = targets.map((target) => `\`ping -c 3 ${target}\``);
	return (
		adviseStart(subject) ?? [
			pings.length === 0
				? "let the guest ping its gateway (`ip route` in it says which), and name that with --gateway"
				: `let the guest ask: ${pings.join(", ")}`,
		]
	);
}

/** What the host itself says is wrong with the VM's cards and their ports. */
export function adviseFindings(
	{ domain, cards }: Subject,
	{ topology }: LogState,
): string[] {
	const names = [domain?.name, ...cards.map(({ tap }) => tap)];
	const findings = (topology?.findings ?? []).filter(
		({ isProblem, concerns }) =>
			isProblem && concerns.some((name) => names.includes(name)),
	);
	return findings
		.slice(0, findingLimit)
		.map(({ message, fix }) =>
			fix === null ? message : `${message}: \`${fix}\``,
		);
}

/** A VM that is off, or has its cable out, must be mended first; null: it is on. */
function adviseStart({ domain }: Subject): string[] | null {
	if (domain === null || domain.source !== "libvirt") {
		return domain === null || domain.isRunning
			? null
			: [`it is ${domain.state}: start it`];
	}
	const name = shellWord(domain.name);
	if (!domain.isRunning) {
		return [`it is ${domain.state}: \`virsh start ${name}\``];
	}
	if (`${domain.state}` === "paused") {
		return [`it is paused: \`virsh resume ${name}\``];
	}
	const unplugged = domain.nics.find(({ link }) => `${link}` === "down");
	return unplugged === undefined
		? null
		: [
				`its card's link is down: \`${setLink(domain.name, unplugged.mac ?? "", "up")}\``,
			];
}

/** Most guests ask anew when their cable was out; domain names are the host's own. */
function replug({ domain, cards }: Subject): string[] {
	const [card] = cards;
	if (domain === null || domain.source !== "libvirt" || !card?.mac) {
		return [];
	}
	const [down, up] = (["down", "up"] as const).map((link) =>
		setLink(domain.name, card.mac ?? "", link),
	);
	return [`or pull its cable for a moment: \`${down}; sleep 2; ${up}\``];
}

/** Not clipped, however long the name is: it is to be copied. */
function setLink(name: SafeText, mac: string, link: "up" | "down"): string {
	return `virsh domif-setlink ${shellWord(name)} ${mac} ${link}`;
}
