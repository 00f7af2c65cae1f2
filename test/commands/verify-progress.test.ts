import assert from "node:assert/strict";
import { test } from "node:test";
import { VerifyProgress } from "../../src/commands/verify-progress.js";

/** A terminal of so many columns, and what was written to it. */
function screenOf(columns: number | null) {
	const written: string[] = [];
	return {
		written,
		isTTY: columns !== null,
		columns: columns ?? 80,
		write: (text: string) => written.push(text),
	};
}

const seen = () => "VM1: DISCOVER seen, awaiting the OFFER";

test("VerifyProgress says on a terminal what is awaited and how long", () => {
	const screen = screenOf(120);
	const progress = new VerifyProgress(screen);
	progress.draw(seen, 86_400);
	progress.clear();
	progress.clear();
	assert.deepEqual(screen.written, [
		"\r\u001b[KVM1: DISCOVER seen, awaiting the OFFER, 87 s left (Ctrl-C ends it)",
		"\r\u001b[K",
	]);
});

test("VerifyProgress never wraps, and writes nothing where no terminal is", () => {
	const narrow = screenOf(20);
	new VerifyProgress(narrow).draw(seen, 1000);
	assert.equal(narrow.written[0], "\r\u001b[KVM1: DISCOVER seen,");
	const none = screenOf(null);
	const progress = new VerifyProgress(none);
	progress.draw(seen, 1000);
	progress.clear();
	assert.deepEqual(none.written, []);
});
