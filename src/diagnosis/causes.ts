import type { CauseDefinition } from "./cause-definition.js";
import { dhcpCauses } from "./dhcp-causes.js";
import { downCauses } from "./down-causes.js";
import { filterCauses } from "./filter-causes.js";
import { gatewayCauses } from "./gateway-causes.js";
import { guestCauses } from "./guest-causes.js";
import { hostServerCauses } from "./host-server-causes.js";
import { natCauses } from "./nat-causes.js";
import { plugCauses } from "./plug-causes.js";
import { portCauses } from "./port-causes.js";
import { stpCauses } from "./stp-causes.js";
import { upstreamCauses } from "./upstream-causes.js";

/** Every cause that vmpath knows, by family. */
export const causeDefinitions: readonly CauseDefinition[] = [
	...filterCauses,
	...plugCauses,
	...portCauses,
	...stpCauses,
	...downCauses,
	...natCauses,
	...hostServerCauses,
	...dhcpCauses,
	...upstreamCauses,
	...gatewayCauses,
	...guestCauses,
];
