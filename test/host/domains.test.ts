import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { readDomains } from "../../src/host/domains.js";
import { readNetworks } from "../../src/host/networks.js";
import { makeHost } from "./fake-tools.js";

/**
 * A virsh that runs the commands it is given on its command line, one after another, as
 * virsh does, for as many running domains as its body says; and notes each of its runs.
 */
function virshOf(count: number): string {
	return `
echo run >> "$NOTES/runs"
for last; do :; done
IFS=';'
for command in $last; do
	unset IFS
	set -- $command
	case "$*" in
		echo*) printf %s "$2";;
		*running*) i=0; while [ $i -lt ${count} ]; do printf '%08d-0000-4000-8000-000000000000\\n' $i; i=$((i+1)); done;;
		*paused*) echo 99999998-0000-4000-8000-000000000000;;
		*shutoff*) echo 99999999-0000-4000-8000-000000000000;;
		"dumpxml 99999998"*) echo "error: Domain not found" >&2;;
		dumpxml*) printf '<domain><name>x</name><devices><disk/></devices></domain>\\n';;
	esac
done
exit 0`;
}

test("readDomains() asks for a thousand domains by a bounded number of processes", async (t) => {
	const host = await makeHost(t, { virsh: virshOf(1500) });
	const [libvirt, ...others] = await readDomains(host.options);
	assert.equal(libvirt?.source, "virsh -r -c test:///default dumpxml");
	assert.ok(Array.isArray(libvirt?.output));
	assert.equal(libvirt.output.length, 1502);
	assert.deepEqual(libvirt.output[7], {
		uuid: "00000007-0000-4000-8000-000000000000",
		state: "running",
		xml: "<domain>\n<name>x</name>\n<devices>\n</devices>\n</domain>",
	});
	assert.deepEqual(others, [
		{ source: "/proc/*/cmdline", output: [], gap: null },
	]);
	const runs = await readFile(join(host.notes, "runs"), "utf8");
	assert.equal(runs, "run\n".repeat(3));
});

test("readDomains() and readNetworks() share a process for what both ask at once", async (t) => {
	const host = await makeHost(t, { virsh: virshOf(0) });
	await Promise.all([readDomains(host.options), readNetworks(host.options)]);
	const runs = await readFile(join(host.notes, "runs"), "utf8");
	assert.equal(runs, "run\n".repeat(2));
});

test("readDomains() keeps a domain that went away meanwhile, without XML", async (t) => {
	const { options } = await makeHost(t, { virsh: virshOf(0) });
	const [libvirt] = await readDomains(options);
	assert.deepEqual(libvirt?.output, [
		{
			uuid: "99999998-0000-4000-8000-000000000000",
			state: "paused",
			xml: null,
		},
		{
			uuid: "99999999-0000-4000-8000-000000000000",
			state: "shut off",
			xml: "<domain>\n<name>x</name>\n<devices>\n</devices>\n</domain>",
		},
	]);
});

test("readDomains() says what to do when libvirt cannot be asked", async (t) => {
	const answers = [
		[
			"Failed to connect socket to '/var/run/libvirt/libvirt-sock-ro': No such file or directory",
			"libvirtd is not running",
			"systemctl start libvirtd (or virtqemud and virtnetworkd)",
		],
		[
			"Failed to connect socket to '/var/run/libvirt/libvirt-sock': Permission denied",
			"permission denied",
			"run as root, or add yourself to group libvirt",
		],
		[
			"authentication unavailable: no polkit agent available",
			"permission denied",
			"run as root, or add yourself to group libvirt",
		],
		["no connection driver available for xyz:///", null, null],
	] as const;
	for (const [line, reason, fix] of answers) {
		const says = `echo "error: failed to connect to the hypervisor" >&2; echo "error: ${line}" >&2`;
		// Without `-c` only the first command connects: virsh goes on, and `echo` is done.
		const silent = `for last; do :; done; printf %s "$last" | /bin/sed 's/[^[]*\\(\\[[0-9a-f]*\\]\\)/\\1/g'; ${says}`;
		for (const virsh of [`${says}; exit 1`, `${silent}; exit 0`]) {
			const { options } = await makeHost(t, { virsh });
			const [libvirt, ...others] = await readDomains(options);
			assert.equal(libvirt?.output, null);
			assert.deepEqual(libvirt?.gap, { reason: reason ?? line, fix });
			assert.deepEqual(others, [
				{ source: "/proc/*/cmdline", output: [], gap: null },
			]);
			assert.deepEqual(await readNetworks(options), []);
		}
	}
});

