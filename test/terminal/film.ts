import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { waitFor } from "../lab/wait.js";
import { openPane, type Pane } from "./pane.js";
import { readRows } from "./sgr.js";
import type { Frame } from "./svg.js";

/** Of this repository. */
export const root = fileURLToPath(new URL("../../../", import.meta.url));

const deadlineMs = 30_000;

/** Keys that are pressed, and what is taken down then. */
export interface Step {
	/** As tmux calls them. */
	readonly keys: readonly string[];
	/** What the screen has then; it must also be another one than before. */
	readonly shows: RegExp;
	/** What is told of it; "": nothing. */
	readonly caption: string;
	/** How long it is looked at. */
	readonly ms: number;
}

/** A run of the program, and what is done in it. */
export interface Scene {
	/** Arguments, as a shell takes them; `fixtures` is there. */
	readonly args: string;
	/** What is done before anything is taken down. */
	readonly opening: readonly Step[];
	/** What is taken down first. */
	readonly first: Step;
	readonly steps: readonly Step[];
	/** Put before the program, to run it elsewhere. */
	readonly inside?: string;
}

/** Size of the terminal. */
export const screenSize = { columns: 100, rows: 30 } as const;

/** Opens a terminal and begins the scene in it. */
export function beginScene(
	context: TestContext,
	{ args, inside = "" }: Scene,
	columns: number = screenSize.columns,
): Promise<Pane> {
	return openPane(context, args, {
		...screenSize,
		columns,
		before: `ln -s '${root}fixtures' fixtures; ${inside}`,
	});
}

function plainText(screen: string): string {
	const rows = readRows(screen.split("\n"));
	return rows.map((spans) => spans.map(({ text }) => text).join("")).join("\n");
}

/** Waits for a screen that has been drawn whole: it is the same twice. */
async function settled(
	pane: Pane,
	{ shows }: Step,
	before: string,
): Promise<string> {
	let last = before;
	return waitFor(`a screen that shows ${shows}`, deadlineMs, async () => {
		const seen = await pane.tmux("capture-pane", "-e", "-p", "-N");
		const isStill = seen === last && seen !== before;
		last = seen;
		return isStill && shows.test(plainText(seen)) ? seen : undefined;
	}).catch((error: unknown) => {
		throw new Error(`instead of ${shows} it shows:\n${last}`, { cause: error });
	});
}

/** Plays a scene in its terminal: a frame for what is there first, and one for each step. */
export async function playScene(pane: Pane, scene: Scene): Promise<Frame[]> {
	const frames: Frame[] = [];
	let before = "";
	for (const step of [...scene.opening, scene.first, ...scene.steps]) {
		for (const key of step.keys) {
			await pane.press(key);
		}
		before = await settled(pane, step, before);
		frames.push({
			rows: before.split("\n"),
			title: `vmpath ${scene.args}`,
			caption: step.caption,
			ms: step.ms,
		});
	}
	return frames.slice(scene.opening.length);
}

/** Waits until the program has ended, and returns the rows it printed. */
export async function readPrinted(pane: Pane): Promise<string[]> {
	await pane.ended();
	const all = await pane.tmux("capture-pane", "-e", "-p", "-S", "-");
	const rows = all.split("\n");
	const end = rows.findIndex((row) => row.startsWith("exit code "));
	return rows.slice(rows.indexOf("line 60") + 1, end);
}
