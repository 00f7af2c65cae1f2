import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { execa } from "execa";
import { run } from "../lab/command.js";
import { router } from "../lab/plan.js";
import { waitFor } from "../lab/wait.js";
import { anonymizeLog, someRelease } from "./anonymize-log.js";
import type { Guest } from "./guest.js";
import { type LibvirtHost, withLibvirtHost } from "./libvirt-host.js";
import { Actor, type Course, courses } from "./log-courses.js";
import type { LogTruth } from "./log-truth.js";
import { vmpathOn } from "./vmpath.js";

const into = fileURLToPath(
	new URL("../../../fixtures/recordings/", import.meta.url),
);

const names = process.argv.slice(2);
for (const course of courses) {
	if (names.length === 0 || names.includes(course.name)) {
		await withLibvirtHost((host) => record(host, course));
	}
}

/** Has vmpath record a course, and keeps the log, what it told of the host, and the truth. */
async function record(host: LibvirtHost, course: Course): Promise<void> {
	await course.prepare(host);
	const vms = await describeGuests(host);
	const topology = await run(vmpathOn(host, "topology", "--format", "json"));
	const log = join(host.directory, "log.pcapng");
	const actor = new Actor((guest) => untilLogged(log, guest));
	const stop = await startRecording(host, log);
	await course.play(host, actor);
	// Whatever is under way settles while the host alone says something.
	await run(host.inside(["ping", "-c", "4", "-i", "0.5", router.ip]));
	await stop();
	const bytes = await readFile(log);
	anonymizeLog(bytes);
	const { name, what } = course;
	const truth: LogTruth = { name, what, vms, acts: actor.acts };
	const files = {
		"log.pcapng.gz": gzipSync(bytes, { level: 9 }),
		"topology.json": `${forgetMachine(topology)}\n`,
		"truth.json": `${JSON.stringify(truth, null, "\t")}\n`,
	};
	const directory = join(into, name);
	await mkdir(directory, { recursive: true });
	for (const [file, content] of Object.entries(files)) {
		await writeFile(join(directory, file), content);
	}
}

async function describeGuests({
	guests,
}: LibvirtHost): Promise<LogTruth["vms"]> {
	return Promise.all(
		Object.values(guests).map(async ({ plan, state, tap }) => {
			const { name, uuid, mac, gateway, source } = plan;
			const bridged = source.kind === "bridge";
			const way = bridged ? ["br0", "ens3"] : ["virbr0", "br0", "ens3"];
			const now = { state: await state(), tap: await tap() };
			return { name, uuid, mac, ...now, way, gateway };
		}),
	);
}

/** Waits until it captures; the log begins with what the host says. */
async function startRecording(
	host: LibvirtHost,
	log: string,
): Promise<() => Promise<void>> {
	const [program, ...args] = vmpathOn(host, "record", "-w", log);
	const child = execa(program, args, { stdin: "ignore", reject: false });
	let messages = "";
	child.stderr.on("data", (chunk) => {
		messages += String(chunk);
	});
	const stop = async () => {
		child.kill("SIGINT");
		const { exitCode } = await child;
		if (exitCode !== 0 || !/, 0 lost/.test(messages)) {
			throw new Error(`recording ended with ${exitCode}: ${messages}`);
		}
	};
	host.teardown.add(async () => {
		child.kill("SIGKILL");
		await child;
	});
	await waitFor("the recording to begin", 15_000, async () => {
		const size = (await stat(log).catch(() => null))?.size ?? 0;
		const bytes = size > 0 ? await readFile(log) : Buffer.alloc(0);
		return bytes.includes('"type":"capture"') ? true : undefined;
	});
	return stop;
}

/** Waits until the log's last word of a guest is libvirt's: its state, and its tap. */
async function untilLogged(
	log: string,
	{ plan, state, tap }: Guest,
): Promise<void> {
	const [said, name] = [await state(), await tap()];
	await waitFor(`${plan.name} to be ${said} in the log`, 15_000, async () => {
		const text = await readFile(log, "latin1");
		const documents = text.split('"type":"host-');
		const last = (type: string) =>
			documents.findLast((document) => document.startsWith(`${type}"`)) ?? "";
		const [, domain = ""] = last("domains").split(`"${plan.uuid}","state":`);
		const [rest = ""] = domain.split('"uuid":');
		const hasTap =
			name === null
				? !rest.includes("<target dev=")
				: rest.includes(`<target dev='${name}'`) &&
					last("links").includes(`"ifname":"${name}"`);
		return rest.startsWith(`"${said}"`) && hasTap ? true : undefined;
	});
}

function forgetMachine(topology: string): string {
	const parsed = JSON.parse(topology);
	const machine = { kernel: someRelease, virtualization: "none" };
	return JSON.stringify({ ...parsed, host: { ...parsed.host, ...machine } });
}
