import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { hasAgent, readAgents } from "../../src/host/agents.js";
import { readDomains } from "../../src/host/domains.js";
import { makeHost } from "./fake-tools.js";

const channel = (state: string) =>
	`<channel type='unix'><source mode='bind' path='/run/x'/><target type='virtio' name='org.qemu.guest_agent.0'${state}/></channel>`;

test("hasAgent() finds a channel at whose other end somebody may be", () => {
	assert.ok(hasAgent(channel(" state='connected'")));
	assert.ok(hasAgent(channel("")));
	assert.ok(!hasAgent(channel(" state='disconnected'")));
	assert.ok(!hasAgent("<domain><name>org.qemu.guest_agent.0</name></domain>"));
});

const uuid = (number: number) =>
	`${String(number).padStart(8, "0")}-0000-4000-8000-000000000000`;

/** A virsh with two running domains and one that is off, all of which have an agent. */
const virsh = `
echo "$*" | /bin/cut -c1-30 >> "$NOTES/runs"
for last; do :; done
IFS=';'
for command in $last; do
	unset IFS
	set -- $command
	case "$*" in
		echo*) printf %s "$2";;
		*running*) echo ${uuid(1)}; echo ${uuid(2)};;
		*shutoff*) echo ${uuid(3)};;
		"dumpxml ${uuid(2)}") printf '<domain><name>x</name></domain>\\n';;
		dumpxml*) printf "<domain><name>x</name><devices>${channel("")}</devices></domain>\\n";;
		domifaddr*) echo "$*" >> "$NOTES/asked"; echo " eth0       52:54:00:8e:41:d7    ipv4         192.168.122.148/24";;
	esac
done
exit 0`;

test("readDomains() asks agents of running domains, and only when that is asked for", async (t) => {
	const host = await makeHost(t, { virsh });
	const [libvirt, agents] = await readDomains({
		...host.options,
		asksAgents: true,
	});
	assert.ok(Array.isArray(libvirt?.output) && libvirt.output.length === 3);
	assert.deepEqual(agents, {
		source: "virsh -c test:///default domifaddr --source agent",
		output: [
			{
				uuid: uuid(1),
				addresses:
					"eth0       52:54:00:8e:41:d7    ipv4         192.168.122.148/24",
			},
		],
		gap: null,
	});
	const asked = await readFile(join(host.notes, "asked"), "utf8");
	assert.equal(asked, `domifaddr ${uuid(1)} --source agent --full\n`);
	const runs = await readFile(join(host.notes, "runs"), "utf8");
	const readOnly = runs.split("\n").map((run) => run.startsWith("-r "));
	assert.deepEqual(readOnly, [true, true, false, false]);

	const without = await makeHost(t, { virsh });
	const sources = (await readDomains(without.options)).map(
		({ source }) => source,
	);
	assert.deepEqual(sources, [
		"virsh -r -c test:///default dumpxml",
		"/proc/*/cmdline",
	]);
});

test("readAgents() asks many by a bounded number of processes, and says who did not answer", async (t) => {
	const many = Array.from({ length: 100 }, (_, number) => uuid(number));
	const host = await makeHost(t, { virsh });
	const [statement, ...gaps] = await readAgents(many, host.options);
	assert.ok(Array.isArray(statement?.output));
	assert.equal(statement.output.length, 100);
	assert.deepEqual(gaps, []);
	const runs = await readFile(join(host.notes, "runs"), "utf8");
	assert.equal(runs.trim().split("\n").length, 13);

	const refusing = await makeHost(t, {
		virsh: `echo "error: failed to connect to the hypervisor" >&2; echo "error: authentication unavailable: no polkit agent available" >&2; exit 1`,
	});
	const [none, refusal] = await readAgents(many, refusing.options);
	assert.deepEqual(none?.output, []);
	assert.equal(refusal?.gap?.reason, "permission denied");
});
