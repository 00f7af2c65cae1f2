import type { Finding, TopologyPort } from "../model/topology.js";
import { safe, shellWord } from "../topology/safe-template.js";
import type { Told } from "./topology-history.js";

const known = new WeakMap<Told, readonly Finding[]>();

/**
 * What is to be said of the host, the problems first: what it says of itself, and which
 * taps have left their bridges since it was asked first.
 */
export function listFindings(told: Told): readonly Finding[] {
	const before = known.get(told);
	if (before !== undefined) {
		return before;
	}
	const findings = [...(told.topology?.findings ?? []), ...findLeft(told)];
	const ordered = [
		...findings.filter(({ isProblem }) => isProblem),
		...findings.filter(({ isProblem }) => !isProblem),
	];
	known.set(told, ordered);
	return ordered;
}

/** Of a tap that no domain has, the host alone does not know that it belongs somewhere. */
function findLeft({ topology, earlier, nowNamed }: Told): Finding[] {
	const loose = (topology?.ports ?? []).filter(
		({ name, master, role }) =>
			master === null &&
			(role === "tap" || role === "unknown") &&
			!topology?.findings.some(
				({ id, concerns }) => id === notInBridge && concerns.includes(name),
			),
	);
	return loose.flatMap((port) => {
		const then = earlier
			.map(({ ports }) => ports.find((one) => nowNamed(one.name) === port.name))
			.find((one) => one !== undefined && one.master !== null);
		return then?.role === "tap" ? describe(port, then) : [];
	});
}

const notInBridge = "tap-not-in-bridge";

function describe({ name }: TopologyPort, { master }: TopologyPort): Finding[] {
	return master === null
		? []
		: [
				{
					id: notInBridge,
					message: safe`${name} has left ${master} and is in no bridge: nothing it sends gets any further`,
					isProblem: true,
					evidence: safe`ip -d link show ${shellWord(name)}`,
					fix: safe`ip link set ${shellWord(name)} master ${shellWord(master)}`,
					concerns: [name, master],
				},
			];
}
