/** How the value of an option is written. */
export type OptionFormat =
	| "address"
	| "number"
	| "seconds"
	| "bytes"
	| "text"
	| "message type"
	| "flag"
	| "codes"
	| "routes"
	| "relay"
	| "client"
	| "overload"
	| "hex";

/**
 * Names of DHCP options by code, as the headings of their RFCs have them (RFC 2132; 80:
 * RFC 4039; 81: RFC 4702; 82: RFC 3046; 93, 94, 97: RFC 4578; 100, 101: RFC 4833; 108:
 * RFC 8925; 114: RFC 8910; 116: RFC 2563; 118: RFC 3011; 119: RFC 3397; 121: RFC 3442;
 * 150: RFC 5859).
 */
export const dhcpOptions: ReadonlyMap<
	number,
	readonly [name: string, format: OptionFormat]
> = new Map<number, readonly [string, OptionFormat]>([
	[1, ["Subnet Mask", "address"]],
	[2, ["Time Offset", "number"]],
	[3, ["Router", "address"]],
	[4, ["Time Server", "address"]],
	[5, ["Name Server", "address"]],
	[6, ["Domain Name Server", "address"]],
	[7, ["Log Server", "address"]],
	[9, ["LPR Server", "address"]],
	[12, ["Host Name", "text"]],
	[13, ["Boot File Size", "number"]],
	[15, ["Domain Name", "text"]],
	[16, ["Swap Server", "address"]],
	[17, ["Root Path", "text"]],
	[18, ["Extensions Path", "text"]],
	[19, ["IP Forwarding", "number"]],
	[22, ["Maximum Datagram Reassembly", "bytes"]],
	[23, ["Default IP TTL", "number"]],
	[26, ["Interface MTU", "bytes"]],
	[28, ["Broadcast Address", "address"]],
	[31, ["Perform Router Discovery", "number"]],
	[33, ["Static Route", "address"]],
	[40, ["NIS Domain", "text"]],
	[41, ["NIS Servers", "address"]],
	[42, ["NTP Servers", "address"]],
	[43, ["Vendor Specific Information", "hex"]],
	[44, ["NetBIOS Name Server", "address"]],
	[45, ["NetBIOS Datagram Server", "address"]],
	[46, ["NetBIOS Node Type", "number"]],
	[47, ["NetBIOS Scope", "text"]],
	[50, ["Requested IP Address", "address"]],
	[51, ["IP Address Lease Time", "seconds"]],
	[52, ["Option Overload", "overload"]],
	[53, ["DHCP Message Type", "message type"]],
	[54, ["Server Identifier", "address"]],
	[55, ["Parameter Request List", "codes"]],
	[56, ["Message", "text"]],
	[57, ["Maximum DHCP Message Size", "bytes"]],
	[58, ["Renewal (T1) Time", "seconds"]],
	[59, ["Rebinding (T2) Time", "seconds"]],
	[60, ["Vendor class identifier", "text"]],
	[61, ["Client-identifier", "client"]],
	[66, ["TFTP server name", "text"]],
	[67, ["Bootfile name", "text"]],
	[77, ["User Class", "text"]],
	[80, ["Rapid Commit", "flag"]],
	[81, ["Client FQDN", "hex"]],
	[82, ["Relay Agent Information", "relay"]],
	[93, ["Client System Architecture", "hex"]],
	[94, ["Client Network Interface", "hex"]],
	[97, ["Client Machine Identifier", "hex"]],
	[100, ["PCode", "text"]],
	[101, ["TCode", "text"]],
	[108, ["IPv6-Only Preferred", "seconds"]],
	[114, ["Captive-Portal", "text"]],
	[116, ["Auto-Configure", "number"]],
	[118, ["Subnet Selection", "address"]],
	[119, ["Domain Search", "hex"]],
	[121, ["Classless Static Route", "routes"]],
	[150, ["TFTP Server Address", "address"]],
	[249, ["Classless Static Route (Microsoft)", "hex"]],
	[252, ["Web Proxy Auto-Discovery", "text"]],
]);
