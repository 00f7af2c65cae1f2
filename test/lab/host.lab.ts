import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import type {
	HostDocument,
	HostDocumentType,
	Json,
} from "../../src/model/host-document.js";
import { startChild } from "./child.js";
import { type Command, run, tryRun } from "./command.js";
import { type HostMachine, withHostMachine } from "./host-machine.js";
import { inNamespace, runIp } from "./namespaces.js";
import { findObstacle } from "./requirements.js";

const child = fileURLToPath(new URL("host-child.js", import.meta.url));
const obstacle = (await findObstacle()) ?? (await findMissing());

async function findMissing(): Promise<string | null> {
	for (const tool of ["virsh", "socat", "iptables"]) {
		const { exitCode } = await tryRun([
			tool,
			tool === "socat" ? "-V" : "--version",
		]);
		if (exitCode !== 0) {
			return `it needs ${tool}`;
		}
	}
	return null;
}

describe("the host", { skip: obstacle ?? false }, () => {
	test("in a namespace of its own", (t) =>
		withHostMachine(async (machine) => {
			await t.test(
				"readAllHostDocuments() says what ip, bridge and virsh say",
				() => saysWhatToolsSay(machine),
			);
			await t.test(
				"createHostReader() follows links that come, go and are renamed",
				(t) => followsLinks(t, machine),
			);
			await t.test("readAllHostDocuments() finds a thousand domains", (t) =>
				findsAThousand(t, machine),
			);
			await t.test(
				"readAllHostDocuments() says what it may not read, and what to do",
				(t) => saysWhatItMayNotRead(t, machine),
			);
		}));
});

async function saysWhatToolsSay(machine: HostMachine): Promise<void> {
	const documents = await readAll(machine, machine.uri);
	const links = rows(documents, "host-links", /^ip /);
	const shown = await run(["ip", "-n", machine.namespace, "-br", "link"]);
	assert.deepEqual(
		links.map(({ ifname }) => ifname),
		shown
			.trim()
			.split("\n")
			.map((line) => line.split(/[@\s]/)[0]),
	);
	const ports = rows(documents, "host-links", /^bridge /);
	const bridge = ["bridge", "-n", machine.namespace, "link"] as const;
	assert.equal(ports.length, (await run(bridge)).trim().split("\n").length);

	for (const name of ["VM1", "VM2", "VM3"]) {
		const domains = rows(documents, "host-domains", /dumpxml$/);
		const domain = domains.find(({ xml }) =>
			String(xml).includes(`<name>${name}</name>`),
		);
		const virsh: Command = ["virsh", "-c", machine.uri];
		const state = await run([...virsh, "domstate", name]);
		assert.equal(domain?.state, state.trim());
		const cards = await run([...virsh, "-q", "domiflist", name]);
		const [tap = "", , , , mac = ""] = cards.trim().split(/\s+/);
		assert.ok(String(domain?.xml).includes(`<target dev='${tap}'/>`));
		assert.ok(String(domain?.xml).includes(`<mac address='${mac}'/>`));
		assert.ok(!String(domain?.xml).includes("secret"));
	}
	const gaps = documents.flatMap(({ statements }) =>
		statements.flatMap(({ source, gap }) => (gap ? [source] : [])),
	);
	assert.deepEqual(
		gaps.filter((source) => source !== "systemd-detect-virt"),
		[],
	);
}

async function followsLinks(
	t: TestContext,
	machine: HostMachine,
): Promise<void> {
	const { namespace, uri, teardown } = machine;
	const watch = startChild(
		inNamespace(namespace, [process.execPath, child, "watch", uri]),
	);
	teardown.add(() => watch.stop("SIGTERM"));
	await watch.saying(/^watching$/m);
	const follow = (line: string, pattern: RegExp) =>
		time(t, line, async () => {
			await runIp(namespace, [line]);
			await watch.saying(pattern);
		});
	const link = (says: string) => saying("host-links", `.*"ifname":${says}`);
	await follow("link add vm9 type veth peer name vm9p", link('"vm9"'));
	await follow("link set vm9 master br0", link('"vm9",[^{}]*"master":"br0"'));
	await follow("link set vm9 name vm9b", link('"vm9b",[^{}]*"master":"br0"'));
	await follow("tuntap add tap-new mode tap", link('"tap-new"'));
	await follow(
		"address add 10.9.9.1/24 dev vm9p",
		saying("host-addresses", ".*10\\.9\\.9\\.1"),
	);
	await follow(
		"route add 10.8.0.0/16 via 192.168.100.1",
		saying("host-routes", ".*10\\.8\\.0\\.0/16"),
	);
	await follow(
		"neighbour add 192.168.100.77 lladdr 52:54:00:00:00:77 dev br0",
		saying("host-neighbours", ".*192\\.168\\.100\\.77"),
	);
	await follow(
		"link del vm9b",
		saying("host-links", '(?!.*"vm9b")', '"ifname":"vm9b"'),
	);

	const text = await watch.stop("SIGTERM");
	assert.match(text, /^stopped$/m);
	const left = await run(["ip", "netns", "pids", namespace]);
	for (const pid of left.split("\n").filter(Boolean)) {
		const { stdout } = await tryRun(["cat", `/proc/${pid}/cmdline`]);
		assert.match(stdout, /^(socat|dnsmasq)/);
	}
}

