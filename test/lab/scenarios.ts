import { faultyScenarios } from "./faulty-scenarios.js";
import { healthyScenarios } from "./healthy-scenarios.js";
import { natScenarios } from "./nat-scenarios.js";
import type { Scenario } from "./scenario.js";
import { unusualScenarios } from "./unusual-scenarios.js";

/** Every scenario the lab can play. */
export const scenarios: readonly Scenario[] = [
	...healthyScenarios,
	...natScenarios,
	...unusualScenarios,
	...faultyScenarios,
];

/** Finds a scenario by name. Throws when there is none, and says which there are. */
export function findScenario(name: string): Scenario {
	const found = scenarios.find((scenario) => scenario.name === name);
	if (!found) {
		const names = scenarios.map((scenario) => scenario.name).join(", ");
		throw new Error(`no scenario is named ${name}; there are ${names}`);
	}
	return found;
}
