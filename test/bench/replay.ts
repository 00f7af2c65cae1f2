import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCapture } from "./make-capture.js";
import { median, type Run, time, timeNode } from "./timing.js";

// npm run bench: replays a big capture, side by side with tcpdump and pcap-parser alone.
const packets = Number(process.argv[2] ?? 2_000_000);
const runs = 3;
const filter = "arp or icmp or (udp and (port 67 or port 68))";
const parserAlone =
	"import {parse} from 'pcap-parser';parse(process.argv[1]).on('packet',()=>{})";

const directory = await mkdtemp(join(tmpdir(), "vmpath-bench-"));
try {
	const path = join(directory, "big.pcap");
	await makeCapture(path, packets);
	const megabytes = Math.round((await stat(path)).size / 1e6);
	console.log(
		`${packets} packets, ${megabytes} MB, 2 % of interest, median of ${runs}`,
	);
	const peer = await median(runs, () =>
		time(["tcpdump", "-r", path, "-w", "/dev/null", filter]),
	);
	print("tcpdump -r with the same filter", peer, peer);
	print(
		"vmpath replay --format jsonl",
		await median(runs, () =>
			timeNode(["dist/bin/vmpath.js", "replay", "--format", "jsonl", path]),
		),
		peer,
	);
	print(
		"pcap-parser alone, no tracing",
		await median(runs, () =>
			timeNode(["--input-type=module", "--eval", parserAlone, path]),
		),
		peer,
	);
} finally {
	await rm(directory, { recursive: true });
}

function print(what: string, { seconds, megabytes }: Run, peer: Run): void {
	const ratio = (seconds / peer.seconds).toFixed(1);
	const memory = megabytes === null ? "" : `, ${Math.round(megabytes)} MB`;
	console.log(`${what}: ${seconds.toFixed(2)} s, ${ratio} x tcpdump${memory}`);
}