async function findsAThousand(
	t: TestContext,
	machine: HostMachine,
): Promise<void> {
	const file = join(machine.directory, "thousand.xml");
	await writeFile(file, `<node>${thousand.join("\n")}</node>`);
	const documents = await time(t, "a thousand domains", () =>
		readAll(machine, `test://${file}`),
	);
	const domains = rows(documents, "host-domains", /dumpxml$/);
	const taps = domains.map(
		({ xml }) => /target dev='([^']+)'/.exec(String(xml))?.[1],
	);
	assert.deepEqual(
		taps,
		thousand.map((_, index) => `tap-vm${index}`),
	);
}

async function saysWhatItMayNotRead(
	t: TestContext,
	machine: HostMachine,
): Promise<void> {
	const nobody = ["setpriv", "--reuid=65534", "--clear-groups"] as const;
	const asNobody = [...nobody, process.execPath, child, "read"] as const;
	const readable = await tryRun([...nobody, "test", "-r", child]);
	if (readable.exitCode !== 0) {
		t.skip("this directory is readable by root alone");
		return;
	}
	const text = await run(inNamespace(machine.namespace, asNobody));
	const documents = JSON.parse(text) as HostDocument[];
	const gaps = documents.flatMap(({ statements }) =>
		statements.flatMap(({ gap }) => gap ?? []),
	);
	const fixes = gaps.map(({ fix }) => fix).sort();
	assert.ok(fixes.includes("run as root"), JSON.stringify(gaps));
	const links = rows(documents, "host-links", /^ip /);
	assert.ok(links.some(({ ifname }) => ifname === "tap-vm1"));
}

const thousand = Array.from({ length: 1000 }, (_, index) => {
	const hex = index.toString(16).padStart(4, "0");
	return `<domain type='test'><name>vm${index}</name><uuid>0000${hex}-0000-4000-8000-000000000000</uuid><memory>1024</memory><os><type>hvm</type></os><devices><interface type='bridge'><mac address='52:54:00:00:${hex.slice(0, 2)}:${hex.slice(2)}'/><source bridge='br0'/><target dev='tap-vm${index}'/></interface></devices></domain>`;
});

async function readAll(
	{ namespace }: HostMachine,
	uri: string,
): Promise<HostDocument[]> {
	const command: Command = [process.execPath, child, "read", uri];
	return JSON.parse(await run(inNamespace(namespace, command)));
}

type Row = { readonly [key: string]: Json };

/** The objects that a source listed. */
function rows(
	documents: readonly HostDocument[],
	type: HostDocumentType,
	source: RegExp,
): readonly Row[] {
	const document = documents.find((one) => one.type === type);
	const statement = document?.statements.find((one) => source.test(one.source));
	assert.ok(Array.isArray(statement?.output), `${type} ${source}`);
	return statement.output as readonly Row[];
}

/** Matches once a document of the type that was handed on after `after` says so. */
function saying(
	type: HostDocumentType,
	says: string,
	after = "^watching$",
): RegExp {
	return new RegExp(`${after}[\\s\\S]*^{"type":"${type}"${says}`, "m");
}

/** Says how long it took; how long it may take, the deadline within decides. */
async function time<T>(
	t: TestContext,
	what: string,
	act: () => Promise<T>,
): Promise<T> {
	const start = performance.now();
	const result = await act();
	t.diagnostic(`${what}: ${Math.round(performance.now() - start)} ms`);
	return result;
}
