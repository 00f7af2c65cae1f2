import type { PortRole } from "../model/port.js";
import type { SafeText } from "../model/safe-text.js";
import type { Topology } from "../model/topology.js";
import { areInOneNetwork } from "../topology/ipv4.js";
import { shellWord } from "../topology/safe-template.js";
import type { LogState, VmCard } from "./evidence.js";
import { findAddresses } from "./known-addresses.js";
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

/** So many questions are enough: it need not be told to ask. */
const askedEnough = 3;

/**
 * What to do when an attempt was seen and cannot be told of; one line each.
 *
 * @param asked how often the VM has asked
 */
export function adviseAttempt(
	subject: Subject,
	asked: number,
	{ ports, topology }: LogState,
): string[] {
	const roles = new Set(ports.map(({ role }) => role));
	const hasMore = (role: PortRole) =>
		!roles.has(role) &&
		(topology?.ports.some((port) => port.role === role) ?? true);
	const isNarrow = hasMore("bridge") || hasMore("uplink");
	const advice = [
		...(isNarrow
			? [
					"capture its tap, its bridge and the uplink at once: `vmpath record -w vm.pcapng`, or `dumpcap -i TAP -i BRIDGE -i UPLINK -w vm.pcapng`",
				]
			: []),
		...(asked < askedEnough ? adviseHandshake(subject) : []),
	];
	return advice.length > 0
		? advice
		: [
				`\`vmpath watch ${shellWord(subject.name)}\` shows how far each of its frames gets, and why no more can be said`,
			];
}

/** The VM has an address that its bridge's networks do not hold; one line at most. */
export function adviseNetwork(subject: Subject, state: LogState): string[] {
	const { topology } = state;
	const taps = subject.cards.map(({ tap }) => tap);
	const bridge = topology?.ports.find(
		({ name, role }) =>
			role === "bridge" &&
			topology.ports.some(
				(port) => port.master === name && taps.includes(port.name),
			),
	);
	const networks = (bridge?.addresses ?? []).filter(
		({ family }) => family === "inet",
	);
	const [latest] = findAddresses(subject, state);
	const isInside = networks.some(({ address, prefixLength }) =>
		latest === undefined
			? true
			: areInOneNetwork(latest.address, address, prefixLength),
	);
	if (bridge === undefined || latest === undefined || networks.length === 0) {
		return [];
	}
	const names = networks.map(
		({ address, prefixLength }) => `${address}/${prefixLength}`,
	);
	return isInside
		? []
		: [
				`${subject.name} uses ${latest.address}, which is outside the networks of ${bridge.name} (${names.join(", ")}): its address or its netmask may be wrong`,
			];
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
	const told = findings
		.slice(0, findingLimit)
		.map(({ message, fix }) =>
			fix === null ? message : `${message}: \`${fix}\``,
		);
	return told.length > 0 || domain !== null || topology === null
		? told
		: cards.flatMap((card) => adviseUnplugged(card, topology));
}

/** Of a tap that no domain tells of, nobody knows which bridge is meant. */
function adviseUnplugged({ tap }: VmCard, { ports }: Topology): string[] {
	const port = ports.find(({ name }) => name === tap);
	if (port === undefined || port.master !== null) {
		return [];
	}
	const [bridge, ...others] = ports.filter(({ role }) => role === "bridge");
	const name = bridge && others.length === 0 ? bridge.name : "BRIDGE";
	return [
		`${port.name} is in no bridge: \`ip link set ${port.name} master ${name}\` plugs it in`,
	];
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
