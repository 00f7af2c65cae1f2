import type { Ipv4, Mac } from "./address.js";
import type { SafeText } from "./safe-text.js";

/**
 * DHCP message types by code - 1: RFC 2132 section 9.6, RFC 3203, RFC 4388, RFC 6926,
 * RFC 7724.
 */
export const dhcpMessageNames = [
	"discover",
	"offer",
	"request",
	"decline",
	"ack",
	"nak",
	"release",
	"inform",
	"forcerenew",
	"leasequery",
	"leaseunassigned",
	"leaseunknown",
	"leaseactive",
	"bulkleasequery",
	"leasequerydone",
	"activeleasequery",
	"leasequerystatus",
	"tls",
] as const;

/** Message type codes that vmpath decides on. */
export const dhcpType = {
	discover: 1,
	offer: 2,
	request: 3,
	decline: 4,
	ack: 5,
	nak: 6,
	release: 7,
	inform: 8,
} as const;

/** A DHCP message (RFC 2131) or one of BOOTP, its elder (RFC 951). */
export interface DhcpMessage {
	/** BOOTP operation: 1 from a client, 2 from a server. */
	readonly operation: number;
	/** Option 53; null for plain BOOTP. */
	readonly messageType: number | null;
	/** xid, an unsigned 32-bit number. */
	readonly transactionId: number;
	/** `secs`: since the client began, in seconds. */
	readonly seconds: number;
	/** The BROADCAST flag: the client cannot take unicast yet. */
	readonly broadcast: boolean;
	readonly hops: number;
	/** chaddr, when it is an Ethernet address; else null. */
	readonly clientMac: Mac | null;
	/** ciaddr, yiaddr, siaddr, giaddr. */
	readonly clientIp: Ipv4;
	readonly yourIp: Ipv4;
	readonly serverIp: Ipv4;
	readonly relayIp: Ipv4;
	/** Option 54. */
	readonly serverIdentifier: Ipv4 | null;
	/** Option 50. */
	readonly requestedIp: Ipv4 | null;
	/** Options 51, 58, 59, in seconds. */
	readonly leaseSeconds: number | null;
	readonly renewalSeconds: number | null;
	readonly rebindingSeconds: number | null;
	/** Option 1. */
	readonly subnetMask: Ipv4 | null;
	/** Option 3. */
	readonly routers: readonly Ipv4[];
	/** Option 6. */
	readonly dns: readonly Ipv4[];
	/** Option 12. */
	readonly hostName: SafeText | null;
	/** Option 15. */
	readonly domainName: SafeText | null;
	/** Option 60. */
	readonly vendorClass: SafeText | null;
	/** Option 61, lower-case hexadecimal. */
	readonly clientId: string | null;
	/** Option 56. */
	readonly message: SafeText | null;
	/** Option 26, in bytes. */
	readonly interfaceMtu: number | null;
	/** Option 80 (RFC 4039) is there. */
	readonly rapidCommit: boolean;
	/** Option 121 (RFC 3442), in the order of the option. */
	readonly classlessRoutes: readonly ClasslessRoute[];
	/** Option 82 (RFC 3046). */
	readonly relayAgent: RelayAgentInformation | null;
}

export interface ClasslessRoute {
	/** `192.168.0.0/16` */
	readonly destination: string;
	readonly router: Ipv4;
}

/** Sub-options in lower-case hexadecimal, as most of them are binary. */
export interface RelayAgentInformation {
	/** Sub-option 1. */
	readonly circuitId: string | null;
	/** Sub-option 2. */
	readonly remoteId: string | null;
}

/** Whether a message comes from a server (OFFER, ACK, NAK; a BOOTP reply). */
export function isFromServer(message: DhcpMessage): boolean {
	return message.operation === 2;
}
