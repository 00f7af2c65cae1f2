import type { Protocol } from "../model/frame.js";
import type { PortRole } from "../model/port.js";
import type { SafeText } from "../model/safe-text.js";
import type { Facts } from "./facts.js";
import type { Loss } from "./loss.js";
import type { LossKind } from "./trouble.js";

/** Which losses a cause may explain; what is left out may be anything. */
export interface Signature {
	readonly kinds: readonly LossKind[];
	readonly mode?: Loss["mode"];
	readonly protocols?: readonly Protocol[];
	readonly messages?: readonly string[];
	readonly directions?: readonly Loss["direction"][];
	readonly lastSeen?: readonly PortRole[];
	/** Null: nothing of the path is missing. */
	readonly firstMissing?: readonly PortRole[] | null;
	/** What the bridge's own sighting says: whether it let the frame in. */
	readonly isLetIn?: boolean;
}

/** What the host's state, or further sightings, say of a cause. */
export interface Proof {
	/**
	 * `proven`: the host is such that these very frames are lost by it. `likely`: the host
	 * speaks for it, and does not prove it. `possible`: nothing speaks against it.
	 */
	readonly certainty: "proven" | "likely" | "possible";
	/** What was read, and the command that shows it. */
	readonly evidence: readonly SafeText[];
	/** Something harmless looks the same: if nothing proves it, it is possible at most. */
	readonly isAmbiguous?: boolean;
}

/** One way in which frames get lost. To know another one, add it to a table. */
export interface CauseDefinition {
	/** The stable name that users see. */
	readonly id: string;
	/** 1 is the most frequent in practice. */
	readonly rank: number;
	readonly signatures: readonly Signature[];
	/** Looks at the host; null: what is known of it says nothing. */
	readonly look: (facts: Facts, loss: Loss) => Proof | "excluded" | null;
	/** Whether sightings speak against it: asked where the host says nothing. */
	readonly isRuledOut?: (loss: Loss, facts: Facts) => boolean;
	/** The command that shows it, for where the host was not read. */
	readonly check: (loss: Loss) => SafeText;
	/** What mends it, with the names of this host. */
	readonly fix: (facts: Facts, loss: Loss) => SafeText;
}

/** The host is such that these very frames are lost by it. */
export function proven(...evidence: readonly SafeText[]): Proof {
	return { certainty: "proven", evidence };
}

/** The host, or what was seen besides, speaks for it. */
export function likely(...evidence: readonly SafeText[]): Proof {
	return { certainty: "likely", evidence };
}

/** Nothing speaks against it. */
export function possible(...evidence: readonly SafeText[]): Proof {
	return { certainty: "possible", evidence };
}
