import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { PcapngWriter } from "../../src/capture-file/pcapng-writer.js";
import { readCapture } from "./collect.js";
import {
	at,
	echoRequest,
	flags,
	frameOf,
	origin,
	portOf,
	writeLog,
} from "./write-log.js";

const { bytes, frames, documents, ticks } = writeLog();
/** Documents in parts of 199,000 bytes, of which one takes four. */
const hostFrames = documents.length + 3 + ticks;

let directory = "";
let file = "";

before(() => {
	directory = mkdtempSync(join(tmpdir(), "vmpath-log-"));
	file = join(directory, "log.pcapng");
	writeFileSync(file, bytes);
});

after(() => {
	rmSync(directory, { recursive: true });
});

/** What tools say that is no complaint. */
const usual =
	/^(Running as user "root" and group "root"\. This could be dangerous\.|reading from file .*)$/;

/** Runs a tool that should have nothing to complain about. */
function run(program: string, args: readonly string[], input?: Buffer): string {
	const { status, stdout, stderr } = spawnSync(program, args, {
		input: input ?? "",
		env: { ...process.env, TZ: "UTC", LC_ALL: "C" },
		maxBuffer: 64 * 1024 * 1024,
	});
	const complaints = String(stderr)
		.split("\n")
		.filter((line) => line !== "" && !usual.test(line));
	assert.deepEqual([status, complaints], [0, []]);
	return String(stdout);
}

function skipWithout(program: string): { skip: string | false } {
	const isThere = spawnSync(program, ["--version"]).error === undefined;
	return { skip: !isThere && `${program} is not installed` };
}

function readFields(path: string, filter: string, ...fields: string[]) {
	const args = fields.flatMap((field) => ["-e", field]);
	const text = run("tshark", [
		"-n",
		"-r",
		path,
		"-Y",
		filter,
		"-T",
		"fields",
		...args,
	]);
	return text.split("\n").filter((line) => line !== "");
}

const name = "frame.interface_name";

test(
	"tshark reads a log: names, nanoseconds, directions",
	skipWithout("tshark"),
	() => {
		const shown = readFields(
			file,
			"icmp",
			name,
			"frame.time_epoch",
			"frame.packet_flags",
			"frame.packet_flags_direction",
		);
		assert.deepEqual(
			shown,
			frames.map((line) => {
				const [port, time, text] = line.split(" ");
				const value = Number(text);
				const hex = `0x${value.toString(16).padStart(8, "0")}`;
				const direction = `0x${(value & 3).toString(16).padStart(8, "0")}`;
				return [port, time, ...(value ? [hex, direction] : ["", ""])].join(
					"\t",
				);
			}),
		);
		const host = readFields(
			file,
			"eth.type == 0x88b5",
			name,
			"frame.protocols",
		);
		assert.equal(host.length, hostFrames);
		assert.ok(host.every((line) => line.startsWith("vmpath:host\teth")));
		assert.deepEqual(readFields(file, "_ws.malformed", name), []);
	},
);

test("tcpdump reads a log", skipWithout("tcpdump"), () => {
	const args = ["-r", "-", "-nn", "-tt", "--time-stamp-precision=nano"];
	const lines = run("tcpdump", [...args, "icmp"], bytes)
		.trimEnd()
		.split("\n");
	assert.deepEqual(
		lines.map((line) => line.split(" ").slice(0, 3).join(" ")),
		frames.map((line) => `${line.split(" ")[1]} IP 192.168.1.2`),
	);
	const host = run("tcpdump", [...args, "-t", "ether proto 0x88b5"], bytes);
	assert.equal(host.match(/ethertype Unknown \(0x88b5\)/g)?.length, hostFrames);
});

test(
	"capinfos reads a log: interfaces and counters",
	skipWithout("capinfos"),
	() => {
		const text = run("capinfos", ["-M", file]);
		assert.match(text, /^File type: .*pcapng$/m);
		assert.match(text, /^File encapsulation: +(Ethernet|ether)$/m);
		assert.match(text, /^File timestamp precision: +nanoseconds \(9\)$/m);
		const count = frames.length + hostFrames;
		assert.match(text, new RegExp(`^Number of packets: +${count}$`, "m"));
		assert.match(text, /^Capture oper-sys: +Linux 6\.18\.5$/m);
		assert.match(text, /^Capture application: +vmpath 0\.1\.0$/m);
		const names = [...text.matchAll(/^ +Name = (.*)$/gm)].map(([, one]) => one);
		assert.deepEqual(names, ["vmpath:host", "vnet0", "ens3"]);
		assert.match(text, /^ +Description = VM1 52:54:00:0b:00:01$/m);
		assert.match(text, /^ +Filter string = icmp or arp$/m);
		assert.match(text, /^ +Number of stat entries = 2$/m);
	},
);

