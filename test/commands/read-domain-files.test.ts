import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../src/commands/failure.js";
import { readDomainFiles } from "../../src/commands/read-domain-files.js";
import { createFile } from "./program.js";

test("readDomainFiles() reads files of domain XML", async (t) => {
	const text = "<domain><name>web</name></domain>";
	const path = await createFile(t, "generic.xml", text);
	assert.deepEqual(await readDomainFiles([path]), [{ path, text }]);
});

test("readDomainFiles() says in one line what is wrong with a file", async (t) => {
	const path = await createFile(t, "odd\u001b.xml", "<domain>\n<name>");
	for (const [file, message] of [
		[path, /odd\\x1b\.xml is not the XML of a domain \(.*\): \d+:\d+: /],
		["/nowhere/x.xml", /^cannot read \/nowhere\/x\.xml: there is no such file/],
	] as const) {
		await assert.rejects(
			readDomainFiles([file]),
			(error) =>
				error instanceof Failure &&
				message.test(error.message) &&
				!/\p{Cc}/u.test(error.message),
		);
	}
});
