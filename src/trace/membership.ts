import type { Ipv4 } from "../model/address.js";
import { addNs, elapsedNs, type LogTime } from "../model/capture.js";
import type { Port } from "../model/port.js";
import type { SafeText } from "../model/safe-text.js";
import type { Topology, TopologyPort } from "../model/topology.js";
import { findClosedBridges } from "./closed-bridges.js";
import { findComponents } from "./components.js";
import { CutPorts } from "./cut-ports.js";
import { describeMove } from "./port-move.js";
import { findUnplugged, hasAddress } from "./unplugged.js";
import { WayOut } from "./way-out.js";

/** What the host said of a port may be so much older than what it then said anew. */
const marginNs = 1_000_000_000;
/** More changes than this are not remembered. */
const changeLimit = 1024;
/** A port is a port of a bond, and that of a bridge: deeper than this nothing lies. */
const depthLimit = 8;

/** How two ports are joined, by what the host says. */
export type Relation = "same" | "apart" | "unknown";

/** A port came into a bridge, or left it, at some time between the two. */
interface Change {
	readonly name: SafeText;
	readonly from: LogTime;
	readonly to: LogTime;
	readonly what: string;
}

/** When the host said it: between what it had said before, and then. */
export interface Saying {
	readonly from: LogTime;
	readonly to: LogTime;
}

/** Which ports are on which bridge, by what the host says; nothing, until it does. */
export class Membership {
	#isCurrent = false;
	#ports: ReadonlyMap<SafeText, TopologyPort> = new Map();
	/** Ports that something lies upon: a VLAN device, a macvtap. */
	#lower: ReadonlySet<SafeText> = new Set();
	#components: ReadonlyMap<SafeText, number> = new Map();
	/** Components that have an uplink. */
	#uplinked: ReadonlySet<number | undefined> = new Set();
	/** Bridges that lead out of the host by no port. */
	#closed: ReadonlySet<SafeText> = new Set();
	/** Ports that left a bridge, and are on none now. */
	readonly #left = new Map<SafeText, SafeText>();
	/** Those of them that were taps: without a bridge, what a port is may not be told. */
	readonly #leftTaps = new Map<SafeText, SafeText>();
	/** IP addresses of the host's interfaces. */
	#addresses: ReadonlySet<string> = new Set();
	/** Taps in no bridge, and the bridge that their VM is set to use. */
	#unplugged: ReadonlyMap<SafeText, SafeText> = new Map();
	/** Taps of VMs that the host knows of. */
	#claimed: ReadonlySet<SafeText> = new Set();
	#changes: Change[] = [];
	readonly cut = new CutPorts();
	readonly wayOut = new WayOut();

