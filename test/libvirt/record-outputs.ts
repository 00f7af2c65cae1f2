import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startChild } from "../lab/child.js";
import { type Command, run } from "../lab/command.js";
import { type LibvirtHost, withLibvirtHost } from "./libvirt-host.js";
import { monitors, standingOutputs, toolOutputs } from "./tool-outputs.js";

/** In the place of the directory of the test, in what is kept. */
const imageDirectory = "/var/lib/libvirt/images";

const into = fileURLToPath(
	new URL("../../../fixtures/host/libvirt-9/", import.meta.url),
);

await withLibvirtHost(async (host) => {
	const { VM1, VM2, VM3 } = host.guests;
	// One after the other, so that VM1 has vnet0 every time.
	for (const guest of [VM1, VM2, VM3]) {
		await guest.boot();
		await guest.lease();
		await guest.ping(guest.plan.gateway, 1);
	}
	await keep(host, "running", { ...toolOutputs, ...standingOutputs });

	const listeners = Object.entries(monitors).map(([file, command]) => ({
		file,
		child: startChild(host.inside(command)),
	}));
	await VM1.destroy();
	await VM1.boot();
	await VM2.detachNic();
	await VM1.pause();
	await VM3.powerOff();
	await keep(host, "changed", toolOutputs);
	await VM2.attachNic();
	for (const { file, child } of listeners) {
		await write(host, join("changed", file), await child.stop("SIGINT"));
	}
});

async function keep(
	host: LibvirtHost,
	folder: string,
	outputs: Readonly<Record<string, Command>>,
): Promise<void> {
	for (const [file, command] of Object.entries(outputs)) {
		await write(host, join(folder, file), await run(host.inside(command)));
	}
}

async function write(
	{ directory }: LibvirtHost,
	file: string,
	text: string,
): Promise<void> {
	const path = join(into, file);
	await mkdir(join(path, ".."), { recursive: true });
	const anonymous = text.replaceAll(directory, imageDirectory);
	await writeFile(path, `${anonymous.trimEnd()}\n`);
}
