import type { Ipv4 } from "../../src/model/address.js";
import { ping, pingInVain, takeLease } from "./clients.js";
import {
	type Expectation,
	echoes,
	everyPort,
	icmp,
	lease,
} from "./expectation.js";
import { internet, kvmHost, natNetwork, router, vms } from "./plan.js";
import { type Scenario, usual } from "./scenario.js";

const { vm3, vm4 } = vms;
const inside = ["vnet2", "virbr0"];
const outside = ["br0", "ens3"];

const healthyNat: Scenario = {
	...usual,
	name: "healthy-nat",
	what: "vm3 gets its lease from the host's own dnsmasq, pings virbr0 twice and the internet three times through masquerade.",
	network: "nat",
	play: async (lab) => {
		const ip = await takeLease(lab, "vm3");
		await ping(lab, "vm3", natNetwork.ip, { count: 2 });
		await ping(lab, "vm3", internet.ip, { count: 3 });
		return {
			ips: { vm3: ip },
			fault: null,
			expected: [
				...lease(vm3, inside),
				...echoes(ip, natNetwork.ip, 2, inside),
				...echoes(ip, internet.ip, 3, inside),
				...echoes(kvmHost.ip, internet.ip, 3, outside),
			],
		};
	},
};

const natErrors: Scenario = {
	...usual,
	name: "nat-errors",
	what: "Through masquerade, vm3's pings run out of hops at the host and at the router (twice each), go to an address nobody has, and take three fragments each (twice).",
	network: "nat",
	play: async (lab) => {
		const ip = await takeLease(lab, "vm3");
		await pingInVain(lab, "vm3", internet.ip, { count: 2, ttl: 1 });
		await pingInVain(lab, "vm3", internet.ip, { count: 2, ttl: 2 });
		// The router asks for the address three times, once a second, before it gives up.
		const patient = { count: 1, waitSeconds: 4 };
		await pingInVain(lab, "vm3", internet.nobody, patient);
		await ping(lab, "vm3", internet.ip, { count: 2, bytes: 3000 });
		return {
			ips: { vm3: ip },
			fault: null,
			expected: [
				...lease(vm3, inside),
				icmp("time-exceeded", natNetwork.ip, ip, everyPort(inside, 2)),
				...errorsByRouter(ip, inside, { requests: 6 }),
				...errorsByRouter(kvmHost.ip, outside, { requests: 4 }),
			],
		};
	},
};

/** What `natErrors` shows on one side of the masquerade, where vm3 goes by `ip`. */
function errorsByRouter(
	ip: Ipv4,
	side: readonly string[],
	{ requests }: { readonly requests: number },
): readonly Expectation[] {
	const at = (times: number) => everyPort(side, times);
	return [
		icmp("echo-request", ip, internet.ip, at(requests)),
		icmp("echo-reply", internet.ip, ip, at(2)),
		icmp("fragment", ip, internet.ip, at(4)),
		icmp("fragment", internet.ip, ip, at(4)),
		icmp("time-exceeded", router.ip, ip, at(2)),
		icmp("echo-request", ip, internet.nobody, at(1)),
		icmp("unreachable", router.ip, ip, at(1)),
	];
}

const natCollidingIds: Scenario = {
	...usual,
	name: "nat-colliding-ids",
	what: "vm3 and vm4 ping the internet at the same time with the same ICMP identifier, three times each; masquerade gives one of them another.",
	network: "nat",
	play: async (lab) => {
		const [ip3, ip4] = await Promise.all([
			takeLease(lab, "vm3"),
			takeLease(lab, "vm4"),
		]);
		const pings = { count: 3, hasCommonIdentifier: true };
		await Promise.all([
			ping(lab, "vm3", internet.ip, pings),
			ping(lab, "vm4", internet.ip, pings),
		]);
		return {
			ips: { vm3: ip3, vm4: ip4 },
			fault: null,
			expected: [
				...lease(vm3, inside),
				...lease(vm4, ["vnet3", "virbr0"]),
				...withIdentifiers(1, echoes(ip3, internet.ip, 3, inside)),
				...withIdentifiers(1, echoes(ip4, internet.ip, 3, ["vnet3", "virbr0"])),
				...withIdentifiers(2, echoes(kvmHost.ip, internet.ip, 6, outside)),
			],
		};
	},
};

/** The scenarios on the NAT network, in which every frame reaches where it is going. */
export const natScenarios: readonly Scenario[] = [
	healthyNat,
	natErrors,
	natCollidingIds,
];

function withIdentifiers(
	identifiers: number,
	expected: readonly Expectation[],
): readonly Expectation[] {
	return expected.map((one) => ({ ...one, identifiers }));
}