	/**
	 * @param said null: by someone who may not have been there then, so that it proves
	 * nothing of who reaches whom
	 */
	set(topology: Topology, said: Saying | null): void {
		const { ports } = topology;
		const before = this.#ports;
		this.#ports = new Map(ports.map((port) => [port.name, port]));
		this.#lower = new Set(ports.flatMap(({ link }) => link ?? []));
		const components = findComponents(ports);
		const uplinks = ports.filter(({ role }) => role === "uplink");
		this.#components = components;
		this.#uplinked = new Set(uplinks.map(({ name }) => components.get(name)));
		this.#closed = findClosedBridges(topology);
		this.#addresses = new Set(
			ports.flatMap(({ addresses }) => addresses.map(({ address }) => address)),
		);
		this.#unplugged = said === null ? new Map() : findUnplugged(topology);
		this.#claimed = new Set(
			topology.domains.flatMap(({ nics }) =>
				nics.flatMap(({ tap }) => tap ?? []),
			),
		);
		if (said !== null && this.#isCurrent) {
			this.#noteChanges(before, said);
		}
		this.cut.set(ports, said?.to ?? null);
		this.wayOut.set(said && topology);
		this.#isCurrent = said !== null;
	}

	/**
	 * The bridge that a port is on; a bridge is on itself. Null: on none. Undefined: the
	 * host does not say.
	 */
	bridgeOf(name: SafeText): SafeText | null | undefined {
		let port = this.#ports.get(name);
		for (let depth = 0; port && depth < depthLimit; depth += 1) {
			if (port.role === "bridge") {
				return port.name;
			}
			if (port.master === null) {
				const isPart =
					depth > 0 || port.link !== null || this.#lower.has(port.name);
				return isPart ? undefined : null;
			}
			port = this.#ports.get(port.master);
		}
		return undefined;
	}

	/** The bridge that a tap should be on, being on none; null: on none it should be. */
	missingFrom(name: SafeText): SafeText | null {
		return this.#unplugged.get(name) ?? this.#leftBy(name);
	}

	/** Whether the host says that it has an IP address. */
	hasAddress(address: Ipv4): boolean {
		return this.#addresses.has(address);
	}

	/** Whether a bridge would hand frames from one to the other, were both in it. */
	areMeantTogether(a: Port, b: Port): boolean {
		const [one, other] = [this.#ports.get(a.name), this.#ports.get(b.name)];
		const bridge = this.missingFrom(a.name) ?? this.missingFrom(b.name);
		if (one === undefined || other === undefined || bridge === null) {
			return false;
		}
		const isMeant = ({ name, bridgePort }: TopologyPort) =>
			(this.missingFrom(name) ?? this.bridgeOf(name)) === bridge &&
			bridgePort?.isIsolated !== true;
		return [one, other].every(isMeant) && this.#isOpen(one, other, bridge);
	}

	/** Whether a bridge hands frames from one port to the other. */
	relate(a: Port, b: Port): Relation {
		const [one, other] = [this.#ports.get(a.name), this.#ports.get(b.name)];
		if (one === undefined || other === undefined) {
			return "unknown";
		}
		if (this.#components.get(a.name) !== this.#components.get(b.name)) {
			return "apart";
		}
		const bridge = this.bridgeOf(a.name);
		const isOne = bridge != null && bridge === this.bridgeOf(b.name);
		return isOne && this.#isCurrent && this.#isOpen(one, other, bridge)
			? "same"
			: "unknown";
	}

	/**
	 * Whether what lies behind `port` was behind the network of `bridge` until the port left
	 * it, and that network has no other way out since.
	 */
	hasLost(bridge: Port, port: Port): boolean {
		return (
			this.#left.get(port.name) === bridge.name && this.lacksUplink(bridge)
		);
	}

	/** Whether the network of a bridge ends at the host, by what the host says of it. */
	endsAtHost(bridge: Port): boolean {
		return this.#isCurrent && this.#closed.has(bridge.name);
	}

	/** Whether the host says that no port of the network of a bridge is an uplink. */
	lacksUplink(bridge: Port): boolean {
		const component = this.#components.get(bridge.name);
		return component !== undefined && !this.#uplinked.has(component);
	}

	/** Why it is not sure which ports were on the bridge then; null when it is. */
	doubtAt(
		ports: readonly Port[],
		time: LogTime,
		withinNs: number,
	): string | null {
		const change = this.#changes.find(
			({ name, from, to }) =>
				elapsedNs(from, time) + withinNs >= 0 &&
				elapsedNs(time, to) >= 0 &&
				ports.some((port) => port.name === name),
		);
		return change === undefined ? null : `${change.what} at about that time`;
	}

	/** The clock was set: those times are none of this clock. */
	clearChanges(): void {
		this.#changes = [];
		this.cut.clear();
	}

	/** Where nobody says what a tap is meant for, it is for the bridge that it has left. */
	#leftBy(name: SafeText): SafeText | null {
		const port = this.#ports.get(name);
		const isFree =
			port?.link === null &&
			!hasAddress(port) &&
			!this.#lower.has(name) &&
			!this.#claimed.has(name);
		return isFree ? (this.#leftTaps.get(name) ?? null) : null;
	}

	/**
	 * VLANs, isolation and proxies may be meant to keep frames from each other. VMs may be
	 * isolated from each other, and none from the uplink.
	 */
	#isOpen(a: TopologyPort, b: TopologyPort, bridge: SafeText): boolean {
		const isIsolated = [a, b].every(
			({ bridgePort, role }) =>
				bridgePort?.isIsolated === true && role !== "uplink",
		);
		const isProxied = [a, b].some(
			({ bridgePort }) => bridgePort?.suppressesNeighbours === true,
		);
		const isVlanAware = this.#ports.get(bridge)?.bridge?.isVlanAware === true;
		return !isIsolated && !isProxied && !isVlanAware;
	}

	#noteChanges(
		before: ReadonlyMap<SafeText, TopologyPort>,
		{ from, to }: Saying,
	): void {
		const names = new Set([...before.keys(), ...this.#ports.keys()]);
		for (const name of names) {
			const was = before.get(name)?.master ?? null;
			const is = this.#ports.get(name)?.master ?? null;
			const isNew = !before.has(name);
			if (was !== is || isNew) {
				this.#left.delete(name);
				this.#leftTaps.delete(name);
				if (was !== null && is === null && this.#ports.has(name)) {
					this.#left.set(name, was);
					if (before.get(name)?.role === "tap") {
						this.#leftTaps.set(name, was);
					}
				}
				this.#changes.push({
					name,
					from: addNs(from, -marginNs),
					to: addNs(to, marginNs),
					what: describeMove(name, was, is),
				});
			}
		}
		this.#changes = this.#changes.slice(-changeLimit);
	}
}
