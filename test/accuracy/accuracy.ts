import { formatCauses, measureCauses } from "./causes.js";
import { formatTable, measureAccuracy } from "./measure.js";

// npm run accuracy: the tables of the README, and what was wrong.
const rows = await measureAccuracy();
console.log("right / inconclusive / wrong\n");
console.log(formatTable(rows));
const errors = rows.flatMap(({ marks }) =>
	Object.values(marks).flatMap((found) => found.errors),
);
for (const error of errors) {
	console.error(error);
}
const causes = await measureCauses();
console.log("\ncauses: named / named among several / missed / wrong\n");
console.log(formatCauses(causes));
const wrong = causes.filter(
	({ withHost, sightingsAlone }) =>
		withHost.mark === "wrong" || sightingsAlone.mark === "wrong",
);
process.exitCode = errors.length + wrong.length > 0 ? 1 : 0;
