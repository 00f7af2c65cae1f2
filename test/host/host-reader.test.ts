import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { mock, type TestContext, test } from "node:test";
import { createHostReader } from "../../src/host/host-reader.js";
import { startMonitor } from "../../src/host/monitor.js";
import { readableTypes } from "../../src/host/read-document.js";
import {
	chooseToPoll,
	concernedBy,
	watchHost,
} from "../../src/host/watch-host.js";
import type { HostDocument } from "../../src/model/host-document.js";
import { makeHost } from "./fake-tools.js";

/**
 * An `ip` that prints the file `link` when it is asked for links, and as monitor what is
 * written into the pipe `news`. It ends with its standard input's writer or by a signal.
 */
const ip = `
case "$*" in
	*monitor*) exec /bin/cat <> "$NOTES/news";;
	*link*) exec /bin/cat "$NOTES/link";;
	*) echo '[]';;
esac`;

async function makeWatched(t: TestContext) {
	const host = await makeHost(t, { ip });
	const news = join(host.notes, "news");
	execFileSync("mkfifo", [news]);
	const setLinks = (...names: readonly string[]) =>
		writeFileSync(
			join(host.notes, "link"),
			JSON.stringify(names.map((ifname) => ({ ifname }))),
		);
	setLinks("br0");
	return {
		options: { connect: null, path: host.options.path ?? "" },
		setLinks,
		/** Blocks until the monitor reads. */
		tell: (line: string) => writeFileSync(news, `${line}\n`),
	};
}

test("createHostReader() hands on every document once, with the time before it was read", async (t) => {
	const { options } = await makeWatched(t);
	const before = Date.now() - 1;
	const read: HostDocument[] = [];
	const host = createHostReader({
		...options,
		onDocument: (document, readAt) => {
			read.push(document);
			assert.ok(readAt.seconds * 1000 + readAt.nanos / 1e6 >= before);
			assert.ok(readAt.seconds * 1000 + readAt.nanos / 1e6 <= Date.now());
		},
	});
	await host.readAll();
	assert.deepEqual(
		read.map(({ type }) => type).sort(),
		[...readableTypes].sort(),
	);
	await host.readAll();
	assert.equal(read.length, readableTypes.length);
	await host.stop();
});

test("createHostReader() hands on links that changed, once the monitor tells, and nothing after stop()", async (t) => {
	const { options, setLinks, tell } = await makeWatched(t);
	const seen: string[] = [];
	let onChange = () => {};
	const host = createHostReader({
		...options,
		onDocument: ({ type, statements }) => {
			if (type === "host-links") {
				seen.push(JSON.stringify(statements[0]?.output));
				onChange();
			}
		},
	});
	await host.readAll();
	const changed = new Promise<void>((resolve) => {
		onChange = resolve;
	});
	host.watch();
	setLinks("br0", "vnet0");
	tell("[LINK]9: vnet0: <UP>");
	await changed;
	assert.deepEqual(seen, [
		'[{"ifname":"br0"}]',
		'[{"ifname":"br0"},{"ifname":"vnet0"}]',
	]);
	await host.stop();
	setLinks();
	await host.readAll();
	assert.equal(seen.length, 2);
});

test("watchHost() tells that links may have changed when the monitor does", async (t) => {
	const { options, tell } = await makeWatched(t);
	let isTold = () => {};
	const told = new Promise<void>((resolve) => {
		isTold = resolve;
	});
	const watch = watchHost(options, (types) => {
		if (types.includes("host-links")) {
			isTold();
		}
	});
	tell("[LINK]9: vnet0: <UP>");
	await told;
	await watch.stop();
});

test("concernedBy() knows the subjects of `ip monitor` by their labels", () => {
	assert.deepEqual(concernedBy("[LINK]Deleted 5: vnet0: <BROADCAST>"), [
		...["host-links", "host-addresses", "host-vlans", "host-fdb"],
	]);
	assert.deepEqual(concernedBy("[ADDR]2: br0 inet 10.0.0.1/24"), [
		...["host-addresses", "host-routes"],
	]);
	assert.deepEqual(concernedBy("[ROUTE]default via 10.0.0.9"), ["host-routes"]);
	assert.deepEqual(concernedBy("[NEIGH]dev vnet3 lladdr fe:54 PERMANENT"), [
		...["host-neighbours", "host-fdb"],
	]);
	assert.deepEqual(concernedBy("[NETCONF]inet vnet3 rp_filter off"), [
		"host-sysctls",
	]);
	assert.equal(concernedBy("what is this").length, 7);
});

test("chooseToPoll() reads seldom what a monitor tells of, and all of it each minute", () => {
	const minute = (hasLinkEvents: boolean, hasDomainEvents: boolean) =>
		[1, 2, 3, 4, 5, 6].map((poll) => [
			...chooseToPoll(poll, hasLinkEvents, hasDomainEvents),
		]);
	const count = (polls: readonly string[][], type: string) =>
		polls.filter((types) => types.includes(type)).length;
	const eventful = minute(true, true);
	assert.equal(count(eventful, "host-links"), 1);
	assert.equal(count(eventful, "host-domains"), 1);
	assert.equal(count(eventful, "host-firewall"), 6);
	assert.equal(count(eventful, "host-sysctls"), 2);
	const silent = minute(false, false);
	assert.equal(count(silent, "host-links"), 6);
	assert.equal(count(silent, "host-domains"), 2);
	const others = ["host-system", "host-counters"];
	assert.deepEqual(
		[...new Set(eventful.flat())].sort(),
		readableTypes.filter((type) => !others.includes(type)).sort(),
	);
});

test("startMonitor() waits longer each time its program ends at once", async (t) => {
	const { options } = await makeHost(t, { ip: "exit 1" });
	mock.timers.enable({ apis: ["setTimeout"] });
	t.after(() => mock.timers.reset());
	const pauses: number[] = [];
	const monitor = startMonitor(["ip"], options, {
		onStart: () => {},
		onLine: () => {},
	});
	for (let run = 1; run <= 4; run += 1) {
		while (monitor.isUp) {
			await new Promise((resolve) => setImmediate(resolve));
		}
		let ms = 0;
		while (!monitor.isUp) {
			ms += 500;
			mock.timers.tick(500);
		}
		pauses.push(ms);
	}
	assert.deepEqual(pauses, [1000, 2000, 4000, 8000]);
	await monitor.stop();
});

test("startMonitor() gives whole lines, and drops what no line ends", async (t) => {
	const { options } = await makeHost(t, {
		ip: `printf 'one\\ntw'; printf 'o\\n'; i=0; while [ $i -lt 3000 ]; do printf 'endless '; i=$((i+1)); done; printf '\\nlast\\n'; exec /bin/sleep 3`,
	});
	const lines: string[] = [];
	let isDone = () => {};
	const done = new Promise<void>((resolve) => {
		isDone = resolve;
	});
	const monitor = startMonitor(["ip"], options, {
		onStart: () => {},
		onLine: (line) => {
			lines.push(line.slice(0, 8));
			if (line === "last") {
				isDone();
			}
		},
	});
	await done;
	assert.deepEqual(lines, ["one", "two", "endless ", "last"]);
	await monitor.stop();
});
