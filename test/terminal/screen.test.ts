import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { describe, type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import { discover, pcap } from "../commands/hostile-captures.js";
import { createFile, fixture } from "../commands/program.js";
import { noTmux, openPane, type Pane, type PaneOptions } from "./pane.js";

const esc = "\u001b";
const capture = fixture("offer-lost-at-bridge", "ports.pcapng");
/** The last row, which has keys, while the screen is open. */
const open = /\? help/;
/** All rows of that capture are there, and there are no more to come. */
const whole = /findings 1 .*-(\d+)\/\1 [─-]$[\s\S]* at the end [\s\S]*\? help/m;

function replay(context: TestContext, options: PaneOptions = {}) {
	return openPane(context, `replay '${capture}'`, options);
}

/** The first screen is as it was, the totals below it, and the second was left once. */
async function checkRestored(pane: Pane): Promise<void> {
	const lines = await pane.scrollback();
	const before = Array.from({ length: 60 }, (_, index) => `line ${index + 1}`);
	const first = lines.indexOf("line 1");
	assert.deepEqual(lines.slice(first, first + 60), before);
	assert.equal(
		await pane.tmux("list-panes", "-F", "#{alternate_on} #{cursor_flag}"),
		"0 1",
	);
	const written = await pane.written();
	const count = (text: string) => written.split(text).length - 1;
	assert.equal(count(`${esc}[?1049h`), 1);
	assert.equal(count(`${esc}[?1049l`), 1);
	assert.equal(count(`${esc}[?2004l`), 1);
	const [hidden, shown] = [`${esc}[?25l`, `${esc}[?25h`];
	assert.ok(written.lastIndexOf(shown) > written.indexOf(hidden));
	// Neither the screen nor the scrollback was cleared, nor the terminal reset.
	for (const clear of ["[2J", "[3J", "c", "[!p"]) {
		assert.equal(count(esc + clear), 0, clear);
	}
}

describe("the screen", { skip: noTmux }, () => {
	test("opens on a replay, with the path and what was lost, and q ends it", async (context) => {
		const pane = await replay(context);
		const text = await pane.showing(whole);
		assert.match(text, /── vnet0 ─.*─ br0 ─.*─ ens3 ─.*192\.168\.100\.1/);
		assert.match(text, /✗ 3 .*lost.* between br0 and vnet0/);
		assert.equal(
			await pane.tmux("list-panes", "-F", "#{alternate_on} #{cursor_flag}"),
			"1 0",
		);
		await pane.press("q");
		assert.equal(await pane.ended(), 0);
		await checkRestored(pane);
		const lines = await pane.scrollback();
		assert.ok(
			lines.some((line) => /^\d+ journeys: ● \d+ delivered/.test(line)),
		);
	});

	test("ctrl-C ends it, also while something is typed", async (context) => {
		const pane = await replay(context);
		await pane.showing(open);
		await pane.press("/", "q");
		await pane.showing(/filter: q|\/ ?q|filter q/);
		await pane.press("C-c");
		assert.equal(await pane.ended(), 0);
		await checkRestored(pane);
	});

	for (const signal of ["SIGTERM", "SIGINT"] as const) {
		test(`${signal} ends it`, async (context) => {
			const pane = await replay(context);
			await pane.showing(open);
			process.kill(await pane.pid(), signal);
			assert.equal(await pane.ended(), 0);
			await checkRestored(pane);
		});
	}

	test("is gone when the program crashes, which says why", async (context) => {
		const pane = await replay(context, {
			before: `echo 'process.on("SIGUSR2", () => { throw Error("a bug") })' > bug.mjs;`,
			environment: 'NODE_OPTIONS="--import=$D/bug.mjs"',
		});
		await pane.showing(open);
		process.kill(await pane.pid(), "SIGUSR2");
		assert.notEqual(await pane.ended(), 0);
		await checkRestored(pane);
		assert.match((await pane.scrollback()).join("\n"), /a bug/);
	});

	test("is not opened for what is no capture", async (context) => {
		const pane = await openPane(
			context,
			`replay ${fixture("..", "README.md")}`,
		);
		assert.equal(await pane.ended(), 3);
		assert.match((await pane.screen()).join("\n"), /^vmpath: .*README\.md/m);
		assert.doesNotMatch(await pane.written(), /1049/);
	});

	test("is not opened for a gzip file of which nothing is there, which is named", async (context) => {
		const packed = gzipSync(await readFile(capture)).subarray(0, 20);
		const file = await createFile(context, "cut.gz", packed);
		const message =
			/vmpath: .* is not a capture: its gzip data is cut or damaged/;
		const before = `cat '${file}' |`;
		for (const [args, options] of [
			[file, {}],
			["-", { before }],
			[`'${capture}' ${file}`, {}],
		] as const) {
			const pane = await openPane(context, `replay ${args}`, options);
			assert.equal(await pane.ended(), 3);
			assert.match((await pane.screen()).join(""), message);
			assert.doesNotMatch(await pane.written(), /1049/);
		}
	});

	test("closes a prompt by an escape of several that come at once", async (context) => {
		const pane = await replay(context);
		await pane.showing(open);
		await pane.press("w");
		await pane.showing(/vmpath\.pcapng/);
		await pane.send(Buffer.from(esc + esc));
		await pane.showing(open);
	});

	test("types what is pasted into a prompt, and does nothing of what it asks", async (context) => {
		const pane = await replay(context);
		await pane.showing(open);
		await pane.press("/");
		await pane.send(Buffer.from(`${esc}[200~arp\r\nq\u0003${esc}[201~`));
		await pane.showing(/arpq/);
		await pane.press("C-c");
		assert.equal(await pane.ended(), 0);
		await checkRestored(pane);
	});

	test("does nothing unseen where a terminal is too small, and can be left", async (context) => {
		const pane = await replay(context, { columns: 40, rows: 10 });
		await pane.showing(/vmpath needs/);
		await pane.press("w", "Enter", "/", "?", "v");
		await pane.tmux("resize-window", "-x", "100", "-y", "30");
		const text = await pane.showing(whole);
		assert.match(text, open);
		const files = await readdir(pane.directory);
		assert.ok(!files.includes("vmpath.pcapng"), files.join(" "));
		await pane.press("/", "x");
		await pane.tmux("resize-window", "-x", "40", "-y", "10");
		await pane.showing(/vmpath needs/);
		await pane.press("q");
		assert.equal(await pane.ended(), 0);
	});

	test("fits 80 columns and 24 rows", async (context) => {
		const pane = await replay(context, { columns: 80, rows: 24 });
		await pane.showing(whole);
		const rows = await pane.screen();
		assert.ok(rows.length <= 24);
		assert.match(rows.join("\n"), /▸/);
	});

	test("says that a terminal is too small, and goes on when it is not", async (context) => {
		const pane = await replay(context, { columns: 20, rows: 5 });
		await pane.showing(/vmpath needs/);
		await pane.tmux("resize-window", "-x", "100", "-y", "30");
		await pane.showing(/\? help/);
		await pane.press("q");
		assert.equal(await pane.ended(), 0);
	});

	test("survives a storm of sizes, and fills the last one", async (context) => {
		const pane = await replay(context);
		await pane.showing(open);
		for (let index = 0; index < 40; index += 1) {
			const columns = 40 + ((index * 37) % 160);
			const rows = 8 + ((index * 13) % 50);
			const size = ["-x", String(columns), "-y", String(rows)];
			await pane.tmux("resize-window", ...size);
		}
		await pane.tmux("resize-window", "-x", "140", "-y", "35");
		// Until it is drawn anew, rows of sizes before stand there: the last one is 140 x 34.
		const last =
			/^ vmpath(?=[\s\S]*\n─.{137,139}\n).*\n(?:.*\n){32} \? help.*\s*$/;
		const text = await pane.showing(last);
		assert.equal(text.split("vmpath").length - 1, 1);
		await pane.press("q");
		assert.equal(await pane.ended(), 0);
	});

	test("passes over pastes, mouse, replies and unknown keys", async (context) => {
		const pane = await replay(context);
		await pane.showing(whole);
		const before = await pane.screen();
		for (const sent of [
			"[200~q?/jjq\r[201~",
			"[M !!",
			"[<0;3;3M",
			"[?62;1c",
			"[99;99R",
			"]11;rgb:ffff/ffff/ffff\u0007",
			"P>|xterm(370)\u001b\\",
			"[?1u",
			"[1;5P",
			"[25;99~",
			"[[Z",
			"Oz",
		]) {
			await pane.send(Buffer.from(esc + sent, "latin1"));
		}
		await pane.send(Uint8Array.of(0xff, 0xfe, 0x80, 0, 0x1c, 0x1d));
		await pane.press("?");
		await pane.showing(/quit/);
		await pane.press("Escape");
		await pane.showing(whole);
		assert.deepEqual(await pane.screen(), before);
	});

	test("has no colours with NO_COLOR, and can be read", async (context) => {
		const pane = await replay(context, { environment: "NO_COLOR=1" });
		const text = await pane.showing(whole);
		assert.match(text, /▸/);
		const colors = new RegExp(`${esc}\\[[\\d;]*\\b(3[0-8]|4[0-8]|9\\d|10\\d)m`);
		assert.doesNotMatch(await pane.written(), colors);
	});

	test("is ASCII where the locale is not Unicode's", async (context) => {
		const pane = await replay(context, { environment: "LANG=C" });
		const text = await pane.showing(whole);
		assert.match(text, /vnet0/);
		assert.doesNotMatch(text, /[^\x20-\x7e\n]/);
	});

	test("shows hostile text as it is, and does nothing of what it asks", async (context) => {
		const text = Buffer.from(
			`${esc}]0;owned\u0007${esc}[2J${esc}[?1049l\u009b31m\b\r\u202e`,
		);
		const name = `${esc}]0;owned\u0007.pcap`;
		const log = pcap([discover(text), discover(text)]);
		const file = await createFile(context, name, log);
		const pane = await openPane(context, `replay '${file}'`);
		await pane.showing(/-2\/2[\s\S]*DISCOVER \(\\x1b\]0;owned\\x07\\x1b\[2J/);
		const written = await pane.written();
		assert.doesNotMatch(written, /owned\p{Cc}/u);
		assert.ok(!written.includes(`${esc}]`));
		assert.equal(written.split(`${esc}[?1049l`).length, 1);
		assert.equal(written.split(`${esc}[2J`).length, 1);
		await pane.press("C-c");
		assert.equal(await pane.ended(), 0);
		await checkRestored(pane);
	});

	test("takes keys from the terminal when standard input is the log", async (context) => {
		const pane = await openPane(context, "replay -", {
			before: `cat '${capture}' |`,
		});
		await pane.showing(whole);
		await pane.press("?");
		await pane.showing(/page/);
		await pane.press("C-c");
		assert.equal(await pane.ended(), 0);
		await checkRestored(pane);
	});

	test("ends while its log on standard input goes on", async (context) => {
		const pane = await openPane(context, "replay -", {
			before: `(cat '${capture}'; exec sleep 600) |`,
		});
		await pane.showing(open);
		await pane.press("q");
		await pane.showing(/journeys: /);
		await pane.written("journeys: ");
		await checkRestored(pane);
	});

	test("is not opened where standard output is no terminal, or a dumb one", async (context) => {
		for (const options of [{ behind: "| cat" }, { environment: "TERM=dumb" }]) {
			const pane = await replay(context, options);
			assert.equal(await pane.ended(), 0);
			assert.doesNotMatch(await pane.written(), /1049/);
			assert.match(await pane.written(), /journeys: /);
		}
	});

	for (const option of ["--lines", "--format text", "--limit 3", "--frames"]) {
		test(`is not opened with ${option}`, async (context) => {
			const pane = await openPane(context, `replay ${option} '${capture}'`);
			assert.equal(await pane.ended(), 0);
			assert.doesNotMatch(await pane.written(), /1049/);
		});
	}

	test("w writes what is shown, once", async (context) => {
		const pane = await replay(context);
		await pane.showing(whole);
		await pane.press("w", "C-u");
		await pane.press("-l", "shown.pcapng");
		await pane.press("Enter");
		await pane.showing(/wrote \d+ frames to shown\.pcapng/);
		await pane.press("w", "C-u");
		await pane.press("-l", "shown.pcapng");
		await pane.press("Enter");
		await pane.showing(/shown\.pcapng is there already/);
	});
});
