import { parseArgs } from "node:util";
import { recordScenario } from "./recording.js";
import { findObstacle } from "./requirements.js";
import { findScenario, scenarios } from "./scenarios.js";

// node dist/test/lab/record.js [--into DIRECTORY] [SCENARIO...]
const { values, positionals } = parseArgs({
	options: { into: { type: "string", default: "fixtures/scenarios" } },
	allowPositionals: true,
});
try {
	const wanted =
		positionals.length > 0 ? positionals.map(findScenario) : scenarios;
	const obstacle = await findObstacle();
	if (obstacle) {
		throw new Error(obstacle);
	}
	for (const scenario of wanted) {
		const { counts } = await recordScenario(scenario, values.into);
		console.log(`${scenario.name}: ${JSON.stringify(counts)}`);
	}
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 3;
}
