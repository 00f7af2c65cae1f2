import type { Json } from "../model/host-document.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import type {
	DhcpServer,
	TopologyPort,
	VirtualNetwork,
} from "../model/topology.js";
import { safe } from "./safe-template.js";
import type { Statements } from "./statements.js";

/** A socket that waits at UDP port 67. */
export interface Listener {
	/** The interface it is bound to; null: all. */
	readonly interface: SafeText | null;
	/** `dnsmasq`; null: only root is told. */
	readonly program: SafeText | null;
}

/** Who listens at port 67; null: that could not be read. */
export function readListeners(statements: Statements): Listener[] | null {
	const read = statements.read("host-services", /^ss /, parseListeners);
	return read.length === 0 ? null : read.flat();
}

/** `0.0.0.0%virbr0:67`, and the program that is told to root. */
const socket = /\s(?:[\d.]+|\*)(?:%([^\s:]+))?:(?:67|bootps)\s/;

/** Reads the output of `ss -H -l -u -n -p sport = :67`; null when it is no text. */
export function parseListeners(output: Json): Listener[] | null {
	if (typeof output !== "string") {
		return null;
	}
	return output.split("\n").flatMap((line) => {
		const match = socket.exec(`${line} `);
		if (match === null) {
			return [];
		}
		const program = /users:\(\("([^"]*)"/.exec(line)?.[1];
		return [
			{
				interface: match[1] ? makeSafe(match[1]) : null,
				program: program ? makeSafe(program) : null,
			},
		];
	});
}

/**
 * The DHCP servers of this host: those of active libvirt networks, and whoever else
 * listens at port 67. Servers of the LAN only the frames tell.
 */
export function findDhcpServers(
	networks: readonly VirtualNetwork[],
	listeners: readonly Listener[],
	ports: readonly TopologyPort[],
): DhcpServer[] {
	const own = networks
		.filter(({ isActive, hasDhcp }) => isActive && hasDhcp)
		.map((network) => ({
			interface: network.bridge,
			address: network.address,
			source: safe`libvirt network ${network.name}`,
		}));
	const others = new Map<string, DhcpServer>();
	for (const listener of listeners) {
		const name = listener.interface;
		const port = ports.find((candidate) => candidate.name === name);
		const held = port?.addresses.find(({ family }) => family === "inet");
		const isOwn = own.some((server) => server.interface === name);
		if (!isOwn && !others.has(name ?? "")) {
			others.set(name ?? "", {
				interface: name,
				address: held?.address ?? null,
				source: safe`${listener.program ?? makeSafe("a program")} listens at UDP port 67`,
			});
		}
	}
	return [...own, ...others.values()];
}
