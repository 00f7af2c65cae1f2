import { chmod, copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { anonymizeCapture } from "./anonymize.js";
import { startCaptures } from "./capture.js";
import { closeTraffic, waitUntilWritten } from "./closing.js";
import { run } from "./command.js";
import { type Lab, withLab } from "./lab.js";
import { checkRecording } from "./oracle.js";
import { kvmHost, natNetwork, ports, router, vms } from "./plan.js";
import { readLinks } from "./reader.js";
import type { Played, Scenario } from "./scenario.js";
import { startNatDhcp, startRouterDhcp } from "./services.js";
import type { Truth } from "./truth.js";

const truthFile = "truth.json";

/**
 * Plays a scenario on a lab of its own, records it, checks the recording and writes it
 * to `<into>/<name>/`. A recording that does not hold is not written.
 *
 * @returns the files of the recording
 */
export async function recordScenario(
	scenario: Scenario,
	into: string,
): Promise<Truth> {
	return withLab(async (lab) => {
		const truth = await record(lab, scenario);
		await writeFixture(lab.directory, join(into, scenario.name), truth);
		return truth;
	});
}

async function record(lab: Lab, scenario: Scenario): Promise<Truth> {
	await startServers(lab, scenario);
	const captures = await startCaptures(lab, {
		...scenario,
		ports: ports[scenario.network],
	});
	const { recordings } = captures;
	const rawLinks = await run([
		"ip",
		"-n",
		lab.namespaces.kvmhost,
		"-o",
		"link",
	]);
	await writeFile(join(lab.directory, recordings.links), `${rawLinks}\n`);

	const played = await scenario.play(lab);
	const closingAt = await closeTraffic(
		lab,
		played.ips.vm3,
		scenario.quietSeconds,
	);
	await waitUntilWritten(lab.directory, recordings, closingAt);
	const counts = await captures.stop();
	await checkRecording(lab.directory, recordings, played.expected);
	await anonymizeCapture(join(lab.directory, recordings.pcapng));

	return {
		...describe(scenario, played, readLinks(rawLinks)),
		recordings,
		counts,
	};
}

async function startServers(lab: Lab, scenario: Scenario): Promise<void> {
	if (scenario.routerDhcp !== "none") {
		await startRouterDhcp(lab, scenario.routerDhcp);
	}
	if (scenario.network === "nat") {
		await startNatDhcp(lab);
	}
}

function describe(
	{ name, what, network }: Scenario,
	{ ips, fault }: Played,
	links: ReadonlyMap<string, string>,
): Omit<Truth, "recordings" | "counts"> {
	const ifindexes = new Map(
		Array.from(links, ([index, port]) => [port, index]),
	);
	const taps = ports[network].map((port) => port.name);
	return {
		name,
		what,
		network,
		vms: Object.values(vms)
			.filter(({ tap }) => taps.includes(tap))
			.map((vm) => ({ ...vm, ip: ips[vm.name] ?? null })),
		ports: ports[network].map((port) => ({
			...port,
			ifindex: Number(ifindexes.get(port.name)),
		})),
		host: { mac: kvmHost.mac, ips: [kvmHost.ip, natNetwork.ip] },
		router: { mac: router.mac, ip: router.ip },
		fault,
	};
}

async function writeFixture(
	from: string,
	to: string,
	truth: Truth,
): Promise<void> {
	await rm(to, { recursive: true, force: true });
	await mkdir(to, { recursive: true });
	const { links } = truth.recordings;
	for (const file of [...Object.keys(truth.counts), links]) {
		await copyFile(join(from, file), join(to, file));
		await chmod(join(to, file), 0o644);
	}
	await writeFile(
		join(to, truthFile),
		`${JSON.stringify(truth, null, "\t")}\n`,
	);
}
