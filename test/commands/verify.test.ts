import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { discover, pcap, pcapng } from "./hostile-captures.js";
import { createFile, fixture, run } from "./program.js";

/** What is true of a scenario by construction. */
interface Truth {
	readonly vms: readonly {
		readonly name: string;
		readonly mac: string;
		readonly tap: string;
		readonly ip: string | null;
	}[];
	readonly router: { readonly ip: string };
	readonly fault: {
		readonly lastSeen: string;
		readonly firstMissing: string | null;
	} | null;
}

interface JsonVerdict {
	readonly type: string;
	readonly vm: string;
	readonly outcome: string;
	readonly sentence: string;
	readonly exit: number;
	readonly roundTripNs: number | null;
	readonly exchange: {
		readonly server: string | null;
		readonly lastSeen: string | null;
		readonly firstMissing: string | null;
		readonly lease: { readonly address: string } | null;
	} | null;
}

const url = new URL("../../../src/show/vmpath-1.schema.json", import.meta.url);
const schema = JSON.parse(readFileSync(url, "utf8"));
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
ajv.addSchema(schema);
const scenarios = readdirSync(dirname(fixture("healthy-bridged", "")));

function truthOf(scenario: string): Truth {
	return JSON.parse(readFileSync(fixture(scenario, "truth.json"), "utf8"));
}

function checkSchema(object: Record<string, unknown>): void {
	const validate = ajv.getSchema(`${schema.$id}#/$defs/${object.type}`);
	assert.ok(validate?.(object), JSON.stringify(validate?.errors));
}

function recordingOf(scenario: string): string[] {
	return [
		...["--read", fixture(scenario, "ports.pcapng")],
		...["--links", fixture(scenario, "links.txt")],
	];
}

/** Verifies as JSON: the exit code is that of the object, which is as the schema says. */
async function verify(
	subject: "dhcp" | "gateway",
	scenario: string,
	vm: string,
	...args: readonly string[]
): Promise<JsonVerdict> {
	const whole = ["verify", subject, vm, ...recordingOf(scenario), ...args];
	const { exitCode, stdout, stderr } = await run([
		...whole,
		"--format",
		"json",
	]);
	assert.match(stdout, /^\{[^\n]*\}\n$/, stderr);
	const verdict = JSON.parse(stdout);
	checkSchema(verdict);
	assert.equal(verdict.type, "verdict");
	assert.equal(exitCode, verdict.exit, stderr);
	return verdict;
}

/** The first VM of a scenario that asks there. */
function vmOf(scenario: string) {
	const [vm] = truthOf(scenario).vms;
	assert.ok(vm);
	return vm;
}

/** Scenarios, by what must come of DHCP of their first VM. */
const dhcpExits: Readonly<Record<string, readonly [number, string]>> = {
	"arp-and-announce": [3, "inconclusive"],
	"big-ping": [0, "delivered"],
	"dhcp-nak-and-renew": [1, "degraded"],
	"healthy-bridged": [0, "delivered"],
	"healthy-nat": [0, "delivered"],
	"nat-colliding-ids": [0, "delivered"],
	"nat-errors": [0, "delivered"],
	"nat-forward-drop": [0, "delivered"],
	"offer-lost-at-bridge": [2, "lost"],
	"proxied-arp": [3, "inconclusive"],
	"server-silent": [2, "unanswered"],
	"silent-vm": [3, "inconclusive"],
	"slow-server": [0, "delivered"],
	"two-dhcp-clients": [0, "delivered"],
	"uplink-gone": [2, "lost"],
	"vm-to-vm": [0, "delivered"],
};

