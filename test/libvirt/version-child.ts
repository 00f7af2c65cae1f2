import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
	type ReadableType,
	readableTypes,
	readHostDocument,
} from "../../src/host/read-document.js";
import type { HostDocument } from "../../src/model/host-document.js";
import { type Command, tryRun } from "../lab/command.js";
import { waitFor } from "../lab/wait.js";
import { buildVersionHost, loadVersionRules } from "./version-host.js";
import { resumeVersionGuest, startVersionLibvirt } from "./version-libvirt.js";

/**
 * Runs on a machine that is its own: builds the host, and writes what vmpath reads of
 * it, and what tools for people say, into the directory that it is given.
 */
const [, , into = ""] = process.argv;

/** Tools for people: what tests hold our reading against. */
const outputs: Readonly<Record<string, Command>> = {
	"bridge-link.txt": ["bridge", "-d", "link", "show"],
	"bridge-vlan.txt": ["bridge", "vlan", "show"],
	"brctl-show.txt": ["brctl", "show"],
	"ip-link.txt": ["ip", "-d", "link", "show"],
	"nft.txt": ["nft", "-a", "list", "ruleset"],
	"virsh-list.txt": ["virsh", "-r", "list", "--all"],
	"virsh-domiflist-VM1.txt": ["virsh", "-r", "domiflist", "VM1"],
	"virsh-domiflist-VM2.txt": ["virsh", "-r", "domiflist", "VM2"],
	"virsh-domiflist-VM3.txt": ["virsh", "-r", "domiflist", "VM3"],
	"virsh-net-dhcp-leases-default.txt": [
		...(["virsh", "-r", "net-dhcp-leases", "default"] as const),
	],
};

const versions: readonly Command[] = [
	["uname", "-r"],
	["ip", "-V"],
	["bridge", "-V"],
	["nft", "--version"],
	["iptables", "--version"],
	["ebtables", "--version"],
	["virsh", "--version"],
	["libvirtd", "--version"],
	["qemu-system-x86_64", "--version"],
	["dnsmasq", "--version"],
];

async function printed(command: Command): Promise<string> {
	const { stdout, stderr, exitCode } = await tryRun(command);
	return exitCode === 0 ? stdout : `${exitCode} ${stderr}`;
}

/** Software emulation of a busy machine may be too slow for a tool, the first time. */
function readWhole(type: ReadableType): Promise<HostDocument> {
	return waitFor(`every tool of ${type} to answer`, 120_000, async () => {
		const document = await readHostDocument(type, { connect: null });
		const isWhole = document.statements.every(({ output }) => output !== null);
		return isWhole ? document : undefined;
	});
}

await buildVersionHost();
console.log("built");
await startVersionLibvirt();
console.log("libvirt");
await loadVersionRules();
console.log("rules");
await resumeVersionGuest();
const documents: HostDocument[] = [];
for (const type of readableTypes) {
	documents.push(await readWhole(type));
	console.log(type);
}
const text = JSON.stringify(documents, null, "\t");
await writeFile(join(into, "documents.json"), `${text}\n`);
for (const [file, command] of Object.entries(outputs)) {
	await writeFile(join(into, file), `${(await printed(command)).trimEnd()}\n`);
}
const lines = await Promise.all(
	versions.map(async (command) => {
		const [first = ""] = (await printed(command)).split("\n");
		return `${command[0]}: ${first}`;
	}),
);
await writeFile(join(into, "versions.txt"), `${lines.join("\n")}\n`);
process.exit(0);
