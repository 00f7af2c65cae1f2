import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cli } from "../commands/program.js";
import { environment, type Program, type Run } from "./live-program.js";

/** `vmpath replay - --format jsonl` while it reads; it needs no host. */
export interface Replay {
	/** Hands it all that a recording has written and will write, as it comes. */
	follow(recording: Program): void;
	readonly ended: Promise<Run>;
}

/** Starts a replay of its standard input. */
export function startReplay(more: readonly string[] = []): Replay {
	const { child, ended } = start(more);
	return {
		follow: ({ read, stdout }) => {
			child.stdin.write(read());
			stdout.pipe(child.stdin);
		},
		ended,
	};
}

/** Replays a log that comes in pieces of so many bytes. */
export async function replayPieces(log: Buffer, size: number): Promise<Run> {
	const { child, ended } = start();
	for (let at = 0; at < log.length; at += size) {
		if (!child.stdin.write(log.subarray(at, at + size))) {
			await once(child.stdin, "drain");
		}
	}
	child.stdin.end();
	return ended;
}

function start(more: readonly string[] = []) {
	const args = [cli, "replay", "-", "--format", "jsonl", ...more];
	const child = spawn(process.execPath, args, { env: environment });
	const pieces: Buffer[] = [];
	let stderr = "";
	child.stdout.on("data", (bytes: Buffer) => pieces.push(bytes));
	child.stderr.on("data", (bytes: Buffer) => {
		stderr += bytes.toString();
	});
	const ended = new Promise<Run>((resolve) => {
		child.on("close", (exitCode) => {
			resolve({ exitCode, stdout: Buffer.concat(pieces), stderr });
		});
	});
	return { child, ended };
}

/** Two runs said the same, line by line. */
export function assertSame(one: Run, other: Run, what: string): void {
	assert.equal(other.exitCode, one.exitCode, what);
	assert.equal(other.stderr, one.stderr, what);
	const lines = one.stdout.toString().split("\n");
	const others = other.stdout.toString().split("\n");
	for (const [index, line] of lines.entries()) {
		assert.equal(others[index], line, `${what}: line ${index + 1}`);
	}
	assert.equal(others.length, lines.length, what);
}
