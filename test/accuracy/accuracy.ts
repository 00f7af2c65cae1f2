import { formatTable, measureAccuracy } from "./measure.js";

// npm run accuracy: the table of the README, and what was wrong.
const rows = await measureAccuracy();
console.log("right / inconclusive / wrong\n");
console.log(formatTable(rows));
const errors = rows.flatMap(({ marks }) =>
	Object.values(marks).flatMap((found) => found.errors),
);
for (const error of errors) {
	console.error(error);
}
process.exitCode = errors.length > 0 ? 1 : 0;
