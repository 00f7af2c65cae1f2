import type { LogHandle } from "../capture-file/event-log.js";
import type { ChosenPort, HistoricPort } from "./capture-history.js";

/** A port of the recording while it is captured. */
export interface OpenPort extends HistoricPort {
	readonly handle: LogHandle;
	/** As the log has them: since its section began. */
	dropped: number;
	received: number;
	/** Counted before the section began. */
	droppedBefore: number;
	receivedBefore: number;
}

/** A port that is about to be captured: nothing is counted yet. */
export function createOpenPort(
	chosen: ChosenPort,
	handle: LogHandle,
): OpenPort {
	return {
		chosen,
		handle,
		sinceNs: null,
		dropped: 0,
		received: 0,
		droppedBefore: 0,
		receivedBefore: 0,
	};
}

/** Whether it is the same port, but for its name. */
export function isRenamed(now: ChosenPort, before: ChosenPort): boolean {
	const { name } = before;
	return now.name !== name && keyOf({ ...now, name }) === keyOf(before);
}

/** Equal for ports that are captured in the same way under the same name. */
export function keyOf(port: ChosenPort): string {
	const { index, name, linkType, isPromiscuous } = port;
	return `${index} ${name} ${linkType} ${isPromiscuous}`;
}
