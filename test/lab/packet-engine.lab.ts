import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { linkType } from "../../src/model/capture.js";
import type { EnginePort } from "../../src/recorder/engine.js";
import { startChild } from "./child.js";
import { run, tryRun } from "./command.js";
import { type Lab, withLab } from "./lab.js";
import { inNamespace, runIp } from "./namespaces.js";
import {
	awaitCarrier,
	findPorts,
	ping,
	type SeenFrame,
	seenAt,
	sendFrames,
	startEngine,
	startTcpdump,
} from "./packet-engine-run.js";
import { router, vms } from "./plan.js";
import { findObstacle } from "./requirements.js";
import { waitFor } from "./wait.js";

const obstacle = await findObstacle();
const skip = obstacle ?? false;

const vmIp = "192.168.100.61";
const inbound = 1;
const outbound = 2;

test(
	"the packet engine sees what tcpdump sees, in the same order, at the same time",
	{
		skip,
	},
	() =>
		withLab(async (lab) => {
			const { vm1, kvmhost } = lab.namespaces;
			await addAddress(lab);
			const names = ["vnet0", "br0", "ens3"];
			const peers = await Promise.all(
				names.map((name) => startTcpdump(lab, kvmhost, name)),
			);
			const engine = await startEngine(lab, {
				ports: await findPorts(lab.namespaces.kvmhost, names),
			});
			await ping(vm1, router.ip, 20);
			await ping(kvmhost, vmIp, 3);
			const seen = await engine.stop();
			for (const [at, name] of names.entries()) {
				const expected = (await peers[at]?.stop()) ?? [];
				assert.ok(
					expected.length >= 40,
					`${expected.length} frames at ${name}`,
				);
				assert.deepEqual(seenAt(seen, name), expected);
			}
			assert.equal(seen.counts.drops.length, 3);
			for (const { port, received, dropped } of seen.counts.drops) {
				assert.equal(received, seen.counts.frames[port.name]);
				assert.equal(dropped, 0);
			}
			// Who sent a frame tells which way it went.
			const senders: Readonly<Record<string, readonly string[]>> = {
				vnet0: [vms.vm1.mac],
				ens3: [router.mac],
				br0: [vms.vm1.mac, router.mac],
			};
			for (const { port, flags, hex } of seen.frames) {
				const source = macAt(hex, 6);
				const isIn = senders[port]?.includes(source);
				assert.equal(flags & 3, isIn ? inbound : outbound, `${port} ${source}`);
			}
		}),
);

/** Frames from the VM; the who-has is for an address nobody has, so that none answers. */
const bytes = {
	broadcast: `ffffffffffff${vms.vm1.mac.replaceAll(":", "")}`,
	arp: "08060001080006040001525400cd763ac0a8643d000000000000c0a864c8",
	udp: (port: number) =>
		`08004500001c00010000401100000a0000010a000002${toHex(port)}${toHex(port)}00080000`,
	tag: "81000064",
	serviceTag: "88a820c8",
};

