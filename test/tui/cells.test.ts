import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import stringWidth from "string-width";
import { makeSafe } from "../../src/model/safe-text.js";
import {
	cut,
	cutFront,
	cutMiddle,
	widthOf,
} from "../../src/show/cell-width.js";
import { toAscii } from "../../src/tui/ascii.js";
import {
	cutName,
	formatCompact,
	formatTiny,
	takeFitting,
} from "../../src/tui/cells.js";
import { createLook } from "../../src/tui/theme.js";

const text = fc
	.oneof(
		fc.string({ unit: "grapheme", maxLength: 30 }),
		fc.string({ unit: "binary", maxLength: 30 }),
		fc
			.array(
				fc.constantFrom(
					"a",
					"1",
					"●",
					"→",
					"虚",
					"é",
					"e\u0301",
					"1\u20e3",
					"😀",
					"ﾊﾞ",
					"µ",
					"ก็",
					"각",
					"\u0d4e",
					"\u1100",
					"\u1161",
					"\u0903",
					"🇩",
					"☎\ufe0f",
				),
				{ maxLength: 30 },
			)
			.map((parts) => parts.join("")),
	)
	.map((raw) => makeSafe(raw));

test("widthOf() measures as string-width does", () => {
	fc.assert(
		fc.property(text, (safe) => {
			assert.equal(widthOf(safe), stringWidth(safe));
		}),
		{ numRuns: 2_000 },
	);
	assert.equal(widthOf("\u001b[31m●\u001b[39m ok"), 4);
});

test("cut(), cutFront(), cutMiddle() and cutName() are never wider than asked, and leave what fits", () => {
	fc.assert(
		fc.property(text, fc.nat(40), (safe, columns) => {
			for (const cutSomehow of [cut, cutFront, cutMiddle, cutName]) {
				const one = cutSomehow(safe, columns);
				assert.ok(stringWidth(one) <= columns);
				if (stringWidth(safe) <= columns && columns > 0) {
					assert.equal(one, safe);
				}
			}
		}),
		{ numRuns: 300 },
	);
});

test("cut() ends every tone that it begins", () => {
	const { paint } = createLook(true, true);
	const line = `${paint("bad", "lost between")} ${paint("accent", "vnet0 and br0")} x`;
	assert.equal(
		cut(line, 8),
		"\u001b[31mlost be…\u001b[39m\u001b[1m\u001b[36m\u001b[39m\u001b[22m",
	);
	assert.equal(cutMiddle("enp65s0f0np0", 7), "enp…np0");
	assert.equal(cutFront("虚-half-open.pcapng", 12), "…open.pcapng");
});

test("cutName() leaves whole octets of a MAC address, the last ones first", () => {
	const mac = "52:54:00:cd:76:3a";
	const cuts: readonly (readonly [number, string])[] = [
		[17, mac],
		[16, "52:54:…cd:76:3a"],
		[15, "52:54:…cd:76:3a"],
		[12, "52:…cd:76:3a"],
		[9, "…cd:76:3a"],
		[8, "…76:3a"],
		[3, "…3a"],
		[2, "5…"],
		[0, ""],
	];
	for (const [columns, name] of cuts) {
		assert.equal(cutName(mac, columns), name, `${columns}`);
	}
	assert.equal(cutName("52:54:00:CD:76:3A", 12), "52:…CD:76:3A");
});

const octet = fc.nat(255).map((byte) => byte.toString(16).padStart(2, "0"));
const nic = fc.array(octet, { minLength: 3, maxLength: 3 });

test("cutName() keeps VMs apart that have the MAC addresses of one vendor, from 9 cells on", () => {
	fc.assert(
		fc.property(nic, nic, fc.integer({ min: 9, max: 17 }), (a, b, columns) => {
			const [one = "", other = ""] = [a, b].map((end) =>
				cutName(["52:54:00", ...end].join(":"), columns),
			);
			assert.ok(stringWidth(one) <= columns);
			assert.equal(one === other, a.join() === b.join());
		}),
	);
});

test("cutName() keeps both ends of other names: some count there, of a UUID either may differ", () => {
	assert.equal(cutName("production-web-01", 12), "produc…eb-01");
	const uuid = "4dea22b3-1d52-d8f3-2516-782e98ab3fa0";
	assert.equal(cutName(uuid, 12), "4dea22…b3fa0");
	assert.notEqual(cutName(uuid, 12), cutName(uuid.replace("a0", "a1"), 12));
	assert.notEqual(cutName(uuid, 12), cutName(uuid.replace("4d", "4e"), 12));
});

test("toAscii() keeps every cell in its place", () => {
	fc.assert(
		fc.property(text, (safe) => {
			const ascii = toAscii(safe);
			assert.match(ascii, /^[ -~]*$/);
			assert.equal(ascii.length, stringWidth(safe));
		}),
	);
	assert.equal(toAscii("▸✗ br0 → vnet0 24 µs …"), ">x br0 > vnet0 24 us ~");
	assert.equal(toAscii("虚 VM"), "?? VM");
	const { paint } = createLook(false, false);
	const bold = "\u001b[1m";
	assert.equal(
		toAscii(`a${paint("accent", "\u0300b")}●`),
		`?${bold}b\u001b[22mo`,
		"a mark that a name begins with joins no code",
	);
});

test("createLook() uses no colour where there is none, and still marks what is selected", () => {
	const { paint } = createLook(false, true);
	assert.equal(paint("bad", "x"), "x");
	assert.equal(paint("selected", "x"), "\u001b[7mx\u001b[27m");
	assert.equal(paint("accent", "x"), "\u001b[1mx\u001b[22m");
	assert.equal(createLook(true, true).paint("bad", ""), "");
});

test("formatCompact() and formatTiny() stay in their cells", () => {
	const counts: readonly (readonly [number, string, string])[] = [
		[0, "0", "0"],
		[999, "999", "999"],
		[1_234, "1234", "1.2k"],
		[12_345, "12.3k", "12k"],
		[999_499, "999k", "999k"],
		[999_999, "1M", "1M"],
		[1_234_567, "1.23M", "1.2M"],
	];
	for (const [count, compact, tiny] of counts) {
		assert.equal(formatCompact(count), compact);
		assert.equal(formatTiny(count), tiny);
	}
	fc.assert(
		fc.property(fc.nat({ max: 9e14 }), (count) => {
			assert.ok(formatCompact(count).length <= 5, formatCompact(count));
			assert.ok(formatTiny(count).length <= 4, formatTiny(count));
		}),
	);
});

test("takeFitting() gives up what does not fit", () => {
	assert.equal(takeFitting(["a", "bb", "ccc"], "  ", 6), "a  bb");
});
