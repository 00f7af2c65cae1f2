import type { Mac } from "../../src/model/address.js";
import { vms } from "../lab/plan.js";

/** Where a guest's card is plugged in. */
export type NicSource =
	| { readonly kind: "bridge"; readonly name: string }
	| { readonly kind: "network"; readonly name: string };

/** A libvirt domain of the tests. */
export interface GuestPlan {
	readonly name: GuestName;
	readonly uuid: string;
	readonly mac: Mac;
	readonly source: NicSource;
	/** The router it asks for its lease, and pings. */
	readonly gateway: string;
	/** Whether QEMU's guest agent runs in it. */
	readonly hasAgent: boolean;
}

export type GuestName = "VM1" | "VM2" | "VM3";

/** Two guests on br0, the third on libvirt's own NAT network. */
export const guestPlans: Readonly<Record<GuestName, GuestPlan>> = {
	VM1: {
		name: "VM1",
		uuid: "6a1e1f0c-5f0b-4c1d-9d35-3b5c2f6d7a01",
		mac: vms.vm1.mac,
		source: { kind: "bridge", name: "br0" },
		gateway: "192.168.100.1",
		hasAgent: true,
	},
	VM2: {
		name: "VM2",
		uuid: "6a1e1f0c-5f0b-4c1d-9d35-3b5c2f6d7a02",
		mac: vms.vm2.mac,
		source: { kind: "bridge", name: "br0" },
		gateway: "192.168.100.1",
		hasAgent: false,
	},
	VM3: {
		name: "VM3",
		uuid: "6a1e1f0c-5f0b-4c1d-9d35-3b5c2f6d7a03",
		mac: vms.vm3.mac,
		source: { kind: "network", name: "default" },
		gateway: "192.168.122.1",
		hasAgent: false,
	},
};
