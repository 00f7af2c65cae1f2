import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { test } from "node:test";
import { runCommand, stateJson, stateText } from "../../src/host/command.js";
import { makeHost } from "./fake-tools.js";

const debian = { "etc/os-release": "NAME=x\nID=debian\n" };

test("stateJson() gives what a tool prints as JSON, and names the command", async (t) => {
	const { options } = await makeHost(t, { ip: `echo '[{"ifname":"br0"}]'` });
	assert.deepEqual(await stateJson(["ip", "-j", "link"], options), {
		source: "ip -j link",
		output: [{ ifname: "br0" }],
		gap: null,
	});
});

test("stateJson() takes silence for an empty list", async (t) => {
	const { options } = await makeHost(t, { ip: "exit 0" });
	assert.deepEqual((await stateJson(["ip"], options)).output, []);
});

test("stateJson() tells of JSON that cannot be read", async (t) => {
	const { options } = await makeHost(t, { bridge: `printf '[{"a":\\033[31m'` });
	assert.deepEqual(await stateJson(["bridge"], options), {
		source: "bridge",
		output: null,
		gap: { reason: "it prints JSON that cannot be read", fix: "update bridge" },
	});
});

test("stateText() gives arguments to no shell", async (t) => {
	const { options } = await makeHost(t, { virsh: `printf '<%s>' "$@"` });
	const { output } = await stateText(["virsh", "a b; $(id)", "*"], options);
	assert.equal(output, "<a b; $(id)><*>");
});

test("runCommand() asks for English and UTC, and gives no input", async (t) => {
	const tool = `echo "$LC_ALL $TZ"; read -r line || echo ended`;
	const { options } = await makeHost(t, { ip: tool });
	const { stdout } = await runCommand(["ip"], options);
	assert.equal(stdout, "C UTC\nended");
});

test("runCommand() says which package has a tool that is missing", async (t) => {
	const systems = [
		["ID=debian", "apt install libvirt-clients"],
		['ID=ubuntu\nID_LIKE="debian"', "apt install libvirt-clients"],
		['ID="almalinux"\nID_LIKE="rhel fedora"', "dnf install libvirt-client"],
		["ID=opensuse-leap", "zypper install libvirt-client"],
		["ID=arch", "pacman -S libvirt"],
		["ID=nixos", "install libvirt-client"],
	] as const;
	for (const [release, fix] of systems) {
		const { options } = await makeHost(t, {}, { "etc/os-release": release });
		const { gap } = await runCommand(["virsh", "list"], options);
		assert.deepEqual(gap, { reason: "virsh is not installed", fix });
	}
});

test("runCommand() knows no package of a tool it does not know", async (t) => {
	const { options } = await makeHost(t, {}, debian);
	const { gap } = await runCommand(["systemd-detect-virt"], options);
	assert.deepEqual(gap, {
		reason: "systemd-detect-virt is not installed",
		fix: null,
	});
});

test("runCommand() says what to do when permission is denied", async (t) => {
	const says = [
		"Operation not permitted (you must be root)",
		"Could not fetch rule set generation id: Permission denied",
	];
	for (const line of says) {
		const { options } = await makeHost(t, {
			nft: `echo '${line}' >&2; exit 1`,
		});
		const { gap } = await runCommand(["nft"], options);
		assert.deepEqual(gap, { reason: "permission denied", fix: "run as root" });
	}
});

test("runCommand() gives the first line of what a tool that fails says", async (t) => {
	const { options } = await makeHost(t, {
		virsh: `printf '\\nerror: no such thing\\nerror: really\\n' >&2; exit 7`,
		ip: "exit 3",
		bridge: "kill -SEGV $$",
		nft: `i=0; while [ $i -lt 50 ]; do printf 'a very long line ' >&2; i=$((i+1)); done; exit 1`,
	});
	const reason = async (tool: string) =>
		(await runCommand([tool], options)).gap?.reason;
	assert.equal(await reason("virsh"), "no such thing");
	assert.equal(await reason("ip"), "ip: exit code 3");
	assert.equal(await reason("bridge"), "bridge: ended by SIGSEGV");
	assert.equal((await reason("nft"))?.length, 201);
});

test("runCommand() takes an exit code that is no failure", async (t) => {
	const { options } = await makeHost(t, {
		"systemd-detect-virt": "echo none; exit 1",
	});
	const { stdout, gap } = await runCommand(["systemd-detect-virt"], options, {
		exitCodes: [1],
	});
	assert.deepEqual([stdout, gap], ["none", null]);
});

test("runCommand() ends a tool that hangs, and what it started with an open output", async (t) => {
	const { options } = await makeHost(t, {
		ip: "/bin/sleep 3 & /bin/sleep 3",
		virsh: "exec /bin/sleep 20",
	});
	for (const tool of ["ip", "virsh"]) {
		const { gap } = await runCommand([tool], options, { timeoutMs: 100 });
		assert.deepEqual(gap, { reason: "no answer within 0.1 s", fix: null });
	}
});

test("runCommand() ends a tool that prints without end", async (t) => {
	const { options } = await makeHost(t, { nft: "exec /usr/bin/yes rule" });
	const { gap } = await runCommand(["nft"], options, { outputLimit: 1 << 20 });
	assert.deepEqual(gap, { reason: "it prints more than 1 MiB", fix: null });
});

test("runCommand() ends at once when nobody waits any more", async (t) => {
	const { options } = await makeHost(t, { ip: "/bin/sleep 3 & /bin/sleep 3" });
	const abort = new AbortController();
	const ended = runCommand(["ip"], { ...options, signal: abort.signal });
	abort.abort();
	assert.notEqual((await ended).gap, null);
});

test("runCommand() does not throw at what is no program or no argument", async (t) => {
	const { options } = await makeHost(t, { ip: "exit 0" });
	assert.notEqual((await runCommand(["/"], options)).gap, null);
	assert.notEqual((await runCommand(["ip", "a\0b"], options)).gap, null);
});

test("runCommand() starts nothing when nobody waits any more", async (t) => {
	const { options, notes } = await makeHost(t, { ip: "echo > $NOTES/started" });
	const signal = AbortSignal.abort();
	const { gap } = await runCommand(["ip"], { ...options, signal });
	assert.notEqual(gap, null);
	assert.deepEqual(await readdir(notes), []);
});

test("runCommand() ends one soon that fills standard error with controls", async (t) => {
	const tool = "/usr/bin/head -c 60000000 /dev/zero >&2; exit 1";
	const { options } = await makeHost(t, { ip: tool });
	const begin = performance.now();
	const { stderr, gap } = await runCommand(["ip"], options);
	assert.deepEqual(gap, { reason: "it prints more than 16 MiB", fix: null });
	assert.equal(stderr.length, 16 << 20);
	// It took ten seconds, in which nothing else went on.
	assert.ok(performance.now() - begin < 4000);
});

test("stateJson() reads names that hold control characters, as ip prints them", async (t) => {
	const tool = `printf '[{"ifname":"\\033[31m\\001\\\\"x"},\\n\\t{}]'`;
	const { options } = await makeHost(t, { ip: tool });
	const { output } = await stateJson(["ip"], options);
	assert.deepEqual(output, [{ ifname: '\u001b[31m\u0001"x' }, {}]);
});
