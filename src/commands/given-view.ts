import { makeSafe } from "../model/safe-text.js";
import { formatTimeOfDay } from "../show/units.js";
import type { ViewStart } from "../tui/view.js";
import type { Filters } from "./filters.js";

/** What the options of the command line let a screen begin with. */
export function startOf(filters: Filters): ViewStart {
	const { vms, protocols, interfaces, since, until, problems } = filters;
	const [vm = null, ...others] = vms;
	const only = [
		...(others.length > 0 ? [`vm:${vms.join("|")}`] : []),
		...(protocols.length > 0 ? [`proto:${protocols.join("|")}`] : []),
		...(interfaces.length > 0 ? [`iface:${interfaces.join("|")}`] : []),
		...(since === null ? [] : [`since ${formatTimeOfDay(since)}`]),
		...(until === null ? [] : [`until ${formatTimeOfDay(until)}`]),
		...(problems ? ["problems"] : []),
	].join(" ");
	return { vm: others.length > 0 ? null : vm, only: makeSafe(only) };
}
