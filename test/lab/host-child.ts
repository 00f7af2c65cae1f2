import { createHostReader } from "../../src/host/host-reader.js";
import { readAllHostDocuments } from "../../src/host/read-document.js";

/**
 * Runs in a namespace, and prints what it reads of the host there.
 *
 * `read URI [ROOT]`: every document, as one JSON array.
 * `watch URI`: each document as a line of JSON, then `watching`, then those that change;
 * until SIGTERM.
 */
const [mode, connect = "", root = ""] = process.argv.slice(2);
const options = { connect: connect || null, ...(root ? { root } : {}) };
if (mode === "read") {
	console.log(JSON.stringify(await readAllHostDocuments(options)));
} else {
	const host = createHostReader({
		...options,
		onDocument: (document) => console.log(JSON.stringify(document)),
	});
	const forever = setInterval(() => {}, 1 << 30);
	// Not `once`: execa ends the process as soon as it is the only one to listen.
	process.on("SIGTERM", async () => {
		clearInterval(forever);
		await host.stop();
		console.log("stopped");
	});
	await host.readAll();
	host.watch();
	console.log("watching");
}