test(
	"the packet engine puts tags back, and chooses behind them",
	{ skip },
	() =>
		withLab(async (lab) => {
			const { vm1, kvmhost } = lab.namespaces;
			const { broadcast, arp, udp, tag, serviceTag } = bytes;
			const wanted = [
				`${broadcast}${arp}`,
				`${broadcast}${tag}${arp}`,
				`${broadcast}${serviceTag}${arp}`,
				`${broadcast}${serviceTag}${tag}${arp}`,
				`${broadcast}${tag}${udp(67)}`,
				`${broadcast}${serviceTag}${tag}${udp(68)}`,
			];
			const unwanted = [
				`${broadcast}${tag}${udp(53)}`,
				`${broadcast}${serviceTag}${tag}${udp(53)}`,
			];
			const sides = [
				{ namespace: kvmhost, names: ["vnet0", "br0", "ens3"] },
				{ namespace: vm1, names: ["eth0"] },
			];
			const captures = await Promise.all(
				sides.map(async ({ namespace, names }) => ({
					names,
					peers: await Promise.all(
						names.map((name) =>
							startTcpdump(lab, namespace, name, `ether src ${vms.vm1.mac}`),
						),
					),
					engine: await startEngine(lab, {
						ports: await findPorts(namespace, names),
						namespace,
					}),
				})),
			);
			await sendFrames(vm1, "eth0", [...unwanted, ...wanted]);
			for (const { names, peers, engine } of captures) {
				const seen = await engine.stop();
				for (const [at, name] of names.entries()) {
					const all = (await peers[at]?.stop()) ?? [];
					assert.equal(all.length, wanted.length + unwanted.length, name);
					const expected = all.filter(({ hex }) => wanted.includes(hex));
					assert.deepEqual(
						expected.map(({ hex }) => hex),
						wanted,
					);
					assert.deepEqual(seenAt(seen, name), expected);
				}
			}
		}),
);

test(
	"the packet engine tells checksums that are not filled in yet",
	{
		skip,
	},
	() =>
		withLab(async (lab) => {
			const { kvmhost, vm1 } = lab.namespaces;
			await addAddress(lab);
			const names = ["vnet0", "br0", "ens3"];
			const engine = await startEngine(lab, {
				ports: await findPorts(kvmhost, names),
			});
			// The card of the VM fills them in, as a frame off a wire has them; the host leaves
			// that to its card.
			const command = `echo > /dev/udp/${router.ip}/67`;
			for (const namespace of [vm1, kvmhost]) {
				await run(inNamespace(namespace, ["bash", "-c", command]));
				await ping(namespace, router.ip, 1);
			}
			const { frames } = await engine.stop();
			const dhcp = frames.filter(({ hex }) => hex.slice(46, 48) === "11");
			const seen = dhcp.map(({ port, flags }) => `${port} ${flags >> 9}`);
			assert.deepEqual(seen.sort(), [
				...["br0 0", "br0 1", "ens3 0", "ens3 1", "vnet0 0"],
			]);
		}),
);

test("the packet engine takes only what an expression matches", { skip }, () =>
	withLab(async (lab) => {
		const { broadcast, arp, udp } = bytes;
		const engine = await startEngine(lab, {
			ports: await findPorts(lab.namespaces.kvmhost, ["vnet0"]),
			filter: "udp port 67 or udp port 9",
		});
		const frames = [arp, udp(9), udp(53), udp(67)].map((b) => broadcast + b);
		await sendFrames(lab.namespaces.vm1, "eth0", frames);
		const seen = await engine.stop();
		assert.deepEqual(
			seen.frames.map(({ hex }) => hex),
			frames.slice(3),
		);
	}),
);

test(
	"the packet engine cuts frames to the snap length, and knows their length",
	{
		skip,
	},
	() =>
		withLab(async (lab) => {
			const { broadcast, arp, tag } = bytes;
			const long = `${broadcast}${tag}${arp}${"00".repeat(1000)}`;
			for (const snapLength of [64, 262_144]) {
				const engine = await startEngine(lab, {
					ports: await findPorts(lab.namespaces.kvmhost, ["vnet0"]),
					snapLength,
				});
				await sendFrames(lab.namespaces.vm1, "eth0", [long]);
				const seen = await engine.stop();
				assert.deepEqual(
					seen.frames.map(({ hex, length }) => ({ hex, length })),
					[{ hex: long.slice(0, snapLength * 2), length: long.length / 2 }],
				);
			}
		}),
);

