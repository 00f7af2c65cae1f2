import { addressFaults } from "./fault-addresses.js";
import { bridgeRuleFaults } from "./fault-bridge-rules.js";
import { dhcpServerFaults } from "./fault-dhcp-servers.js";
import { guestFaults } from "./fault-guests.js";
import { healthyVariations } from "./fault-healthy.js";
import { natFaults } from "./fault-nat.js";
import { netfilterFaults } from "./fault-netfilter.js";
import { portFaults } from "./fault-ports.js";
import { rogueFaults } from "./fault-rogue.js";
import type { FaultScenario } from "./fault-scenario.js";
import { stpFaults } from "./fault-stp.js";
import { tapDown } from "./fault-tap-down.js";

/** Every fault of the lab. */
export const faultScenarios: readonly FaultScenario[] = [
	...netfilterFaults,
	...bridgeRuleFaults,
	...natFaults,
	...portFaults,
	tapDown,
	...stpFaults,
	...dhcpServerFaults,
	...rogueFaults,
	...addressFaults,
	...guestFaults,
	...healthyVariations,
];

/** Finds the recordings of a cause, or one by its own name. Throws when there is none. */
export function findFaults(name: string): readonly FaultScenario[] {
	const found = faultScenarios.filter(
		(scenario) => scenario.name === name || scenario.cause === name,
	);
	if (found.length === 0) {
		const names = faultScenarios.map((scenario) => scenario.name);
		throw new Error(`there is no fault ${name}: there are ${names.join(", ")}`);
	}
	return found;
}