describe("vmpath verify dhcp", () => {
	for (const scenario of scenarios) {
		const [exit, outcome] = dhcpExits[scenario] ?? [];
		test(`of ${scenario} is ${outcome}`, async () => {
			const { mac, ip } = vmOf(scenario);
			const verdict = await verify("dhcp", scenario, mac);
			assert.deepEqual([verdict.exit, verdict.outcome], [exit, outcome]);
			if (exit === 0) {
				assert.equal(verdict.exchange?.lease?.address, ip);
			}
			const { fault } = truthOf(scenario);
			if (exit === 2) {
				assert.equal(verdict.exchange?.lastSeen, fault?.lastSeen);
				assert.equal(verdict.exchange?.firstMissing, fault?.firstMissing);
			}
		});
	}

	test("knows the VM by MAC address, tap and IP address alike", async () => {
		const { mac, tap, ip } = vmOf("healthy-bridged");
		const sentences: string[] = [];
		for (const vm of [mac, tap, ip ?? ""]) {
			const { sentence } = await verify("dhcp", "healthy-bridged", vm);
			sentences.push(sentence.replace(vm, "VM"));
		}
		assert.deepEqual(
			[...new Set(sentences)],
			["VM got 192.168.100.99 from 192.168.100.1 in 34 ms"],
		);
	});

	const hasTshark = spawnSync("tshark", ["--version"]).error === undefined;
	test("takes as long as tshark says it took at the tap", {
		skip: !hasTshark && "tshark is not installed",
	}, async () => {
		const { mac, tap } = vmOf("healthy-bridged");
		const { stdout } = spawnSync("tshark", [
			...["-r", fixture("healthy-bridged", `${tap}.pcap`), "-Y", "dhcp"],
			...["-T", "fields", "-e", "frame.time_relative"],
		]);
		const times = String(stdout).trim().split("\n").map(Number);
		const seconds = (times.at(-1) ?? 0) - (times[0] ?? 0);
		const { roundTripNs } = await verify("dhcp", "healthy-bridged", mac);
		assert.ok(Math.abs((roundTripNs ?? 0) / 1e9 - seconds) < 1e-6);
	});

	test("says the sentence first, then the ladder, and performance data", async () => {
		const { tap } = vmOf("offer-lost-at-bridge");
		const { exitCode, stdout, stderr } = await run([
			...["verify", "dhcp", tap, ...recordingOf("offer-lost-at-bridge")],
			"--perfdata",
		]);
		assert.equal(exitCode, 2, stderr);
		assert.equal(stderr, "");
		const [first, , heading, discover, offer] = stdout.split("\n");
		assert.match(
			first ?? "",
			/^CRITICAL: The OFFER for vnet0 entered at ens3 and never reached vnet0: .* \| rtt=U$/,
		);
		assert.match(heading ?? "", /MESSAGE +vnet0 +br0 +ens3$/);
		assert.match(discover ?? "", /^● .* DISCOVER +→ +● +● +● \+\d/);
		assert.match(offer ?? "", /^✗ .* OFFER +← +✗ +● +●$/);
	});

	test("finds a server that --server does not name", async () => {
		const { mac } = vmOf("healthy-bridged");
		const { ip } = truthOf("healthy-bridged").router;
		const check = (server: string) =>
			verify("dhcp", "healthy-bridged", mac, "--server", server);
		assert.equal((await check(ip)).outcome, "delivered");
		const other = await check("192.168.100.250");
		assert.equal(other.outcome, "degraded");
		assert.match(other.sentence, /192\.168\.100\.1 answered, which is not/);
	});

	test("names the VM that --domain-xml tells of", async (context) => {
		const { mac } = vmOf("healthy-bridged");
		const xml = `<domain type='kvm'><name>web</name><devices><interface type='bridge'><mac address='${mac}'/><source bridge='br0'/></interface></devices></domain>`;
		const path = await createFile(context, "web.xml", xml);
		const verdict = await verify(
			...(["dhcp", "healthy-bridged", "web", "--domain-xml", path] as const),
		);
		assert.equal(
			verdict.sentence,
			"web got 192.168.100.99 from 192.168.100.1 in 34 ms",
		);
	});

	test("--all has every VM, and the worst exit code", async () => {
		const args = ["verify", "dhcp", "--all"];
		const recording = recordingOf("two-dhcp-clients");
		const text = await run([...args, ...recording]);
		assert.equal(text.exitCode, 0, text.stderr);
		assert.match(text.stdout, /^OK: DHCP reaches 2 of 2 VMs; well: /);
		const json = await run([...args, ...recording, "--format", "json"]);
		const object = JSON.parse(json.stdout);
		checkSchema(object);
		assert.equal(object.verdicts.length, 2);
		const none = await run([...args, ...recordingOf("silent-vm")]);
		assert.equal(none.exitCode, 3);
	});

	test("needs neither every port nor the host's word, and never errs", async () => {
		const files = (scenario: string, names: readonly string[]) =>
			names.map((name) => fixture(scenario, name));
		const outcomes: string[] = [];
		for (const scenario of ["healthy-bridged", "server-silent"]) {
			const { mac } = vmOf(scenario);
			for (const names of [
				["vnet0.pcap", "br0.pcap", "ens3.pcap"],
				["vnet0.pcap", "br0.pcap"],
				["vnet0.pcap"],
				["any-sll2.pcap"],
			]) {
				const { exitCode } = await run([
					...["verify", "dhcp", mac, "--read", ...files(scenario, names)],
				]);
				outcomes.push(`${scenario} ${names.length} ${exitCode}`);
			}
		}
		assert.deepEqual(
			outcomes.filter((one) => /^healthy.* 2$/.test(one)),
			[],
		);
		assert.ok(outcomes.includes("healthy-bridged 3 0"));
		assert.ok(outcomes.includes("server-silent 3 2"));
		assert.ok(
			outcomes.includes("server-silent 2 3"),
			"without the uplink, nothing proves that it left",
		);
	});
});

