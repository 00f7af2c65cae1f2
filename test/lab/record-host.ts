import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type {
	HostDocument,
	HostStatement,
} from "../../src/model/host-document.js";
import { run } from "./command.js";
import { type HostMachine, withHostMachine } from "./host-machine.js";
import { inNamespace } from "./namespaces.js";

const into = fileURLToPath(new URL("../../../fixtures/host/", import.meta.url));
const child = fileURLToPath(new URL("host-child.js", import.meta.url));

/** Records fixtures/host afresh. */
await withHostMachine(async (machine) => {
	const libvirt = await read(machine, [machine.uri]);
	await save("libvirt-host", libvirt);
	const domains = await read(machine, ["", machine.proxmoxRoot]);
	const proxmox = libvirt.map((document) =>
		document.type === "host-networks"
			? { ...document, statements: [] }
			: document.type === "host-domains"
				? findDomains(domains, machine)
				: document,
	);
	await save("proxmox-host", proxmox);
});

async function read(
	{ namespace, directory }: HostMachine,
	args: readonly string[],
): Promise<HostDocument[]> {
	const text = await run(
		inNamespace(namespace, [process.execPath, child, "read", ...args]),
	);
	const documents = JSON.parse(
		text.replaceAll(directory, "/etc/lab"),
	) as HostDocument[];
	return documents.map(({ type, statements }) => ({
		type,
		statements: statements.map(forgetMachine),
	}));
}

/** Of the machine that the lab is on only its kernel stays; of its processes, the lab's. */
function forgetMachine(statement: HostStatement): HostStatement {
	const { source, output } = statement;
	if (source === "/proc/sys/kernel/hostname") {
		return { ...statement, output: "kvmhost" };
	}
	if (source === "/proc/sys/kernel/osrelease") {
		return { ...statement, output: "6.1.0-32-amd64" };
	}
	if (source === "systemd-detect-virt") {
		return { ...statement, output: "none" };
	}
	if (source === "/proc/*/cmdline" && Array.isArray(output)) {
		const ours = output.filter((process) => process.isInOurNetwork);
		return { ...statement, output: ours };
	}
	return statement;
}

/** On Proxmox virsh is not there, and that is no gap. */
function findDomains(
	documents: readonly HostDocument[],
	machine: HostMachine,
): HostDocument {
	const document = documents.find(({ type }) => type === "host-domains");
	const statements = (document?.statements ?? []).filter(
		({ source }) => !source.startsWith("virsh"),
	);
	if (statements.length === 0) {
		throw new Error(`no VMs in ${machine.proxmoxRoot}`);
	}
	return { type: "host-domains", statements };
}

async function save(
	name: string,
	documents: readonly HostDocument[],
): Promise<void> {
	const text = JSON.stringify(documents, null, "\t");
	await writeFile(`${into}${name}.json`, `${text}\n`);
}
