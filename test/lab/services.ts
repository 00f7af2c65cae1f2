import { join } from "node:path";
import { type Child, startChild } from "./child.js";
import type { Lab } from "./lab.js";
import { inNamespace } from "./namespaces.js";
import { natNetwork, router } from "./plan.js";

/** How the DHCP server treats an address before it offers it. */
export type Caution = "offers-at-once" | "pings-first";

interface DhcpServer {
	readonly host: "router" | "kvmhost";
	readonly interface: string;
	readonly leases: readonly [first: string, last: string];
	readonly router: string;
}

/** Starts the DHCP server of the LAN, on the router. */
export async function startRouterDhcp(
	lab: Lab,
	caution: Caution,
	leases: DhcpServer["leases"] = router.leases,
): Promise<Child> {
	const { lan, ip } = router;
	return startDnsmasq(
		lab,
		{ host: "router", interface: lan, leases, router: ip },
		caution,
	);
}

/** Starts the DHCP server libvirt runs on the host for its NAT network. */
export async function startNatDhcp(lab: Lab): Promise<void> {
	const { leases, ip } = natNetwork;
	await startDnsmasq(
		lab,
		{ host: "kvmhost", interface: "virbr0", leases, router: ip },
		"offers-at-once",
	);
}

async function startDnsmasq(
	lab: Lab,
	server: DhcpServer,
	caution: Caution,
): Promise<Child> {
	const child = startChild(
		inNamespace(lab.namespaces[server.host], [
			"dnsmasq",
			"--keep-in-foreground",
			"--log-facility=-",
			"--conf-file=/dev/null",
			"--user=root",
			"--pid-file=",
			"--port=0",
			"--bind-interfaces",
			`--interface=${server.interface}`,
			`--dhcp-range=${server.leases.join(",")},1h`,
			`--dhcp-option=option:router,${server.router}`,
			`--dhcp-leasefile=${join(lab.directory, `${server.host}.leases`)}`,
			"--dhcp-authoritative",
			...(caution === "offers-at-once" ? ["--no-ping"] : []),
		]),
	);
	lab.teardown.add(() => child.stop("SIGTERM"));
	await child.saying(/DHCP, IP range/);
	return child;
}
