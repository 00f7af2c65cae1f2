import type { PortRole } from "../model/port.js";
import type { SafeText } from "../model/safe-text.js";
import type { Link } from "./ip-link.js";
import { inferRole } from "./roles.js";

/** Kinds through which frames leave the host when they are ports of a bridge. */
const outwardKinds: ReadonlySet<string> = new Set([
	"bond",
	"team",
	"vlan",
	"vxlan",
	"geneve",
	"gretap",
	"macvlan",
	"ipvlan",
]);

/** What decides the roles besides the links themselves. */
export interface RoleContext {
	/** Interfaces that a domain names as its NICs'. */
	readonly tapNames: ReadonlySet<SafeText>;
	/** Interfaces of the default routes. */
	readonly wayOut: ReadonlySet<SafeText>;
}

/**
 * Tells what each interface is to its bridge:
 *
 * - kind `bridge`: a bridge;
 * - named by a domain, or a `tun` that carries Ethernet, or a veth in a bridge that has a
 *   tap's name: a tap. Not libvirt's `virbr0-nic`, which only lends the bridge a MAC;
 * - a card, bond, VLAN or tunnel in a bridge, whatever the default route leaves by, and
 *   what lies beneath these: an uplink;
 * - others: unknown. The two ends of a cable between two bridges are.
 */
export function findRoles(
	links: readonly Link[],
	context: RoleContext,
): Map<SafeText, PortRole> {
	const byName = new Map(links.map((link) => [link.name, link]));
	const slaves = indexSlaves(links);
	const roles = new Map<SafeText, PortRole>();
	for (const link of links) {
		roles.set(link.name, judgeRole(link, byName, context));
	}
	const waiting = links.filter(({ name }) => roles.get(name) === "uplink");
	for (const uplink of waiting) {
		const parent = uplink.link === null ? undefined : byName.get(uplink.link);
		const under = parent && parent.kind !== "veth" ? [parent] : [];
		for (const below of [...under, ...(slaves.get(uplink.name) ?? [])]) {
			if (roles.get(below.name) === "unknown") {
				roles.set(below.name, "uplink");
				waiting.push(below);
			}
		}
	}
	return roles;
}

function judgeRole(
	link: Link,
	byName: ReadonlyMap<SafeText, Link>,
	{ tapNames, wayOut }: RoleContext,
): PortRole {
	if (link.kind === "bridge") {
		return "bridge";
	}
	if (tapNames.has(link.name)) {
		return "tap";
	}
	if (link.linkType === "loopback") {
		return "unknown";
	}
	if (wayOut.has(link.name)) {
		return "uplink";
	}
	const isPort = link.masterKind === "bridge";
	if (link.kind === "tun") {
		const isTap = link.tunType !== "tun" && !/^virbr\d+-nic$/.test(link.name);
		return isTap ? "tap" : "unknown";
	}
	if (link.kind === "veth") {
		const isCable =
			link.link !== null && byName.get(link.link)?.link === link.name;
		return isPort && !isCable ? inferPortRole(link.name) : judgeCable(link);
	}
	return isPort && (link.kind === null || outwardKinds.has(link.kind))
		? "uplink"
		: "unknown";
}

/** A veth into another namespace: of a lab or a container, and no card by its kind. */
function inferPortRole(name: SafeText): PortRole {
	const role = inferRole(name);
	return role === "tap" || role === "uplink" ? role : "unknown";
}

/** Both ends are here: a tap only if it is a bridge's port with a tap's name. */
function judgeCable({ name, masterKind }: Link): PortRole {
	return masterKind === "bridge" && inferRole(name) === "tap"
		? "tap"
		: "unknown";
}

/** The cards of each bond or team. */
function indexSlaves(links: readonly Link[]): Map<SafeText, Link[]> {
	const slaves = new Map<SafeText, Link[]>();
	for (const link of links) {
		if (link.master !== null && link.masterKind !== "bridge") {
			const others = slaves.get(link.master) ?? [];
			slaves.set(link.master, others);
			others.push(link);
		}
	}
	return slaves;
}
