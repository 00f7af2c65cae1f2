import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import type { CapturedFrame } from "../../src/model/capture.js";
import type { Frame } from "../../src/model/frame.js";
import { makeSafe } from "../../src/model/safe-text.js";
import { listLayers } from "../../src/tui/frame-fields.js";
import { Store } from "../../src/tui/store.js";
import { decodeFrame } from "../../src/wire/frame.js";
import { fillStore } from "./fill-store.js";

const tshark = (() => {
	try {
		execFileSync("tshark", ["--version"], { stdio: "ignore" });
		return true;
	} catch {
		return false;
	}
})();

/** Every frame that a store is told of, by its number in the file. */
class FrameStore extends Store {
	readonly frames = new Map<
		number,
		readonly [captured: CapturedFrame, frame: Frame]
	>();

	override addFrame(
		...[captured, frame, port]: Parameters<Store["addFrame"]>
	): void {
		const bytes = Uint8Array.from(captured.bytes);
		this.frames.set(captured.number, [{ ...captured, bytes }, frame]);
		super.addFrame(captured, frame, port);
	}
}

/** tshark's fields, and ours as `layer.name`. */
const same: readonly (readonly [theirs: string, ours: string])[] = [
	["eth.src", "Ethernet.source"],
	["eth.dst", "Ethernet.destination"],
	["eth.type", "Ethernet.type"],
	["arp.opcode", "ARP.operation"],
	["arp.src.hw_mac", "ARP.sender MAC"],
	["arp.src.proto_ipv4", "ARP.sender IP"],
	["arp.dst.hw_mac", "ARP.target MAC"],
	["arp.dst.proto_ipv4", "ARP.target IP"],
	["ip.src", "IPv4.source"],
	["ip.dst", "IPv4.destination"],
	["ip.ttl", "IPv4.time to live"],
	["ip.proto", "IPv4.protocol"],
	["ip.id", "IPv4.identification"],
	["ip.len", "IPv4.total length"],
	["udp.srcport", "UDP.source port"],
	["udp.dstport", "UDP.destination port"],
	["udp.length", "UDP.length"],
	["icmp.type", "ICMP.type"],
	["icmp.code", "ICMP.code"],
	["icmp.ident", "ICMP.identifier"],
	["icmp.seq", "ICMP.sequence number"],
	["dhcp.type", "DHCP.op"],
	["dhcp.hops", "DHCP.hops"],
	["dhcp.id", "DHCP.xid"],
	["dhcp.secs", "DHCP.secs"],
	["dhcp.flags", "DHCP.flags"],
	["dhcp.ip.client", "DHCP.ciaddr"],
	["dhcp.ip.your", "DHCP.yiaddr"],
	["dhcp.ip.server", "DHCP.siaddr"],
	["dhcp.ip.relay", "DHCP.giaddr"],
	["dhcp.hw.mac_addr", "DHCP.chaddr"],
	["dhcp.option.dhcp", "DHCP options.53 DHCP Message Type"],
	["dhcp.option.subnet_mask", "DHCP options.1 Subnet Mask"],
	["dhcp.option.router", "DHCP options.3 Router"],
	["dhcp.option.hostname", "DHCP options.12 Host Name"],
	["dhcp.option.requested_ip_address", "DHCP options.50 Requested IP Address"],
	[
		"dhcp.option.ip_address_lease_time",
		"DHCP options.51 IP Address Lease Time",
	],
	["dhcp.option.dhcp_server_id", "DHCP options.54 Server Identifier"],
	["dhcp.option.message", "DHCP options.56 Message"],
	[
		"dhcp.option.dhcp_max_message_size",
		"DHCP options.57 Maximum DHCP Message Size",
	],
	["dhcp.option.renewal_time_value", "DHCP options.58 Renewal (T1) Time"],
	["dhcp.option.rebinding_time_value", "DHCP options.59 Rebinding (T2) Time"],
	["dhcp.option.vendor_class_id", "DHCP options.60 Vendor class identifier"],
	["dhcp.option.broadcast_address", "DHCP options.28 Broadcast Address"],
];

/** Numbers in any base alike; of ours the words behind the value left out. */
function normalize(text: string): string {
	const [bare = ""] = text.startsWith('"')
		? [text.slice(1, -1)]
		: text.split(" ");
	if (/^(0x[\da-f]+|\d+)$/i.test(bare)) {
		return String(Number(bare));
	}
	return bare;
}

