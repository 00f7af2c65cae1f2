import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { cli } from "../commands/program.js";
import { waitFor } from "../lab/wait.js";

// node dist/test/bench/screen.js: how soon a key is on the screen and what the screen takes,
// with 50,000 journeys in memory and 10,000 new ones a second; the first paint of a replay.

const runs = 5;
const root = fileURLToPath(new URL("../../../", import.meta.url));
const load = fileURLToPath(new URL("./screen-load.js", import.meta.url));
const capture = join(
	root,
	"fixtures/scenarios/offer-lost-at-bridge/ports.pcapng",
);

const directory = await mkdtemp(join(tmpdir(), "vmpath-bench-"));
try {
	await measureLoad(join(directory, "figures.json"));
	await measurePaint();
} finally {
	await rm(directory, { recursive: true });
}

async function measureLoad(file: string): Promise<void> {
	const socket = join(directory, "tmux");
	const tmux = (...args: readonly string[]) =>
		execa("tmux", ["-u", "-S", socket, "-f", "/dev/null", ...args], {
			env: { TMUX: undefined, LANG: "C.UTF-8" },
		});
	const command = `'${process.execPath}' '${load}' '${file}'`;
	await tmux("new-session", "-d", "-x", "120", "-y", "40", command);
	const text = await waitFor("the figures", 120_000, async () =>
		readFile(file, "utf8").catch(() => undefined),
	).finally(() => tmux("kill-server").catch(() => {}));
	const figures = JSON.parse(text);
	const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
	console.log("50,000 journeys in memory, 10,000 new ones a second, 120x40:");
	console.log(
		`  key press to screen: median ${Math.round(figures.medianMs)} ms, worst ${Math.round(figures.worstMs)} ms of ${figures.keys}`,
	);
	console.log(
		`  of a core: ${percent(figures.busy - figures.alone)} for the screen at ${figures.framesPerSecond.toFixed(1)} drawings a second, ${percent(figures.alone)} without it`,
	);
	console.log(
		`  idle: ${percent(figures.idle)} of a core, ${figures.idleFrames} drawings in 5 s`,
	);
}

async function measurePaint(): Promise<void> {
	const times: number[] = [];
	for (let run = 0; run < runs; run += 1) {
		times.push(await timePaint());
	}
	times.sort((a, b) => a - b);
	console.log(
		`first paint of a replay: median ${Math.round(times[runs >> 1] ?? 0)} ms from process start, best ${Math.round(times[0] ?? 0)} ms of ${runs}`,
	);
}

/** From the start of the process until the list of journeys stands there. */
async function timePaint(): Promise<number> {
	const command = `exec '${process.execPath}' '${cli}' replay '${capture}'`;
	const begunMs = performance.now();
	const child = execa("script", ["-qfec", command, "/dev/null"], {
		env: { TERM: "xterm-256color", LANG: "C.UTF-8" },
		reject: false,
	});
	const ms = await new Promise<number>((resolve) => {
		let text = "";
		child.stdout.on("data", (chunk: Buffer) => {
			text += chunk.toString();
			if (/journeys.*quit/s.test(text)) {
				resolve(performance.now() - begunMs);
			}
		});
	});
	child.stdin.write("q");
	await child;
	return ms;
}
