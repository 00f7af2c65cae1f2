import type { CapturedFrame, LogTime } from "../model/capture.js";
import type { Cause, Exchange, ExchangeOutcome } from "../model/exchange.js";
import type { Frame, Protocol } from "../model/frame.js";
import type { Hop, Journey } from "../model/journey.js";
import type { SafeText } from "../model/safe-text.js";
import type { Finding, Topology } from "../model/topology.js";

/** What is true at one moment of the log, ready to be drawn. */
export interface World {
	/** Rises with every change: what has the same number need not be drawn again. */
	readonly version: number;
	/** The moment that is shown; null: nothing with a time came yet. */
	readonly now: LogTime | null;
	/** What is captured or replayed: `vm.pcapng`; absent: nobody said. */
	readonly source?: SafeText;
	/** First and last time of the log so far. */
	readonly begin: LogTime | null;
	readonly end: LogTime | null;
	/** The log goes on: it is captured now, or still being read. */
	readonly isOpen: boolean;
	/** In the order in which they are gone through: running ones by name, then others. */
	readonly vms: readonly VmState[];
	/** As it was at that moment; null: nobody said. */
	readonly topology: Topology | null;
	/**
	 * Of the chosen VM, else of the selected row's, else of the one worst off; null: nothing is
	 * known of any path.
	 */
	readonly path: PathPicture | null;
	/** What the list shows: of the chosen VM, through the filter, the oldest first. */
	readonly rows: readonly ListRow[];
	/** Journeys and exchanges that the filter left out. */
	readonly hidden: number;
	/** Broadcasts from one machine of the LAN to another, which no row is for. */
	readonly lanBroadcasts: number;
	/** Findings on the host, the problems first. */
	readonly findings: readonly Finding[];
	/**
	 * What went wrong and why; each set of causes once. What was not mended since comes
	 * first; of that the surest cause, then the worst outcome, then what the VM itself asked,
	 * then the latest.
	 */
	readonly troubles: readonly Trouble[];
	readonly health: CaptureHealth;
	/** Where the player can stop among what the view shows; absent: nowhere. */
	readonly timeline?: Timeline;
	/** While the view is frozen: rows that came since; else 0. */
	readonly newer?: number;
}

/** What a player goes to, one after the other. */
export type Stop = "frame" | "exchange" | "loss";

/** Times a player can stop at, in nanoseconds after the begin of the log. */
export interface Timeline {
	/** Of the whole log so far. */
	readonly lengthNs: number;
	/** The next (1) or previous (-1) one from a position on; null: there is none. */
	next(of: Stop, positionNs: number, by: -1 | 1): number | null;
}

/** A VM as the list of VMs shows it. */
export interface VmState {
	/** Its name; for one that nobody named, its MAC address. Stable, and what is chosen by. */
	readonly key: string;
	readonly name: SafeText;
	/** Of its domain; absent, null: it has none. */
	readonly uuid?: SafeText | null;
	/** `running`, `paused`, `shut off`; null: only seen in the log. */
	readonly state: SafeText | null;
	readonly macs: readonly SafeText[];
	readonly taps: readonly SafeText[];
	readonly address: SafeText | null;
	/** How the address is known: `lease`, `dhcp`, `arp`, `arp-table`, `agent`. */
	readonly addressSource: string | null;
	/** The VM's latest DHCP exchange; null: none was seen. */
	readonly dhcp: Exchange | null;
	/** What was judged of the VM last: the worst of the latest exchange of each protocol. */
	readonly outcome: ExchangeOutcome | null;
	readonly causes: readonly Cause[];
	readonly journeys: number;
	readonly lost: number;
}

/** The path of one NIC, from the VM to its gateway, left to right. */
export interface PathPicture {
	readonly vm: SafeText;
	readonly mac: SafeText | null;
	/** The ports in order, with what was seen there. */
	readonly ports: readonly PathPort[];
	/** The path is routed (NAT) after this port; null: bridged all along. */
	readonly routedAfter: SafeText | null;
	/** Frames were seen to have other addresses behind that port; absent: none was. */
	readonly isTranslated?: boolean;
	/**
	 * What stands at the end of the path: `192.168.100.1`, with what it is; null: not known.
	 * Where a port of the path is the VM's gateway itself, the host's own gateway.
	 */
	readonly gateway: PathParty | null;
	/** Names the host did not say: the path was put together from journeys. */
	readonly isInferred: boolean;
}

