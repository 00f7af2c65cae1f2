import type { Readable } from "node:stream";
import { execa } from "execa";
import type { Command } from "./command.js";
import { environmentOf, type HostOptions } from "./host-options.js";

/** A program that runs for as long as we listen, and is started again when it ends. */
export interface Monitor {
	/** Whether it runs now. */
	readonly isUp: boolean;
	/** Ends it for good. */
	stop(): Promise<void>;
}

/** Who listens to it. */
export interface MonitorListener {
	/** It was started: what happened while it was not running, nobody told. */
	onStart(): void;
	/** A line of its standard output. */
	onLine(line: string): void;
}

/** What is waited before it is started again; doubled each time it ends at once. */
const firstPauseMs = 500;
const longestPauseMs = 30_000;

/** One that has run so long works. */
const provenMs = 5000;

/** Characters; what is longer is no line of ours, and its rest is dropped. */
const lineLimit = 4096;

/** Starts a program that prints a line when something changes. */
export function startMonitor(
	command: Command,
	options: HostOptions,
	listener: MonitorListener,
): Monitor {
	let isStopped = false;
	let pauseMs = firstPauseMs;
	let pause: NodeJS.Timeout | undefined;
	let running: Running | null = null;

	const start = () => {
		const startedAt = performance.now();
		const child = runMonitor(command, options, listener);
		running = child;
		child.ended.then(() => {
			running = null;
			const isProven = performance.now() - startedAt > provenMs;
			pauseMs = isProven ? firstPauseMs : Math.min(pauseMs * 2, longestPauseMs);
			if (!isStopped) {
				pause = setTimeout(start, pauseMs).unref();
			}
		});
	};
	start();

	return {
		get isUp() {
			return running !== null;
		},
		stop: async () => {
			isStopped = true;
			clearTimeout(pause);
			running?.end();
			await running?.ended;
		},
	};
}

interface Running {
	readonly ended: Promise<unknown>;
	end(): void;
}

function runMonitor(
	[program, ...args]: Command,
	options: HostOptions,
	listener: MonitorListener,
): Running {
	const child = execa(program, args, {
		env: environmentOf(options),
		stdio: ["ignore", "pipe", "ignore"],
		buffer: false,
		reject: false,
		forceKillAfterDelay: 1000,
		cwd: "/",
	});
	child.on("spawn", () => listener.onStart());
	readLines(child.stdout, (line) => listener.onLine(line));
	return { ended: child, end: () => child.kill("SIGTERM") };
}

function readLines(stream: Readable, take: (line: string) => void): void {
	let rest = "";
	stream.setEncoding("utf8");
	stream.on("data", (chunk: string) => {
		const lines = (rest + chunk).split("\n");
		rest = (lines.pop() ?? "").slice(0, lineLimit);
		for (const line of lines) {
			take(line);
		}
	});
}
