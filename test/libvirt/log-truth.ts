import type { Ipv4, Mac } from "../../src/model/address.js";
import type { GuestName } from "./plan.js";

/** Something that was done to a guest, or that it did, and when. */
export interface Act {
	readonly vm: GuestName;
	/** `powerOff`, `boot`, `detachNic`, `attachNic`, `pause`, `resume`, `lease`, `ping`. */
	readonly what: string;
	/** Its card's tap once it was done, from `virsh domiflist`; null: it has none. */
	readonly tap: string | null;
	/** What `lease` got, or `ping` pinged; else null. */
	readonly address: Ipv4 | null;
	/** Pings that were sent, and answered; 0 of other acts. */
	readonly sent: number;
	readonly answered: number;
	/** Before it was begun and after it was done: nanoseconds since the epoch. */
	readonly fromNs: string;
	readonly untilNs: string;
}

/** What is true of a recording by construction: no analysis of it had a say. */
export interface LogTruth {
	readonly name: string;
	readonly what: string;
	readonly vms: readonly {
		readonly name: GuestName;
		readonly uuid: string;
		readonly mac: Mac;
		/** When the recording began: from `virsh domstate` and `virsh domiflist`. */
		readonly state: string;
		readonly tap: string | null;
		/** From the tap on to the router, as the lab was built; without the tap. */
		readonly way: readonly string[];
		readonly gateway: Ipv4;
	}[];
	readonly acts: readonly Act[];
}
