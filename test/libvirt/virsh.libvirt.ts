import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Topology } from "../../src/model/topology.js";
import { type Command, run } from "../lab/command.js";
import { findObstacle } from "./requirements.js";
import { vmpathHere } from "./vmpath.js";

const obstacle = await findObstacle();
const options = { skip: obstacle ?? false };

async function askTopology(
	...[args, wrapper = []]: [readonly string[], (readonly string[])?]
): Promise<Topology> {
	const vmpath = vmpathHere("topology", "--format", "json", ...args);
	const [program = "", ...rest] = [...wrapper, ...vmpath];
	const command: Command = [program, ...rest];
	return JSON.parse(await run(command));
}

const uuid = (number: number) =>
	`6a1e1f0c-5f0b-4c1d-9d35-3b5c2f6d${number.toString(16).padStart(4, "0")}`;

/** A file for libvirt's test driver, with running domains. */
async function writeDomains(
	context: TestContext,
	count: number,
	devices = "",
): Promise<string> {
	const directory = await mkdtemp(join(tmpdir(), "vmpath-virsh-"));
	context.after(() => rm(directory, { recursive: true }));
	const domains = Array.from({ length: count }, (_, number) => {
		const mac = `52:54:00:00:${uuid(number).slice(-4, -2)}:${uuid(number).slice(-2)}`;
		return `<domain type='test'><name>vm${number}</name><uuid>${uuid(number)}</uuid><memory>131072</memory><os><type>hvm</type></os><devices>${devices}<interface type='bridge'><mac address='${mac}'/><source bridge='br0'/><target dev='tap-vm${number}'/></interface></devices><test:runstate xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>1</test:runstate></domain>`;
	});
	const file = join(directory, "domains.xml");
	await writeFile(file, `<node>${domains.join("\n")}</node>`);
	return `test://${file}`;
}

test(
	"vmpath topology says once that libvirtd does not run",
	options,
	async () => {
		const alone = ["unshare", "--mount", "sh", "-euc"];
		const script = 'mount -t tmpfs tmpfs /run; exec "$@"';
		const { domains, gaps } = await askTopology([], [...alone, script, "sh"]);
		assert.deepEqual(
			domains.filter(({ source }) => source === "libvirt"),
			[],
		);
		const ofVirsh = gaps.filter(({ source }) => source.startsWith("virsh"));
		assert.deepEqual(ofVirsh, [
			{
				source: "virsh -r dumpxml",
				reason: "libvirtd is not running",
				fix: "systemctl start libvirtd (or virtqemud and virtnetworkd)",
			},
		]);
	},
);

test(
	"vmpath topology --agent has what virsh domifaddr says",
	options,
	async (t) => {
		const channel =
			"<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>";
		const uri = await writeDomains(t, 2, channel);
		const { addresses } = await askTopology(["--connect", uri, "--agent"]);
		const ours = addresses.filter(({ source }) => source === "agent");
		assert.equal(ours.length, 2);
		for (const [number, { address, mac }] of ours.entries()) {
			const table = await run([
				...(["virsh", "-c", uri, "domifaddr", `vm${number}`] as const),
				...["--source", "agent"],
			]);
			assert.match(table, new RegExp(` ${mac} +ipv4 +${address}/`));
		}
		const without = await askTopology(["--connect", uri]);
		assert.deepEqual(
			without.addresses.filter(({ source }) => source === "agent"),
			[],
		);
	},
);

test("vmpath topology tells of a thousand domains", options, async (t) => {
	const uri = await writeDomains(t, 1000);
	const begin = performance.now();
	const { domains } = await askTopology(["--connect", uri]);
	t.diagnostic(`${Math.round(performance.now() - begin)} ms`);
	const ours = domains.filter(({ source }) => source === "libvirt");
	assert.deepEqual(
		ours.map(({ name, nics }) => `${name} ${nics[0]?.tap}`),
		ours.map((_, number) => `vm${number} tap-vm${number}`),
	);
	assert.equal(ours.length, 1000);
});
