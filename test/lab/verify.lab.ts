import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cli } from "../commands/program.js";
import { ping, requestLease, takeLease } from "./clients.js";
import { withLab } from "./lab.js";
import { startProgram } from "./live-program.js";
import { nameOf, startQemu } from "./live-qemu.js";
import { settle, startPings } from "./live-traffic.js";
import { readVerdict, startVerify, verifiedLog } from "./live-verify.js";
import { loadRules } from "./namespaces.js";
import { natNetwork, router, vms } from "./plan.js";
import { findObstacle } from "./requirements.js";
import { startNatDhcp, startRouterDhcp } from "./services.js";

const obstacle = await findObstacle();

const asNobody = [
	"setpriv",
	...["--reuid=65534", "--regid=65534", "--clear-groups"],
	...["--inh-caps=-all", "--bounding-set=-all", "--no-new-privs"],
];

const dropOffers = [
	"table bridge filter {",
	"chain forward {",
	"type filter hook forward priority 0;",
	'oifname "vnet0" udp sport 67 udp dport 68 counter drop',
	"}",
	"}",
];

describe("vmpath verify", { skip: obstacle ?? false }, () => {
	test("dhcp ends with 0 as soon as the VM has its lease", async (context) => {
		await withLab(async (lab) => {
			await startQemu(lab, "vm1");
			await startRouterDhcp(lab, "offers-at-once");
			const verifying = await startVerify(lab, [
				...["dhcp", nameOf("vm1"), "--format", "json"],
			]);
			const begun = performance.now();
			const ip = await takeLease(lab, "vm1");
			const run = await verifying.end(15_000);
			const took = performance.now() - begun;
			context.diagnostic(`verdict ${took.toFixed(0)} ms after the DISCOVER`);
			assert.ok(took < 6000, `${took} ms`);
			const verdict = await readVerdict(run);
			assert.match(
				run.stderr,
				/^vmpath: watching [^\n]*vnet0[^\n]* for DHCP of VM1\n$/,
			);
			assert.equal(verdict.outcome, "delivered");
			assert.equal(verdict.exchange?.lease?.address, ip);
			assert.match(
				verdict.sentence,
				new RegExp(`^VM1 got ${ip} from ${router.ip} in [\\d.]+ m?s$`),
			);
		});
	});

	test("dhcp ends with 2 when a rule of the bridge drops the OFFERs, and proves it", async () => {
		await withLab(async (lab) => {
			await startQemu(lab, "vm1");
			await startRouterDhcp(lab, "offers-at-once");
			await loadRules(lab.namespaces.kvmhost, dropOffers);
			const verifying = await startVerify(lab, ["dhcp", "VM1"]);
			await requestLease(lab, "vm1");
			const { exitCode, stdout } = await verifying.end(20_000);
			assert.match(
				stdout.toString(),
				/^CRITICAL: The OFFER for VM1 entered at ens3 and never reached vnet0: bridge-filter-drop \(proven\)/,
			);
			assert.match(stdout.toString(), /its counter rose from 0 to [1-9]/);
			assert.equal(exitCode, 2);
			const args = ["verify", "dhcp", "VM1", "--read", verifiedLog(lab)];
			const again = await startProgram(lab, args).end();
			assert.equal(again.stdout.toString(), stdout.toString());
		});
	});

	test("dhcp ends with 2 when the question leaves and nobody answers", async () => {
		await withLab(async (lab) => {
			await startQemu(lab, "vm1");
			const verifying = await startVerify(lab, ["dhcp", vms.vm1.mac]);
			await requestLease(lab, "vm1", 5);
			const { exitCode, stdout } = await verifying.end(20_000);
			assert.match(
				stdout.toString(),
				/^CRITICAL: VM1's DISCOVER left by ens3 (three|four|five) times in [\d.]+ s and no OFFER came back: the trouble is beyond ens3/,
			);
			assert.equal(exitCode, 2);
		});
	});

	test("dhcp ends with 3 when nothing is seen, and says what to do", async () => {
		await withLab(async (lab) => {
			await startQemu(lab, "vm1");
			await settle(lab, "vm1");
			const begun = performance.now();
			const verifying = await startVerify(lab, [
				...["dhcp", "VM1", "--timeout", "3", "--format", "json"],
			]);
			const run = await verifying.end(15_000);
			const took = performance.now() - begun;
			assert.ok(took > 3000 && took < 10_000, `${took} ms`);
			const verdict = await readVerdict(run);
			assert.equal(verdict.exit, 3);
			assert.equal(verdict.exchange, null);
			assert.match(verdict.sentence, /^No DHCP of VM1 was seen: /);
			assert.match(verdict.advice.join("\n"), /dhclient -r; dhclient/);
		});
	});

	test("dhcp says on Ctrl-C, also when it comes again, what was seen so far", async () => {
		await withLab(async (lab) => {
			await startQemu(lab, "vm1");
			const verifying = await startVerify(lab, [
				...["dhcp", "vnet0", "--format", "json"],
			]);
			await requestLease(lab, "vm1", 1);
			// Two that are not taken for one, as who is impatient sends them.
			verifying.signal("SIGINT");
			verifying.signal("SIGTERM");
			const verdict = await readVerdict(await verifying.end());
			assert.equal(verdict.exit, 3);
			assert.equal(verdict.outcome, "inconclusive");
			assert.match(verdict.sentence, /^Whether DHCP reaches VM1 cannot be/);
		});
	});

	test("dhcp finds a server that is not expected", async () => {
		await withLab(async (lab) => {
			await startQemu(lab, "vm1");
			await startRouterDhcp(lab, "offers-at-once");
			const expected = ["--server", "192.168.100.250"];
			const verifying = await startVerify(lab, [
				...["dhcp", "VM1", "--format", "json", ...expected],
			]);
			await takeLease(lab, "vm1");
			const verdict = await readVerdict(await verifying.end(15_000));
			assert.equal(verdict.outcome, "degraded");
			assert.deepEqual(
				verdict.causes.map(({ id }) => id),
				["rogue-dhcp-server"],
			);
		});
	});

	test("dhcp --all has a row a VM and the worst exit code", async () => {
		await withLab(async (lab) => {
			await startQemu(lab, "vm1");
			await startQemu(lab, "vm3");
			await startRouterDhcp(lab, "offers-at-once");
			await startNatDhcp(lab);
			const verifying = await startVerify(lab, [
				...["dhcp", "--all", "--timeout", "30s"],
			]);
			const ips = [await takeLease(lab, "vm1"), await takeLease(lab, "vm3")];
			const { exitCode, stdout, stderr } = await verifying.end(25_000);
			assert.equal(exitCode, 0, stderr);
			const text = stdout.toString();
			assert.match(text, /^OK: DHCP reaches 2 of 2 VMs; well: /);
			assert.match(text, new RegExp(`VM1 +delivered +VM1 got ${ips[0]} from`));
			assert.match(text, new RegExp(`VM3 +delivered +VM3 got ${ips[1]} from`));
		});
	});

	test("gateway ends with 0 when the VM's ping is answered", async () => {
		await withLab(async (lab) => {
			await startQemu(lab, "vm1");
			await settle(lab, "vm1");
			const verifying = await startVerify(lab, [
				...["gateway", "VM1", "--format", "json"],
			]);
			await ping(lab, "vm1", router.ip, { count: 1 });
			const verdict = await readVerdict(await verifying.end(15_000));
			assert.equal(verdict.outcome, "delivered");
			assert.match(
				verdict.sentence,
				/^VM1 reaches its gateway 192\.168\.100\.1/,
			);
		});
	});

	test("gateway ends though the VM goes on pinging", async () => {
		await withLab(async (lab) => {
			await settle(lab, "vm1");
			const pings = startPings(lab, "vm1", { intervalSeconds: 0.3 });
			const verifying = await startVerify(lab, ["gateway", vms.vm1.mac]);
			const { exitCode, stdout } = await verifying.end(20_000);
			await pings.stop();
			assert.match(stdout.toString(), /^OK: [^\n]* reaches its gateway/);
			assert.equal(exitCode, 0);
		});
	});

	test("gateway behind NAT ends with 0 once a ping went out and back", async () => {
		await withLab(async (lab) => {
			await startQemu(lab, "vm3");
			await startNatDhcp(lab);
			await takeLease(lab, "vm3");
			const verifying = await startVerify(
				lab,
				["gateway", "VM3", "--format", "json"],
				vms.vm3.tap,
			);
			await ping(lab, "vm3", natNetwork.ip, { count: 1 });
			await ping(lab, "vm3", "203.0.113.9", { count: 2 });
			const verdict = await readVerdict(await verifying.end(15_000));
			assert.equal(verdict.outcome, "delivered", verdict.sentence);
			assert.match(verdict.sentence, /203\.0\.113\.9 beyond it answered/);
		});
	});

	test("of a VM that is not there says so in one line, with 3", async () => {
		await withLab(async (lab) => {
			await startQemu(lab, "vm1");
			const program = startProgram(lab, ["verify", "dhcp", "VM9"]);
			const { exitCode, stdout, stderr } = await program.end(15_000);
			assert.equal(exitCode, 3);
			assert.equal(stdout.toString(), "");
			assert.match(stderr, /^vmpath: there is no VM VM9: there is VM1\n$/);
		});
	});

	test("without privileges says so in one line, with 3", async (context) => {
		await withLab(async (lab) => {
			const options = { wrapper: asNobody };
			const help = await startProgram(lab, ["--help"], options).end();
			if (help.exitCode !== 0) {
				context.skip(`nobody may not read ${cli}`);
				return;
			}
			const program = startProgram(lab, ["verify", "dhcp", "VM1"], options);
			const { exitCode, stdout, stderr } = await program.end();
			assert.equal(exitCode, 3);
			assert.equal(stdout.toString(), "");
			assert.match(stderr, /^vmpath: capturing needs root[^\n]*\n$/);
		});
	});
});
