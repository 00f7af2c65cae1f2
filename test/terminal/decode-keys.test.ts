import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { KeyDecoder } from "../../src/terminal/decode-keys.js";

/** Names of the keys that a terminal sent, once nothing comes any more. */
function decode(...chunks: readonly (string | Uint8Array)[]): string[] {
	const decoder = new KeyDecoder();
	const keys = chunks.flatMap((chunk) => decoder.feed(Buffer.from(chunk)));
	return [...keys, ...decoder.flush()].map(({ name }) => name);
}

const esc = "\u001b";

/** What terminals send for keys: xterm, in normal and application mode; rxvt; linux. */
const sequences: readonly (readonly [sent: string, ...names: string[]])[] = [
	["a", "a"],
	["G?/", "G", "?", "/"],
	[" ", "space"],
	["é☃😀", "é", "☃", "😀"],
	["\r", "enter"],
	["\n", "enter"],
	["\t", "tab"],
	["\u007f", "backspace"],
	["\b", "backspace"],
	["\u0001\u0003\u001a", "ctrl-a", "ctrl-c", "ctrl-z"],
	["\0\u001c\u001d\u001e\u001f"],
	[esc, "esc"],
	[`${esc}${esc}`, "esc", "esc"],
	[`${esc}${esc}${esc}q`, "esc", "esc", "alt-q"],
	[`${esc}a`, "alt-a"],
	[`${esc}é`, "alt-é"],
	[`${esc}\u007f`, "alt-backspace"],
	[`${esc}[A${esc}[B${esc}[C${esc}[D`, "up", "down", "right", "left"],
	[`${esc}OA${esc}OB${esc}OC${esc}OD`, "up", "down", "right", "left"],
	[`${esc}[H${esc}[F${esc}OH${esc}OF`, "home", "end", "home", "end"],
	[`${esc}[1~${esc}[4~${esc}[7~${esc}[8~`, "home", "end", "home", "end"],
	[`${esc}[2~${esc}[3~${esc}[5~`, "insert", "delete", "pgup"],
	[`${esc}[6~`, "pgdn"],
	[`${esc}[Z`, "shift-tab"],
	[`${esc}OM`, "enter"],
	[`${esc}[1;5A${esc}[1;2B${esc}[1;3C`, "ctrl-up", "shift-down", "alt-right"],
	[`${esc}[5;5~${esc}[1;6H`, "ctrl-pgup", "ctrl-shift-home"],
	[`${esc}[a${esc}Ob`, "shift-up", "ctrl-down"],
	[`${esc}[5^${esc}[7$${esc}[6@`, "ctrl-pgup", "shift-home", "ctrl-shift-pgdn"],
	[`${esc}${esc}[A`, "esc", "up"],
	[`${esc}OP${esc}[11~${esc}[[A${esc}[1;5P`, "f1", "f1", "f1", "ctrl-f1"],
	[`${esc}O5P${esc}[24~`, "ctrl-f1", "f12"],
];

for (const [sent, ...names] of sequences) {
	test(`feed() tells the keys of ${JSON.stringify(sent)}`, () => {
		assert.deepEqual(decode(sent), names);
	});

	test(`feed() tells them byte by byte of ${JSON.stringify(sent)}`, () => {
		const bytes = [...Buffer.from(sent)].map((one) => Uint8Array.of(one));
		assert.deepEqual(decode(...bytes), names);
	});
}

/** What comes from a terminal and is no key. */
const others: Readonly<Record<string, string>> = {
	"X10 mouse": `${esc}[M !!${esc}[M#\u00ff\u00ff`,
	"SGR mouse": `${esc}[<0;10;20M${esc}[<0;10;20m`,
	"urxvt mouse": `${esc}[32;10;20M`,
	focus: `${esc}[I${esc}[O`,
	"device attributes": `${esc}[?64;1;2c${esc}[>41;330;0c${esc}[=0;1c`,
	"cursor position": `${esc}[12;40R`,
	"device status": `${esc}[0n`,
	"mode reports": `${esc}[?2026;2$y${esc}[4;2$y`,
	"OSC 11 with BEL": `${esc}]11;rgb:0000/0000/0000\u0007`,
	"OSC 11 with ST": `${esc}]11;rgb:0000/0000/0000${esc}\\`,
	"OSC 52": `${esc}]52;c;cXF1aXQ=${esc}\\`,
	XTVERSION: `${esc}P>|tmux 3.3a${esc}\\`,
	DECRQSS: `${esc}P1$r0m${esc}\\`,
	"kitty graphics": `${esc}_Gi=31;OK${esc}\\`,
	"kitty keyboard": `${esc}[?1u${esc}[113;5u${esc}[97;1:3u`,
	modifyOtherKeys: `${esc}[27;5;113~`,
	"window size": `${esc}[8;24;80t`,
	"an unknown sequence": `${esc}[99;99;99x${esc}[?1;2;3!p${esc}Oz`,
	"a very long sequence": `${esc}[${"1;".repeat(500)}m`,
};