test("readDomains() misses virsh, unless the host is Proxmox", async (t) => {
	const bare = await makeHost(t, {});
	const [libvirt] = await readDomains(bare.options);
	assert.equal(libvirt?.gap?.reason, "virsh is not installed");

	const proxmox = await makeHost(
		t,
		{},
		{
			"etc/pve/qemu-server/9.conf":
				"net0: virtio=BC:24:11:00:00:09,bridge=vmbr0\n",
			"etc/pve/qemu-server/100.conf":
				"#description\nname: web\ncipassword: secret\nnet0: virtio=BC:24:11:00:00:01,bridge=vmbr0\n\n[snapshot]\nnet0: virtio=BC:24:11:00:00:01,bridge=vmbr9\n",
			"etc/pve/qemu-server/notes.txt": "",
			"run/qemu-server/100.pid": "4242",
			"run/qemu-server/100.qmp": "",
		},
	);
	assert.deepEqual(await readDomains(proxmox.options), [
		{
			source: "/etc/pve/qemu-server/9.conf",
			output: "net0: virtio=BC:24:11:00:00:09,bridge=vmbr0",
			gap: null,
		},
		{
			source: "/etc/pve/qemu-server/100.conf",
			output: "name: web\nnet0: virtio=BC:24:11:00:00:01,bridge=vmbr0",
			gap: null,
		},
		{ source: "/run/qemu-server", output: ["100"], gap: null },
		{ source: "/proc/*/cmdline", output: [], gap: null },
	]);
});

test("readDomains() finds processes of QEMU, and keeps what concerns their cards", async (t) => {
	const command = [
		...["qemu-system-x86_64", "-name", "guest=web", "-object", "secret,data=x"],
		...["-netdev", "user,id=n0", "-device", "virtio-net-pci,netdev=n0"],
		...["-device", '{"driver":"e1000","netdev":"n1"}', "-device", "virtio-blk"],
	];
	const { options } = await makeHost(
		t,
		{ virsh: virshOf(0) },
		{
			"proc/77/comm": "qemu-system-x86\n",
			"proc/77/cmdline": `${command.join("\0")}\0`,
			"proc/78/comm": "bash\n",
			"proc/78/cmdline": "qemu-system-x86_64\0",
			"proc/self-made/comm": "qemu-system-x86\n",
		},
	);
	const statements = await readDomains(options);
	assert.deepEqual(statements.at(-1)?.output, [
		{
			pid: 77,
			uid: process.getuid?.(),
			name: "qemu-system-x86",
			args: [
				...["-name", "guest=web", "-netdev", "user,id=n0"],
				...["-device", "virtio-net-pci,netdev=n0"],
				...["-device", '{"driver":"e1000","netdev":"n1"}'],
			],
			isInOurNetwork: null,
		},
	]);
});

test("readNetworks() gives each network's XML and leases, and quotes no name", async (t) => {
	const { options, notes } = await makeHost(t, {
		virsh: `
for last; do :; done
echo "$last" >> "$NOTES/asked"
IFS=';'
for command in $last; do
	unset IFS
	set -- $command
	case "$*" in
		echo*) printf %s "$2";;
		"net-list --uuid") echo 00000001-0000-4000-8000-000000000000; echo 00000002-0000-4000-8000-000000000000;;
		"net-list --name") echo default; echo 'a; echo "x"';;
		"net-list --inactive --uuid") echo 00000003-0000-4000-8000-000000000000;;
		"net-list --inactive --name") echo "off"; echo "came meanwhile";;
		net-dumpxml*) echo "<network>$2</network>";;
		"net-dhcp-leases default") echo " 2026-11-22 17:37:05   52:54:00:8e:41:d7   ipv4       192.168.122.148/24   VM3        01:52:54:00:8e:41:d7";;
		*) echo "error: not supported" >&2;;
	esac
done`,
	});
	const since = Math.floor(Date.now() / 1000);
	const [networks] = await readNetworks(options);
	const output = Array.isArray(networks?.output) ? networks.output : [];
	const times = output.map(({ readAt }) => readAt);
	assert.ok(times.every((time) => since <= time && time <= Date.now() / 1000));
	const timeless = output.map(({ readAt: _, ...network }) => network);
	assert.deepEqual(
		{ ...networks, output: timeless },
		{
			source: "virsh -r -c test:///default net-dumpxml",
			output: [
				{
					name: "default",
					isActive: true,
					xml: "<network>default</network>",
					leases:
						"2026-11-22 17:37:05   52:54:00:8e:41:d7   ipv4       192.168.122.148/24   VM3        01:52:54:00:8e:41:d7",
				},
				{
					name: 'a; echo "x"',
					isActive: true,
					xml: "<network>00000002-0000-4000-8000-000000000000</network>",
					leases: "",
				},
				{
					name: "",
					isActive: false,
					xml: "<network>00000003-0000-4000-8000-000000000000</network>",
					leases: "",
				},
			],
			gap: null,
		},
	);
	const asked = await readFile(join(notes, "asked"), "utf8");
	assert.doesNotMatch(asked, /"x"/);
});
