import assert from "node:assert/strict";
import { test } from "node:test";
import { readCounters } from "../../src/host/counters.js";
import { createHostReader } from "../../src/host/host-reader.js";
import type { HostDocument } from "../../src/model/host-document.js";
import { makeHost } from "./fake-tools.js";

const net = "sys/class/net";

test("readCounters() reads what taps dropped, and nothing of other interfaces", async (t) => {
	const { options } = await makeHost(
		t,
		{},
		{
			[`${net}/vnet0/tun_flags`]: "0x5002\n",
			[`${net}/vnet0/statistics/tx_dropped`]: "17\n",
			[`${net}/vnet1/tun_flags`]: "0x5002\n",
			[`${net}/vnet1/statistics/tx_dropped`]: "0\n",
			[`${net}/tap9/tun_flags`]: "0x5002\n",
			[`${net}/ens3/statistics/tx_dropped`]: "5\n",
		},
	);
	assert.deepEqual(await readCounters(options), [
		{
			source: "/sys/class/net/*/statistics/tx_dropped",
			output: { vnet0: 17, vnet1: 0 },
			gap: null,
		},
	]);
});

/** An iptables-save whose counter is the number of its runs. */
const counting = `
echo x >> "$NOTES/runs"
echo '*filter'
echo ":FORWARD DROP [$(/usr/bin/wc -l < "$NOTES/runs"):99]"
echo COMMIT`;

async function watchRules(
	t: Parameters<typeof makeHost>[0],
	tools: Readonly<Record<string, string>>,
) {
	const { options } = await makeHost(t, tools);
	const rules: string[] = [];
	const host = createHostReader({
		...options,
		onDocument: ({ type, statements }: HostDocument) => {
			const said = statements.find(({ source }) => /^iptables/.test(source));
			if (type === "host-firewall") {
				rules.push(`${said?.output}`.split("\n")[1] ?? "");
			}
		},
	});
	t.after(() => host.stop());
	await host.readAll();
	return { host, rules };
}

test("readCounters() of a reader hands on rules that differ in counters only", async (t) => {
	const { host, rules } = await watchRules(t, { "iptables-save": counting });
	await host.readAll();
	assert.equal(rules.length, 1);
	await host.readCounters("end", 10_000);
	assert.deepEqual(rules, [":FORWARD DROP [1:99]", ":FORWARD DROP [3:99]"]);
});

test("readCounters() of a reader waits no longer than it is told for a tool that hangs", async (t) => {
	const hanging = `${counting}\n[ -e "$NOTES/again" ] && exec /bin/sleep 60\n: > "$NOTES/again"`;
	const { host, rules } = await watchRules(t, { "iptables-save": hanging });
	const before = performance.now();
	await host.readCounters("end", 100);
	assert.ok(performance.now() - before < 3000);
	assert.equal(rules.length, 1);
});