test(
	"the packet engine goes on where an interface is deleted, up or down",
	{
		skip,
	},
	() =>
		withLab(async (lab) => {
			const { kvmhost, vm1 } = lab.namespaces;
			await addAddress(lab);
			const names = ["vnet0", "vnet1", "vnet2", "ens3"];
			const engine = await startEngine(lab, {
				ports: await findPorts(lab.namespaces.kvmhost, names),
			});
			await ping(vm1, router.ip, 1);
			await runIp(kvmhost, ["link del vnet1"]);
			await engine.saying(/^end vnet1 the interface is gone$/m);
			await runIp(kvmhost, ["link set vnet2 down"]);
			await ping(vm1, router.ip, 1);
			await runIp(kvmhost, ["link del vnet2"]);
			await engine.saying(/^end vnet2 the interface is gone$/m);
			await ping(vm1, router.ip, 1);
			const seen = await engine.stop();
			for (const name of ["vnet0", "ens3"]) {
				assert.equal(seenAt(seen, name).filter(isEcho).length, 6, name);
			}
			// The broadcast who-has was flooded there before.
			assert.equal(seenAt(seen, "vnet1").length, 1);
			const open = seen.counts.drops.map(({ port }) => port.name);
			assert.deepEqual(open, ["vnet0", "ens3"]);
		}),
);

test(
	"the packet engine goes on over link down and up, a rename and leaving the bridge",
	{
		skip,
	},
	() =>
		withLab(async (lab) => {
			const { kvmhost, vm1 } = lab.namespaces;
			const { broadcast, arp } = bytes;
			const names = ["vnet0", "vnet1"];
			const engine = await startEngine(lab, {
				ports: await findPorts(lab.namespaces.kvmhost, names),
			});
			const marks = ["01", "02", "03", "04", "05"];
			const frameOf = (mark: string) => `${broadcast}${arp}${mark.repeat(20)}`;
			const sendMark = (at: number) =>
				sendFrames(vm1, "eth0", [frameOf(marks[at] ?? "")]);
			await sendMark(0);
			await runIp(kvmhost, ["link set vnet0 down", "link set vnet0 up"]);
			await awaitCarrier(vm1, "eth0");
			await sendMark(1);
			await runIp(kvmhost, ["link set vnet0 nomaster"]);
			await sendMark(2);
			await runIp(kvmhost, ["link set vnet0 master br0"]);
			await sendMark(3);
			await runIp(kvmhost, [
				"link set vnet0 down",
				"link set vnet0 name web",
				"link set web up",
			]);
			await awaitCarrier(vm1, "eth0");
			await sendMark(4);
			const seen = await engine.stop();
			assert.deepEqual(
				seenAt(seen, "vnet0").map(({ hex }) => hex),
				marks.map(frameOf),
			);
		}),
);

test(
	"the packet engine hands on what waits at a port that is closed, and no more",
	{
		skip,
	},
	() =>
		withLab(async (lab) => {
			const { vm1 } = lab.namespaces;
			await addAddress(lab);
			const names = ["vnet0", "br0", "ens3"];
			const engine = await startEngine(lab, {
				ports: await findPorts(lab.namespaces.kvmhost, names),
				atOnce: 7,
			});
			await ping(vm1, router.ip, 500);
			engine.child.signal("SIGUSR2");
			await engine.saying(/^closed$/m);
			await ping(vm1, router.ip, 1);
			const seen = await engine.stop();
			const echoes = names.map(
				(name) => seenAt(seen, name).filter(isEcho).length,
			);
			assert.deepEqual(echoes, [1000, 1002, 1002]);
			const open = seen.counts.drops.map(({ port }) => port.name);
			assert.deepEqual(open, ["br0", "ens3"]);
		}),
);

