import { parseArgs } from "node:util";
import type { FaultScenario } from "./fault-scenario.js";
import { faultScenarios, findFaults } from "./fault-scenarios.js";
import { recordFault } from "./fault-stage.js";
import { findObstacle } from "./requirements.js";

// node dist/test/lab/record-faults.js [--into DIRECTORY] [--jobs N] [CAUSE...]
const { values, positionals } = parseArgs({
	options: {
		into: { type: "string", default: "fixtures/faults" },
		jobs: { type: "string", default: "2" },
	},
	allowPositionals: true,
});
try {
	const wanted =
		positionals.length > 0 ? positionals.flatMap(findFaults) : faultScenarios;
	const obstacle = await findObstacle();
	if (obstacle) {
		throw new Error(obstacle);
	}
	const waiting = [...wanted];
	const work = async () => {
		for (let next = waiting.shift(); next; next = waiting.shift()) {
			await record(next);
		}
	};
	await Promise.all(Array.from({ length: Number(values.jobs) }, work));
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 3;
}

/** One that fails keeps no other from being recorded. */
async function record(scenario: FaultScenario): Promise<void> {
	const { name } = scenario;
	try {
		const { frames } = await recordFault(scenario, values.into);
		console.log(`${name}: ${JSON.stringify(frames)}`);
	} catch (error) {
		console.error(`${name}: ${error instanceof Error ? error.message : error}`);
		process.exitCode = 3;
	}
}
