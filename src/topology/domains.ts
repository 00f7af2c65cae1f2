import type { Json } from "../model/host-document.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import type { Domain, Nic } from "../model/topology.js";
import { domainFile } from "./domain-files.js";
import { parseDomainXml } from "./domain-xml.js";
import { parseProxmoxConfig } from "./proxmox-config.js";
import { parseQemuArguments } from "./qemu-arguments.js";
import { readCount, readObjects, readString, readStrings } from "./raw-json.js";
import type { Statements } from "./statements.js";

const running = makeSafe("running");
const paused = makeSafe("paused");
const off = makeSafe("shut off");
const unknown = makeSafe("unknown");
const libvirt = makeSafe("libvirt");

/**
 * The VMs of a host, from `host-domains`. libvirt's word comes first, then Proxmox's,
 * then XML files that were given, then processes of QEMU: one VM is told of once.
 */
export function readDomains(statements: Statements): Domain[] {
	const known: Domain[] = [];
	const [uuids, macs] = [new Set<string>(), new Set<string>()];
	const add = (domains: readonly Domain[]) => {
		const added = domains.filter(
			({ uuid, nics }) =>
				!(uuid !== null && uuids.has(uuid)) &&
				!nics.some(({ mac }) => mac !== null && macs.has(mac)),
		);
		for (const domain of added) {
			known.push(domain);
			uuids.add(domain.uuid ?? "");
		}
		for (const mac of added.flatMap(({ nics }) => nics.map((nic) => nic.mac))) {
			macs.add(mac ?? "");
		}
	};
	add(readLibvirt(statements));
	add(readProxmox(statements));
	add(readFiles(statements));
	add(readProcesses(statements));
	return known;
}

/** `virsh dumpxml`: `[{uuid, state, xml}]`. */
function readLibvirt(statements: Statements): Domain[] {
	return statements
		.read("host-domains", /^virsh .*\bdumpxml$/, (output) =>
			readObjects(output),
		)
		.flat()
		.flatMap((raw) => {
			const uuid = readString(raw, "uuid") ?? "";
			return statements.attempt(`virsh dumpxml ${uuid}`, () => {
				const { hasId, ...domain } = parseDomainXml(
					readString(raw, "xml") ?? "",
				);
				const said = makeSafe(readString(raw, "state") ?? "unknown");
				// One that ended after it was listed has no id any more.
				const hasEnded = !hasId && (said === running || said === paused);
				return {
					...domain,
					state: hasEnded ? off : said,
					isRunning: hasId && said !== off,
					source: libvirt,
				};
			});
		});
}

function readProxmox(statements: Statements): Domain[] {
	const ids = new Set(
		statements
			.read("host-domains", /^\/run\/qemu-server$/, (output) =>
				readStrings({ ids: output }, "ids"),
			)
			.flat(),
	);
	const path = /^\/etc\/pve\/.*\/(\d+)\.conf$/;
	return statements
		.read("host-domains", path, (output, source) => {
			const id = path.exec(source)?.[1] ?? "";
			return typeof output === "string"
				? { domain: parseProxmoxConfig(output, id, ids.has(id)) }
				: null;
		})
		.flatMap(({ domain }) => domain ?? []);
}

/** XML files that the user named; libvirt may be out of reach. */
function readFiles(statements: Statements): Domain[] {
	return statements.read("host-domains", domainFile, (output, source) => {
		const { hasId, ...domain } = parseDomainXml(asText(output));
		const state = hasId ? running : unknown;
		return { ...domain, state, isRunning: hasId, source: makeSafe(source) };
	});
}

function asText(output: Json): string {
	return typeof output === "string" ? output : "";
}

/** Those in another network namespace have their taps there, too. */
function readProcesses(statements: Statements): Domain[] {
	return statements
		.read("host-domains", /^\/proc\//, (output) => readObjects(output))
		.flat()
		.filter(({ isInOurNetwork }) => isInOurNetwork !== false)
		.flatMap((raw) => {
			const args = readStrings(raw, "args");
			return parseQemuArguments(args, readCount(raw, "pid") ?? 0) ?? [];
		});
}

/** Interfaces that may be taps. */
export interface TapIndex {
	readonly names: ReadonlySet<SafeText>;
	readonly byMac: ReadonlyMap<string, SafeText>;
}

/**
 * Gives each NIC the interface that it has here: the one that the domain names or, where
 * that is missing or has been renamed, the one with the NIC's address and `fe` as its
 * first octet, as libvirt makes them. A VM that is off has none; one of which nothing
 * else is known runs when it has one.
 */
export function nameTaps(domains: readonly Domain[], taps: TapIndex): Domain[] {
	return domains.map((domain) => {
		const isOff = !domain.isRunning && domain.state !== unknown;
		const nics = domain.nics.map((nic) => ({
			...nic,
			tap: isOff ? null : findTap(nic, taps),
		}));
		const isHere = nics.some(({ tap }) => tap !== null && taps.names.has(tap));
		if (domain.isRunning || isOff) {
			return { ...domain, nics };
		}
		return isHere
			? { ...domain, nics, isRunning: true, state: running }
			: { ...domain, nics: nics.map((nic) => ({ ...nic, tap: null })) };
	});
}

function findTap(
	{ tap, mac }: Nic,
	{ names, byMac }: TapIndex,
): SafeText | null {
	const own = mac === null ? undefined : byMac.get(`fe${mac.slice(2)}`);
	return tap !== null && names.has(tap) ? tap : (own ?? tap);
}