test("a log is sound after editcap", skipWithout("editcap"), () => {
	const edited = join(directory, "edited.pcapng");
	run("editcap", [file, edited]);
	expectAll(edited);
	const shifted = join(directory, "shifted.pcapng");
	run("editcap", ["-t", "3600", file, shifted]);
	const reading = expectAll(shifted);
	assert.equal(reading.ticks[0]?.tick.until.seconds, 1_700_003_601);
});

test(
	"editcap that cuts frames leaves documents that are told to be cut",
	skipWithout("editcap"),
	() => {
		const cut = join(directory, "cut.pcapng");
		run("editcap", ["-s", "64", file, cut]);
		const reading = readCapture(readFileSync(cut));
		assert.equal(reading.frames.length, frames.length);
		assert.deepEqual(reading.documents, []);
		assert.equal(reading.complaints.length, hostFrames);
		assert.match(
			reading.complaints[0] ?? "",
			/record 1 of vmpath:host is cut to 64 of \d+ bytes$/,
		);
	},
);

test(
	"a log is sound after mergecap, with itself and with another",
	skipWithout("mergecap"),
	() => {
		const merged = join(directory, "merged.pcapng");
		run("mergecap", ["-w", merged, file]);
		expectAll(merged);
		const other = join(directory, "other.pcapng");
		writeFileSync(other, writeOther());
		run("mergecap", ["-w", merged, other, file]);
		const {
			documents: told,
			frames: all,
			interfaces,
			complaints,
		} = readCapture(readFileSync(merged));
		assert.deepEqual(complaints, []);
		assert.deepEqual(
			told.map(({ document }) => document),
			documents,
		);
		assert.equal(all.length, frames.length + 1);
		assert.deepEqual(interfaces.map((one) => one.name).sort(), [
			"ens3",
			"eth7",
			"vnet0",
		]);
	},
);

test(
	"files of a rotated log are merged again by mergecap",
	skipWithout("mergecap"),
	() => {
		const log = new PcapngWriter(origin);
		const vnet0 = log.addPort(portOf("vnet0"));
		const document = documents[1];
		assert.ok(document);
		log.addDocument(document, at(1));
		const files = [0, 1, 2].map((index) => {
			log.addFrame(
				vnet0,
				frameOf(echoRequest(index), at(10 + index), flags.in),
			);
			const path = join(directory, `rotated-${index}.pcapng`);
			writeFileSync(path, log.takeBytes());
			log.beginSection();
			return path;
		});
		const merged = join(directory, "unrotated.pcapng");
		run("mergecap", ["-a", "-w", merged, ...files]);
		const reading = readCapture(readFileSync(merged));
		assert.deepEqual(reading.complaints, []);
		assert.deepEqual(
			reading.frames.map(
				({ bytes: { length }, bytes: all }) => all[length - 1],
			),
			[0, 1, 2],
		);
		assert.equal(reading.documents.length, 3);
		assert.deepEqual(
			new Set(reading.interfaces.map((one) => one.name)),
			new Set(["vnet0"]),
		);
	},
);

/** A log's frames, times and documents, whatever wrote it last. */
function expectAll(path: string) {
	const reading = readCapture(readFileSync(path));
	assert.deepEqual(reading.complaints, []);
	assert.deepEqual(
		reading.documents.map(({ document }) => document),
		documents,
	);
	assert.equal(reading.ticks.length, ticks);
	assert.deepEqual(
		reading.frames.map(({ interface: id, time }) =>
			[reading.interfaces[id]?.name, time?.slice(-9)].join(" "),
		),
		frames.map((line) => line.replace(/ \d+\.(\d+) .*/, " $1")),
	);
	return reading;
}

/** A capture of another program that is later and has one frame. */
function writeOther(): Buffer {
	const log = new PcapngWriter({ application: "Dumpcap 4.0", system: null });
	log.addFrame(
		log.addPort(portOf("eth7")),
		frameOf(echoRequest(7), { seconds: 1_700_000_009, nanos: 1 }),
	);
	return log.takeBytes();
}