test(
	"the packet engine captures with CAP_NET_RAW alone, and says what it lacks",
	{
		skip,
	},
	() =>
		withLab(async (lab) => {
			const { vm1 } = lab.namespaces;
			await addAddress(lab);
			const ports = await findPorts(lab.namespaces.kvmhost, ["vnet0", "br0"]);
			const limit = Number(
				await readFile("/proc/sys/net/core/rmem_max", "utf8"),
			);
			const engine = await startEngine(lab, {
				ports,
				bufferBytes: limit * 2,
				through: withCapabilities("-all,+net_raw"),
			});
			await ping(vm1, router.ip, 1);
			const seen = await engine.stop();
			for (const { name } of ports) {
				assert.equal(seenAt(seen, name).filter(isEcho).length, 2, name);
			}
			const notices = seen.text.match(/^notice .*$/gm) ?? [];
			assert.deepEqual(notices, [
				`notice the kernel keeps ${limit} bytes of frames a port for us, not ${limit * 2}: run as root, or raise net.core.rmem_max`,
			]);
			await assert.rejects(
				startEngine(lab, { ports, through: withCapabilities("-all") }),
				/EngineError: capturing needs CAP_NET_RAW: run as root .*vmpath doctor/,
			);
		}),
);

test("the packet engine says which port there is not", { skip }, () =>
	withLab(async (lab) => {
		const [vnet0] = await findPorts(lab.namespaces.kvmhost, ["vnet0"]);
		const ports = [
			{ ...(vnet0 as EnginePort), name: "gone", index: 4000 },
			{ ...(vnet0 as EnginePort), name: "odd", linkType: linkType.sll },
		];
		const engine = await startEngine(lab, { ports });
		const { text } = await engine.stop();
		assert.match(text, /^end gone bind: No such device$/m);
		assert.match(text, /^end odd link type 113 is not supported$/m);
	}),
);

const hasSocat = (await tryRun(["socat", "-V"])).exitCode === 0;

test(
	"the packet engine captures packets of a tunnel",
	{
		skip: skip || (hasSocat ? false : "socat makes the tunnel"),
	},
	() =>
		withLab(async (lab) => {
			const { kvmhost } = lab.namespaces;
			const options = "tun-type=tun,iff-no-pi,iff-up";
			const tunnel = startChild(
				inNamespace(kvmhost, [
					"socat",
					`TUN:198.51.100.1/24,tun-name=tun8,${options}`,
					`TUN:198.51.101.1/24,tun-name=tun9,${options}`,
				]),
			);
			lab.teardown.add(() => tunnel.stop("SIGTERM"));
			const names = ["tun8", "tun9"];
			const ports = await waitFor("the tunnel", 5000, async () => {
				const found = await findPorts(kvmhost, names).catch(() => []);
				return found.length === names.length ? found : undefined;
			});
			const peers = await Promise.all(
				names.map((name) => startTcpdump(lab, kvmhost, name)),
			);
			const engine = await startEngine(lab, {
				ports: ports.map((port) => ({ ...port, linkType: linkType.raw })),
				filter: "icmp",
			});
			await tryRun(
				inNamespace(kvmhost, ["busybox", "ping", "-c1", "-W1", "198.51.100.9"]),
			);
			const seen = await engine.stop();
			for (const [at, name] of names.entries()) {
				const expected = (await peers[at]?.stop()) ?? [];
				assert.ok(expected.length > 0, name);
				assert.deepEqual(seenAt(seen, name), expected);
			}
			assert.equal(
				seen.frames.find(({ port }) => port === "tun8")?.flags,
				outbound,
			);
			assert.equal(
				seen.frames.find(({ port }) => port === "tun9")?.flags,
				inbound,
			);
		}),
);

async function addAddress(lab: Lab): Promise<void> {
	await runIp(lab.namespaces.vm1, [`address add ${vmIp}/24 dev eth0`]);
}

function withCapabilities(list: string): readonly string[] {
	return ["setpriv", `--bounding-set=${list}`, `--inh-caps=${list}`];
}

function macAt(hex: string, at: number): string {
	const bytes = hex.slice(at * 2, at * 2 + 12).match(/../g);
	return bytes?.join(":") ?? "";
}

function isEcho({ hex }: SeenFrame): boolean {
	return hex.slice(24, 28) === "0800" && hex.slice(46, 48) === "01";
}

function toHex(port: number): string {
	return port.toString(16).padStart(4, "0");
}