for (const [what, sent] of Object.entries(others)) {
	test(`feed() passes over ${what}, whole`, () => {
		assert.deepEqual(decode(Buffer.from(sent, "latin1"), "x"), ["x"]);
		const bytes = [...Buffer.from(sent, "latin1")];
		assert.deepEqual(decode(...bytes.map((one) => Uint8Array.of(one)), "x"), [
			"x",
		]);
	});
}

test("feed() tells a paste as one key, with what of it can be typed", () => {
	const paste = (text: string) => Buffer.from(`${esc}[200~${text}${esc}[201~`);
	const whole = (bytes: Buffer) => new KeyDecoder().feed(bytes);
	assert.deepEqual(whole(paste(`q é\r\n\u0003\t${esc}[A😀\u200b`)), [
		{ name: "paste", text: "q é[A😀" },
	]);
	assert.deepEqual(whole(paste("")), [{ name: "paste", text: "" }]);
	const decoder = new KeyDecoder();
	const byByte = [...paste("é☃")].flatMap((one) =>
		decoder.feed(Uint8Array.of(one)),
	);
	assert.deepEqual(byByte, [{ name: "paste", text: "é☃" }]);
	const [long] = whole(paste("a".repeat(100_000)));
	assert.equal(long?.text, "a".repeat(4096));
	const [cut] = whole(paste("é☃".repeat(10_000)));
	assert.doesNotMatch(cut?.text ?? "", /[^é☃]/);
	const invalid = Buffer.from([0xff, 0x41, 0xe2, 0x82]).toString("latin1");
	const bytes = Buffer.from(`${esc}[200~${invalid}${esc}[201~`, "latin1");
	assert.deepEqual(whole(bytes), [{ name: "paste", text: "A" }]);
});

test("feed() passes over bytes that are no UTF-8, and controls in it", () => {
	const garbage: readonly (readonly number[])[] = [
		[0x80, 0xbf],
		[0xc0, 0xaf],
		[0xff, 0xfe],
		[0xe2, 0x82],
		[0xed, 0xa0, 0x80],
		[0xf4, 0x90, 0x80, 0x80],
		[0xc2, 0x9b],
		[0xe2, 0x80, 0xae],
		[0xe2, 0x80, 0x8b],
	];
	for (const bytes of garbage) {
		assert.deepEqual(decode(Uint8Array.from(bytes), "x"), ["x"]);
	}
});

test("flush() ends what stands still: no paste or reply keeps the keys away", () => {
	const unfinished = [
		"[",
		"[1;",
		"[M!",
		"[200~abc",
		"]11;rgb",
		"P>|x",
		"O",
		"[[",
	];
	for (const begin of unfinished) {
		const decoder = new KeyDecoder();
		decoder.feed(Buffer.from(esc + begin));
		assert.notEqual(decoder.waits, null, begin);
		assert.deepEqual(decoder.flush(), [], begin);
		assert.equal(decoder.waits, null);
		assert.deepEqual(decoder.feed(Buffer.from("q")), [
			{ name: "q", text: "q" },
		]);
	}
});

test("waits says how long: the moment of a sequence, or a pause in a paste", () => {
	const waits = (text: string) => {
		const decoder = new KeyDecoder();
		decoder.feed(Buffer.from(text));
		return decoder.waits;
	};
	assert.equal(waits("a"), null);
	assert.equal(waits(esc), "brief");
	assert.equal(waits(`${esc}[1;`), "brief");
	assert.equal(waits(`${esc}]`), "brief");
	assert.equal(waits(`${esc}]1`), "long");
	assert.equal(waits(`${esc}[200~`), "long");
});

test("feed() yields no control characters, whatever comes in whatever pieces", () => {
	const pieces = fc.oneof(
		fc.uint8Array({ maxLength: 20 }),
		fc
			.array(
				fc.constantFrom(
					esc,
					"[",
					"O",
					"M",
					"200~",
					"201~",
					"]",
					"P",
					"\\",
					";",
					"1",
					"A",
					"\u0007",
					"é",
					"q",
				),
				{ maxLength: 12 },
			)
			.map((parts) => Uint8Array.from(Buffer.from(parts.join("")))),
	);
	fc.assert(
		fc.property(fc.array(pieces, { maxLength: 12 }), (chunks) => {
			const decoder = new KeyDecoder();
			const keys = chunks.flatMap((chunk) => decoder.feed(chunk));
			for (const { name, text } of [...keys, ...decoder.flush()]) {
				assert.doesNotMatch(text, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
				assert.doesNotMatch(name, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
				assert.ok(name === "paste" || [...text].length <= 1);
			}
		}),
	);
});
