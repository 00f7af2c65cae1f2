import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { readServices } from "../../src/host/services.js";
import { makeHost } from "./fake-tools.js";

/** A process of dnsmasq as /proc has it. */
function dnsmasq(pid: number, ...args: readonly string[]) {
	return {
		[`proc/${pid}/comm`]: "dnsmasq\n",
		[`proc/${pid}/cmdline`]: `${["dnsmasq", ...args].join("\0")}\0`,
	};
}

const lease = "1795370045 52:54:00:cd:76:3a 192.168.100.57";

async function readLeases(
	...[context, files]: [
		Parameters<typeof makeHost>[0],
		Parameters<typeof makeHost>[2],
	]
) {
	const { options } = await makeHost(context, { ss: "exit 0" }, files);
	const since = Math.floor(Date.now() / 1000);
	const statements = await readServices(options);
	return statements.slice(2).map(({ source, output, gap }) => {
		const { readAt = 0, ...rest } = (output ?? {}) as { readAt?: number };
		assert.ok(gap !== null || (since <= readAt && readAt <= Date.now() / 1000));
		return { source, output: rest, gap };
	});
}

test("readServices() reads leases of dnsmasqs that are not libvirt's, without what clients say", async (t) => {
	const statements = await readLeases(t, {
		...dnsmasq(
			5,
			"--dhcp-range=10.0.3.2,10.0.3.99,12h",
			"--dhcp-leasefile=/srv/a b.leases",
		),
		...dnsmasq(6, "-l", "/srv/c.leases", "-F", "10.0.4.2,10.0.4.99"),
		...dnsmasq(7, "--conf-file=/var/lib/libvirt/dnsmasq/default.conf"),
		...dnsmasq(8, "--leasefile-ro", "--dhcp-leasefile=/srv/ro.leases"),
		...dnsmasq(9, "--conf-file=/etc/dnsmasq.conf"),
		"srv/a b.leases": `${lease} VM1 01:52:54\nduid 00:01\n1795370045 4711 fd00::2 x y\n`,
		"srv/c.leases": "",
		"srv/ro.leases": `${lease} VM1 *\n`,
		"var/lib/misc/dnsmasq.leases": `${lease} VM1 *\n0 52:54:00:cd:76:3b 10.0.0.9 * *\n`,
	});
	assert.deepEqual(statements, [
		{
			source: "dnsmasq leases /srv/a b.leases",
			output: { leases: lease, ranges: ["10.0.3.2,10.0.3.99,12h"] },
			gap: null,
		},
		{
			source: "dnsmasq leases /srv/c.leases",
			output: { leases: "", ranges: ["10.0.4.2,10.0.4.99"] },
			gap: null,
		},
		{
			source: "dnsmasq leases /var/lib/misc/dnsmasq.leases",
			output: {
				leases: `${lease}\n0 52:54:00:cd:76:3b 10.0.0.9`,
				ranges: [],
			},
			gap: null,
		},
	]);
});

test("readServices() keeps nothing of a file that a process only calls its leases", async (t) => {
	const secret = "root:$6$salt$hash:19000:0:99999:7:::\n";
	const { options } = await makeHost(
		t,
		{ ss: "exit 0" },
		{
			...dnsmasq(5, "--dhcp-leasefile=/etc/shadow"),
			...dnsmasq(6, "--dhcp-leasefile=/srv/pipe"),
			...dnsmasq(7, "--dhcp-leasefile=/etc"),
			...dnsmasq(8, "--dhcp-leasefile=relative"),
			"etc/shadow": secret,
			"srv/x": "",
		},
	);
	execFileSync("mkfifo", [join(options.root, "srv/pipe")]);
	const text = JSON.stringify(await readServices(options));
	assert.doesNotMatch(text, /salt/);
});
