import { closeTraffic } from "./closing.js";
import type { Command } from "./command.js";
import { makeBench } from "./fault-bench.js";
import { finishFault } from "./fault-fixture.js";
import { startRecording } from "./fault-recording.js";
import type { FaultScenario } from "./fault-scenario.js";
import type { FaultTruth } from "./fault-truth.js";
import { type Lab, withLab } from "./lab.js";
import { inNamespace } from "./namespaces.js";
import { vms } from "./plan.js";
import { startNatDhcp, startRouterDhcp } from "./services.js";

/** Plays a fault on a lab of its own, records it and writes its fixture. */
export async function recordFault(
	scenario: FaultScenario,
	into: string,
): Promise<FaultTruth> {
	return withLab(async (lab) => {
		await setStage(scenario, lab);
		const { namespaces, directory, teardown } = lab;
		const inside = (command: Command) =>
			inNamespace(namespaces.kvmhost, command);
		const recording = await startRecording(inside, directory, teardown);
		const bench = makeBench(inside, recording);
		const played = await scenario.play({ ...bench, lab });
		await closeTraffic(lab, undefined, scenario.quietSeconds);
		const { name: vm, mac, tap, bridge } = vms[scenario.vm];
		return finishFault(
			{
				of: scenario,
				vm: { vm, mac, tap, bridge },
				...{ played, bench, recording, directory },
			},
			into,
		);
	});
}

/** Makes a lab what a scenario needs it to be before it is watched. */
export async function setStage(
	{ routerDhcp, hasNatDhcp, prepare }: FaultScenario,
	lab: Lab,
): Promise<void> {
	if (routerDhcp !== "none") {
		await startRouterDhcp(lab, routerDhcp);
	}
	if (hasNatDhcp) {
		await startNatDhcp(lab);
	}
	await prepare?.(lab);
}
