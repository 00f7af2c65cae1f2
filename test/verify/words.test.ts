import assert from "node:assert/strict";
import { test } from "node:test";
import { exitOf, worstExit } from "../../src/model/verdict.js";
import { Evidence } from "../../src/verify/evidence.js";
import {
	countTimes,
	formatAge,
	formatSpan,
	listWords,
} from "../../src/verify/words.js";
import { dora } from "./build.js";

test("countTimes() counts in words up to ten", () => {
	assert.deepEqual([1, 2, 3, 10, 12].map(countTimes), [
		"once",
		"twice",
		"three times",
		"ten times",
		"12 times",
	]);
});

test("formatSpan() tells milliseconds below a second, else seconds", () => {
	assert.deepEqual(
		[72_000, 1_234_000, 31_400_000, 999_600_000, 3_057_121_000, 12e9].map(
			formatSpan,
		),
		["0.07 ms", "1.2 ms", "31 ms", "1 s", "3.1 s", "12 s"],
	);
});

test("formatAge() takes the largest unit of which there are two", () => {
	assert.deepEqual([0, 1, 119, 120, 7199, 7200, 172_800].map(formatAge), [
		"0 s",
		"1 s",
		"119 s",
		"2 min",
		"119 min",
		"2 h",
		"2 days",
	]);
});

test("listWords() joins words", () => {
	assert.equal(listWords([]), "");
	assert.equal(listWords(["a"]), "a");
	assert.equal(listWords(["a", "b", "c"], "or"), "a, b or c");
});

test("worstExit() takes 2 before 3 before 1 before 0", () => {
	assert.equal(worstExit([0, 1, 3, 2]), 2);
	assert.equal(worstExit([0, 1, 3]), 3);
	assert.equal(worstExit([0, 1]), 1);
	assert.equal(worstExit([0]), 0);
	assert.equal(worstExit([]), 3);
	assert.equal(exitOf("unanswered"), 2);
});

test("Evidence keeps a bounded number of exchanges and of questions", () => {
	const evidence = new Evidence();
	const { journeys, exchange } = dora();
	const [question] = journeys;
	assert.ok(question);
	for (let id = 1; id <= 5000; id += 1) {
		evidence.noteJourney({ ...question, id });
		evidence.noteExchange({ ...exchange, id, messages: [] });
	}
	const card = { mac: exchange.mac, tap: null };
	assert.equal(evidence.exchangesOf(card, () => true).length, 512);
	assert.equal(evidence.clients.openOf(exchange.mac, null).length, 1024);
	for (let at = 0; at < 5000; at += 1) {
		const mac = `52:54:00:00:${at >> 8}:${at & 255}`;
		evidence.noteJourney({ ...question, mac });
	}
	assert.equal(evidence.clients.list.length, 4096);
});
