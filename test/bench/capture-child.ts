import { readFile } from "node:fs/promises";
import { createCapEngine } from "../../src/recorder/cap-engine.js";
import type {
	CaptureEngine,
	EngineFrame,
	EnginePort,
	PortDrops,
} from "../../src/recorder/engine.js";
import { createPacketEngine } from "../../src/recorder/packet-engine.js";

// Captures until SIGTERM and says what it saw, one line each: `ready`, `frame …`, `end …`,
// `notice …`, and `counts …` at last. SIGUSR2 closes the first port, and says `closed`.

/** What to capture: the only argument, as JSON. */
export interface ChildPlan {
	readonly engine: "packet" | "cap";
	readonly ports: readonly EnginePort[];
	readonly snapLength: number;
	readonly bufferBytes: number;
	readonly filter: string | null;
	/** Print every frame, or only count them. */
	readonly printsFrames: boolean;
	/** Take no more than so many frames at once; null: as many as there are. */
	readonly atOnce: number | null;
}

/** What was captured, and what it took. */
export interface ChildCounts {
	readonly frames: Readonly<Record<string, number>>;
	readonly drops: readonly PortDrops[];
	/** Of this process and those it started. */
	readonly cpuMs: number;
	/** Resident set in MB, second by second. */
	readonly megabytes: readonly number[];
	/** Of one core, in percent, second by second; of this process alone. */
	readonly cpuPercents: readonly number[];
}

const msPerTick = 10;
const waitMs = 100;
/** As the recorder does: the next frames are read by the hundred. */
const batchMs = 5;

const plan = JSON.parse(process.argv[2] ?? "") as ChildPlan;
const create = plan.engine === "cap" ? createCapEngine : createPacketEngine;
const engine = create({
	snapLength: plan.snapLength,
	bufferBytes: plan.bufferBytes,
	filter: plan.filter,
	onPortEnd: ({ port, reason }) => print(`end ${port.name} ${reason}`),
	onNotice: (message) => print(`notice ${message}`),
});
let isOver = false;
process.on("SIGTERM", () => {
	isOver = true;
});
process.on("SIGUSR2", () => {
	engine.close(plan.ports[0] as EnginePort);
	print("closed");
});
for (const port of plan.ports) {
	const failure = await engine.open(port);
	if (failure !== null) {
		print(`end ${port.name} ${failure.reason}`);
	}
}
print("ready");
print(`counts ${JSON.stringify(await capture(engine))}`);
await engine.stop();

async function capture(engine: CaptureEngine): Promise<ChildCounts> {
	const frames: Record<string, number> = {};
	const megabytes: number[] = [];
	const cpuPercents: number[] = [];
	let sum = 0;
	const take = (frame: EngineFrame) => {
		frames[frame.port.name] = (frames[frame.port.name] ?? 0) + 1;
		sum += 1;
		if (plan.printsFrames) {
			print(describe(frame));
		}
		return plan.atOnce === null || sum % plan.atOnce !== 0;
	};
	const begun = process.cpuUsage();
	let last = begun;
	const timer = setInterval(() => {
		const used = process.cpuUsage(last);
		last = process.cpuUsage();
		cpuPercents.push(Math.round((used.user + used.system) / 10_000));
		megabytes.push(Math.round(process.memoryUsage.rss() / 1e6));
	}, 1000);
	while (!isOver) {
		const before = sum;
		await engine.wait(waitMs);
		engine.drain(now(), take);
		if (sum > before) {
			await new Promise((resolve) => setTimeout(resolve, batchMs));
		}
	}
	const end = now();
	while (!engine.drain(end, take)) {
		await engine.wait(waitMs);
	}
	clearInterval(timer);
	const { user, system } = process.cpuUsage(begun);
	const drops = engine.readDrops();
	const cpuMs = (user + system) / 1000 + (await readChildrenCpu());
	return { frames, drops, cpuMs, megabytes, cpuPercents };
}

function now() {
	const ms = Date.now();
	return { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1e6 };
}

function describe(frame: EngineFrame): string {
	const { port, seconds, nanos, flags, length, bytes, start, captured } = frame;
	const hex = bytes.toString("hex", start, start + captured);
	const time = `${seconds}.${String(nanos).padStart(9, "0")}`;
	return `frame ${port.name} ${time} ${flags} ${length} ${hex}`;
}

function print(line: string): void {
	process.stdout.write(`${line}\n`);
}

/** From /proc, of the processes that an engine has started: user and system time, in ms. */
async function readChildrenCpu(): Promise<number> {
	const self = `/proc/${process.pid}/task/${process.pid}/children`;
	let ticks = 0;
	for (const pid of (await readFile(self, "utf8")).split(" ")) {
		if (pid !== "") {
			const stat = await readFile(`/proc/${pid}/stat`, "utf8");
			// The name of the program, in brackets, is field 2; times are fields 14 and 15.
			const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
			ticks += Number(fields[11]) + Number(fields[12]);
		}
	}
	return ticks * msPerTick;
}
