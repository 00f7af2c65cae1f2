import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { SaxesParser } from "saxes";
import { drawSvg, type Film, type Frame } from "./svg.js";

const esc = "\u001b";

/** An element, with the text that is directly in it. */
interface Element {
	readonly name: string;
	readonly attributes: Readonly<Record<string, string>>;
	text: string;
}

/** Elements in order, read by a parser that refuses what is not well-formed. */
function parse(svg: string): Element[] {
	const elements: Element[] = [];
	const open: Element[] = [];
	const parser = new SaxesParser();
	parser.on("error", (error) => {
		throw error;
	});
	parser.on("opentag", ({ name, attributes }) => {
		const element = { name, attributes, text: "" };
		elements.push(element);
		open.push(element);
	});
	parser.on("text", (text) => {
		const last = open.at(-1);
		if (last) {
			last.text += text;
		}
	});
	parser.on("closetag", () => {
		open.pop();
	});
	parser.write(svg).close();
	return elements;
}

function frame(...rows: readonly string[]): Frame {
	return { rows, title: "a title", caption: "", ms: 1000 };
}

function film(...frames: readonly Frame[]): Film {
	return { description: "a picture", columns: 40, frames };
}

/** Elements of that name with the rules of their class, of a picture of these rows. */
function draw(name: string, ...rows: readonly string[]) {
	const elements = parse(drawSvg(film(frame(...rows))));
	const css = elements.find((one) => one.name === "style")?.text ?? "";
	return elements
		.filter((one) => one.name === name)
		.map((one) => {
			const [own = ""] = (one.attributes.class ?? "").split(" ");
			const rules = css.split(`.${own}{`)[1]?.split("}")[0] ?? "";
			return { ...one, rules };
		});
}

function textOf(text: string, ...rows: readonly string[]) {
	const found = draw("text", ...rows).find((one) => one.text === text);
	assert.ok(found, `there is no text ${text}`);
	return found;
}

describe("drawSvg()", () => {
	for (const [what, codes, rules] of [
		["nothing", "", "fill:#c9d1d9"],
		["red", "31", "fill:#ff7b72"],
		["bright black", "90", "fill:#7d8590"],
		["one of 256, of the cube", "38;5;214", "fill:#ffaf00"],
		["one of 256, a grey", "38;5;244", "fill:#808080"],
		["one of 256, of the palette", "38;5;2", "fill:#3fb950"],
		["red, green and blue", "38;2;1;2;255", "fill:#0102ff"],
		["bold", "1", "fill:#c9d1d9;font-weight:700"],
		["bold and cyan", "1;36", "fill:#39c5cf;font-weight:700"],
		["dim", "2", "fill:#c9d1d9;opacity:.6"],
		["italic", "3", "fill:#c9d1d9;font-style:italic"],
		["underlined", "4", "fill:#c9d1d9;text-decoration:underline"],
		["bold, and ended", "1;22", "fill:#c9d1d9"],
		["red, and ended", "31;39", "fill:#c9d1d9"],
		["everything, and reset", "1;3;4;7;31;42;0", "fill:#c9d1d9"],
	] as const) {
		test(`draws what is ${what}`, () => {
			assert.equal(textOf("word", `${esc}[${codes}mword`).rules, rules);
		});
	}

	test("swaps the colours of inverse text, over all its cells", () => {
		const row = `ab${esc}[7;32mword ${esc}[0m`;
		assert.equal(textOf("word", row).rules, "fill:#0d1117");
		const rect = draw("rect", row).find(
			({ attributes }) => attributes.x === "16.8",
		);
		assert.equal(rect?.attributes.fill, "#3fb950");
		assert.equal(rect?.attributes.width, "42");
	});

	test("goes on in the style of the row before", () => {
		const rows = [`${esc}[31mone`, `two${esc}[39m three`];
		assert.equal(textOf("two", ...rows).rules, "fill:#ff7b72");
		assert.equal(textOf("three", ...rows).rules, "fill:#c9d1d9");
	});

	test("gives each part the place and the room of its cells", () => {
		const { attributes } = textOf("two words", "one   two words");
		assert.equal(attributes.x, "50.4");
		assert.equal(attributes.textLength, "75.6");
	});

	test("gives wide characters two cells, and none to those that join", () => {
		const row = "a漢e\u0301b";
		assert.equal(textOf("漢", row).attributes.x, "16.8");
		assert.equal(textOf("e\u0301", row).attributes.x, "25.2");
		assert.equal(textOf("b", row).attributes.x, "33.6");
	});

	test("draws lines that meet, and no letters for them", () => {
		const drawn = draw("path", "├── x", "━━");
		const paths = drawn.map(({ attributes }) => attributes.d);
		assert.ok(paths.includes("M4.2 9.5H8.4M4.2 0V19M8.4 9.5H25.2"));
		assert.ok(paths.includes("M0 9.5H16.8"));
		assert.ok(draw("text", "├── x").every(({ text }) => !/[├─]/.test(text)));
	});

	test("writes what XML means otherwise as it is", () => {
		const text = `<b>&amp;"']]>`;
		assert.equal(textOf(text, text).text, text);
		const titled = parse(drawSvg({ ...film(frame("x")), description: text }));
		assert.equal(titled.find(({ name }) => name === "title")?.text, text);
	});

	test("drops codes that are no style", () => {
		const row = `a${esc}[2Kb${esc}]0;owned\u0007c${esc}(Bd${esc}`;
		const words = draw("text", row).map(({ text }) => text);
		assert.deepEqual(words.slice(0, 4), ["a", "b", "c", "d"]);
	});

	test("is well-formed whatever the rows are", () => {
		const text = fc.string({ unit: "binary", maxLength: 60 });
		const code = fc.constantFrom(
			"[31m",
			"[38;5;300m",
			"[38;2m",
			"[;m",
			"]0;",
			"",
		);
		const broken = fc.constantFrom(
			"\ud800",
			"\udc00x",
			"\uffff",
			"\u0000",
			"]]>",
		);
		const part = fc
			.tuple(code, text, broken)
			.map(([begin, ...rest]) => esc + begin + rest.join(""));
		fc.assert(
			fc.property(fc.array(part, { maxLength: 6 }), (rows) => {
				const one = {
					...frame(...rows),
					title: rows.join(""),
					caption: rows.join(""),
				};
				parse(drawSvg(film(one, frame("x"))));
			}),
			{ numRuns: 200 },
		);
	});

	test("shows frames in turn, and has rows that are alike once", () => {
		const frames = [
			frame("same", "one"),
			frame("same", "two"),
			frame("same", "one"),
		];
		const elements = parse(drawSvg(film(...frames)));
		const of = (name: string) => elements.filter((one) => one.name === name);
		assert.equal(of("use").length, 6);
		const groups = of("g").map(({ attributes }) => attributes);
		assert.equal(groups.filter(({ id }) => id !== undefined).length, 3);
		assert.deepEqual(
			groups.filter((one) => one.class !== undefined).map((one) => one.class),
			["f f0", "f f1", "f f2"],
		);
		const css = of("style")[0]?.text ?? "";
		assert.match(css, /animation:3000ms step-end infinite/);
		assert.match(
			css,
			/@keyframes f1\{0%\{visibility:hidden\}33\.33%\{visibility:visible\}66\.67%\{visibility:hidden\}\}/,
		);
	});

	test("stands still when it has one frame", () => {
		assert.doesNotMatch(drawSvg(film(frame("x"))), /animation|keyframes/);
	});
});