/** Whom the VM deals with: its gateway, its DHCP server. */
export interface PathParty {
	readonly address: SafeText;
	/** `gateway, DHCP server` */
	readonly is: string;
}

/** How a port of the path is. */
export type PortState =
	| "up"
	| "down"
	| "no carrier"
	| "no bridge"
	| "blocked"
	| "isolated"
	| "gone";

export interface PathPort {
	readonly name: SafeText;
	readonly kind:
		| "tap"
		| "bridge"
		| "uplink"
		| "vlan"
		| "bond"
		| "veth"
		| "other";
	readonly state: PortState | null;
	/** Frames of this VM seen at the port so far. */
	readonly counts: Readonly<Record<Protocol, number>>;
	/** Median time from this port to the next one, outwards, in nanoseconds; null: unknown. */
	readonly toNextNs: number | null;
	/** Frames lost between this port and the next one, and why the latest were. */
	readonly lostToNext: number;
	/** Frames that came from outside and were lost between the next port and this one. */
	readonly lostFromNext: number;
	/** Frames of which it cannot be told whether they were lost there; absent: none. */
	readonly unsureToNext?: number;
	readonly unsureFromNext?: number;
	readonly causes: readonly Cause[];
	/** The same losses by way and by why: those that go on first, then the latest. */
	readonly losses: readonly Loss[];
	/** The host itself, at this port, is that to the VM; absent: nothing. */
	readonly party?: PathParty;
	/** The host says that it is not plugged into the next one, as it was or should be. */
	readonly isApart?: boolean;
}

/** Frames lost between a port of the path and the next one, one way and for the same reasons. */
export interface Loss {
	readonly way: "outwards" | "inwards";
	readonly count: number;
	/** Empty: nothing says why. */
	readonly causes: readonly Cause[];
	/** When the latest was seen last; null: not known. */
	readonly last: LogTime | null;
	/** The same went well there since. */
	readonly isOver: boolean;
}

/** A row of the list: a journey, or an exchange that says more than its journeys. */
export type ListRow =
	| {
			readonly kind: "journey";
			readonly journey: Journey;
			readonly key: string;
	  }
	| {
			readonly kind: "exchange";
			readonly exchange: Exchange;
			readonly key: string;
	  };

/** Exchanges that went wrong for the same reasons. */
export interface Trouble {
	/**
	 * The worst of them: of those that were not mended, if there are any, that of the surest
	 * cause, then what the VM itself asked, then the latest.
	 */
	readonly exchange: Exchange;
	/** The worst of each other VM that has the same, mended or not as the first; absent: none. */
	readonly others?: readonly Exchange[];
	readonly count: number;
	/** The same went well since; absent: it did not. */
	readonly isOver?: boolean;
}

/** How the capture itself is doing. */
export interface CaptureHealth {
	/** `packet`, `cap`; null: a file does not say. */
	readonly engine: string | null;
	readonly framesRead: number;
	readonly framesRelevant: number;
	/** Frames the capture lost, over all interfaces; null: not told. */
	readonly dropped: number | null;
	readonly interfaces: readonly InterfaceHealth[];
	/** Journeys, exchanges and frames not kept any more because there were too many. */
	readonly forgotten: number;
	/** What the log or the recorder said, the latest last. */
	readonly notices: readonly {
		readonly time: LogTime | null;
		readonly message: string;
	}[];
	/** How many were said, those not kept any more included; absent: none of these. */
	readonly said?: number;
	/** Why the capture ended though nobody asked it to; absent, null: it did not. */
	readonly ending?: string | null;
}

export interface InterfaceHealth {
	readonly name: SafeText;
	readonly role: string;
	readonly frames: number;
	/** Null: not told. */
	readonly drops: number | null;
	readonly isPromiscuous: boolean | null;
}

/** A frame that is kept, for its fields and bytes. */
export interface KeptFrame {
	readonly captured: CapturedFrame;
	readonly frame: Frame;
}

/** Looks up what details show; each answers of the same moment as the world. */
export interface Details {
	journey(id: number): Journey | null;
	exchange(id: number): Exchange | null;
	/** The exchange that a journey is a message of; null: of none. */
	exchangeOf(journey: number): Exchange | null;
	/** The frame seen at a hop; null: not kept (any more). */
	frameAt(hop: Hop): KeptFrame | null;
}