test("vmpath verify shows nothing that could harm a terminal", async (context) => {
	const attack = Buffer.from("a\u001b[2J\u202eb\rc\nd|e");
	const captures = [
		await createFile(context, "vnet0.pcap", pcap([discover(attack)])),
		await createFile(context, "x.pcapng", pcapng(attack, [discover(attack)])),
	];
	for (const capture of captures) {
		for (const subject of ["dhcp", "gateway"]) {
			for (const format of ["text", "json"]) {
				const { exitCode, stdout, stderr } = await run([
					...["verify", subject, "--all", "--perfdata"],
					...["--format", format, "--read", capture],
				]);
				assert.equal(exitCode, 3, stderr);
				assert.doesNotMatch(stdout + stderr, /[^\P{C}\n]|[\p{Zl}\p{Zp}]/u);
			}
		}
	}
});

describe("vmpath verify gateway", () => {
	/** Scenarios, by what must come of it for their first VM. */
	const exits: Readonly<Record<string, readonly [number, string]>> = {
		"big-ping": [0, "delivered"],
		"healthy-bridged": [0, "delivered"],
		"healthy-nat": [0, "delivered"],
		"nat-errors": [0, "delivered"],
		"nat-forward-drop": [2, "lost"],
		"offer-lost-at-bridge": [0, "delivered"],
		"proxied-arp": [0, "delivered"],
		// Its address is taken from the VM at the end: the router asks for it in vain.
		"server-silent": [1, "degraded"],
		"two-dhcp-clients": [0, "delivered"],
	};
	for (const [scenario, [exit, outcome]] of Object.entries(exits)) {
		test(`of ${scenario} is ${outcome}`, async () => {
			const { mac, tap } = vmOf(scenario);
			const { router, fault } = truthOf(scenario);
			const isNat = !["vnet0", "vnet1"].includes(tap);
			const gateway = isNat ? [] : ["--gateway", router.ip];
			const verdict = await verify("gateway", scenario, mac, ...gateway);
			assert.deepEqual([verdict.exit, verdict.outcome], [exit, outcome]);
			if (exit === 2) {
				assert.equal(verdict.exchange?.lastSeen, fault?.lastSeen);
				assert.equal(verdict.exchange?.firstMissing, fault?.firstMissing);
			}
		});
	}
});

describe("vmpath verify refuses", () => {
	const recording = recordingOf("healthy-bridged");
	const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
		["neither a VM nor --all", ["dhcp", ...recording], /name the VM/],
		["a VM and --all", ["dhcp", "VM1", "--all", ...recording], /--all means/],
		[
			"a VM that is not there",
			["dhcp", "VM9", ...recording],
			/there is no VM VM9: there is vnet0/,
		],
		[
			"a name that would clear the screen",
			["dhcp", "\u001b[2J", ...recording],
			/there is no VM \\x1b\[2J/,
		],
		[
			"a server that is no address",
			["dhcp", "vnet0", ...recording, "--server", "router"],
			/router is no IPv4 address/,
		],
		[
			"a file that is not there",
			["dhcp", "vnet0", "--read", "no.pcap"],
			/cannot read no\.pcap/,
		],
		["an unknown subject", ["dns", "vnet0"], /dns/],
	];
	for (const [what, args, words] of wrong) {
		test(`${what}, in one line, with 3`, async () => {
			const { exitCode, stdout, stderr } = await run(["verify", ...args]);
			assert.equal(exitCode, 3, stderr);
			assert.equal(stdout, "");
			assert.match(stderr, /^vmpath: [^\n]+\n$/);
			assert.match(stderr, words);
		});
	}
});