for (const log of [
	"fixtures/scenarios/healthy-bridged/ports.pcapng",
	"fixtures/scenarios/dhcp-nak-and-renew/ports.pcapng",
]) {
	test(`listLayers() shows what tshark -V shows of ${log}`, {
		skip: tshark ? false : "tshark is not there",
	}, async () => {
		const store = new FrameStore();
		await fillStore(log, store);
		const names = same.map(([theirs]) => theirs);
		const text = execFileSync(
			"tshark",
			[
				...["-r", log, "-T", "fields", "-E", "separator=/t"],
				...["-E", "occurrence=f", "-e", "frame.number"],
				...names.flatMap((name) => ["-e", name]),
			],
			{ encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
		);
		let compared = 0;
		for (const line of text.trimEnd().split("\n")) {
			const [number = "", ...values] = line.split("\t");
			const known = store.frames.get(Number(number));
			if (known === undefined) {
				continue;
			}
			const [captured, frame] = known;
			const fields = new Map<string, string>(
				listLayers({ captured, frame }).flatMap(({ title, fields }) =>
					fields.map(([name, value]) => [`${title}.${name}`, value] as const),
				),
			);
			for (const [at, [theirs, ours]] of same.entries()) {
				const value = values[at] ?? "";
				const own = fields.get(ours);
				const what = `frame ${number}: ${theirs}`;
				if (value === "") {
					assert.equal(own, undefined, what);
				} else {
					const shown = theirs.endsWith("message")
						? own?.slice(1, -1)
						: normalize(own ?? "");
					const wanted =
						theirs.endsWith("message") || theirs.endsWith("vendor_class_id")
							? value
							: normalize(value);
					assert.equal(shown, wanted, what);
					compared += 1;
				}
			}
		}
		assert.ok(compared > 300, `${compared} fields`);
	});

	test(`listLayers() names the DHCP options that tshark -V names in ${log}`, {
		skip: tshark ? false : "tshark is not there",
	}, async () => {
		const store = new FrameStore();
		await fillStore(log, store);
		const text = execFileSync("tshark", ["-r", log, "-Y", "dhcp", "-V"], {
			encoding: "utf8",
			stdio: ["ignore", "pipe", "ignore"],
		});
		const options = new Map<number, string[]>();
		for (const part of text.split(/^Frame (?=\d+:)/m).slice(1)) {
			const number = Number.parseInt(part, 10);
			const all = part.matchAll(/^ {4}Option: \((\d+)\)/gm);
			options.set(
				Number(/Frame Number: (\d+)/.exec(part)?.[1] ?? number),
				[...all].map(([, code = ""]) => code).filter((code) => code !== "255"),
			);
		}
		assert.equal(
			options.size > 0,
			[...store.frames.values()].some(([, { dhcp }]) => dhcp !== null),
		);
		for (const [number, codes] of options) {
			const known = store.frames.get(number);
			assert.ok(known, `frame ${number}`);
			const [captured, frame] = known;
			const layer = listLayers({ captured, frame }).find(
				({ title }) => title === "DHCP options",
			);
			assert.deepEqual(
				layer?.fields.map(([name]) => name.split(" ")[0]),
				codes,
			);
		}
	});
}

function layersOf(hex: string, length?: number) {
	const bytes = Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ""), "hex"));
	const frame = decodeFrame(bytes, length ?? bytes.length, 1);
	const captured: CapturedFrame = {
		interface: {
			id: 0,
			source: 0,
			name: makeSafe("vnet0"),
			linkType: 1,
			isContinuous: true,
			snapLength: 0,
		},
		number: 1,
		time: null,
		bytes,
		length: length ?? bytes.length,
		direction: null,
		comment: null,
	};
	return listLayers({ captured, frame });
}

test("listLayers() shows VLAN tags, the outermost first", () => {
	const [ethernet, outer, inner, arp] = layersOf(
		`ffffffffffff 525400cd763a 88a8 0064 8100 a00a 0806
		0001 0800 06 04 0001 525400cd763a c0a86463 000000000000 c0a86401`,
	);
	assert.deepEqual(ethernet?.fields[1], [
		"destination",
		"ff:ff:ff:ff:ff:ff (broadcast)",
	]);
	assert.deepEqual(ethernet?.fields[2], ["type", "0x0806 (ARP)"]);
	assert.deepEqual(outer?.fields, [
		["VLAN identifier", "100"],
		["priority", "0"],
	]);
	assert.deepEqual(inner?.fields, [
		["VLAN identifier", "10"],
		["priority", "5"],
	]);
	assert.deepEqual(arp?.fields[0], ["operation", "1 (request)"]);
});

test("listLayers() shows what is there of a frame that was cut", () => {
	const layers = layersOf(
		"ffffffffffff 525400cd763a 0806 0001 0800 06 04 0001 5254",
		42,
	);
	assert.deepEqual(
		layers.map(({ title }) => title),
		["Ethernet"],
	);
	assert.deepEqual(layersOf("ffff"), []);
});
