import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { mock, test } from "node:test";
import {
	RecorderRequests,
	takeRequests,
} from "../../src/commands/recorder-requests.js";

function listen() {
	const input = new PassThrough();
	const asked: string[] = [];
	takeRequests(input, {
		counters: () => asked.push("counters"),
		end: () => asked.push("end"),
	});
	return { input, asked };
}

/** Until what was written has been read. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("takeRequests() takes the words it knows, a line each, and nothing else", async () => {
	const { input, asked } = listen();
	input.write("coun");
	await turn();
	input.write("ters\ncounters\nrm -rf /\ncounters \n\nend now\n");
	await turn();
	input.write(`${"x".repeat(1e6)}\n__proto__\ntoString\nend\nend`);
	input.end();
	await turn();
	assert.deepEqual(asked, ["counters", "end"]);
});

test("takeRequests() takes nothing from a terminal", async () => {
	const input = Object.assign(new PassThrough(), { isTTY: true });
	takeRequests(input, { counters: assert.fail, end: assert.fail });
	input.write("end\n");
	await turn();
	assert.equal(input.listenerCount("data"), 0);
});

test("RecorderRequests asks for counters every 3 s at most, and never drops the last", async (t) => {
	mock.timers.enable({ apis: ["setTimeout"] });
	t.after(() => mock.timers.reset());
	const output = new PassThrough();
	let text = "";
	output.on("data", (chunk) => {
		text += chunk;
	});
	const requests = new RecorderRequests(output);
	for (let times = 0; times < 5; times += 1) {
		requests.askForCounters();
	}
	await turn();
	assert.equal(text, "counters\n");
	mock.timers.tick(3000);
	await turn();
	assert.equal(text, "counters\ncounters\n");
	mock.timers.tick(30_000);
	requests.askForCounters();
	requests.askToEnd();
	await turn();
	assert.equal(text, "counters\ncounters\ncounters\nend\n");
});

test("RecorderRequests does not mind a recorder that has gone", async () => {
	const output = new PassThrough();
	const requests = new RecorderRequests(output);
	output.destroy(new Error("EPIPE"));
	await turn();
	requests.askForCounters();
	requests.askToEnd();
});
