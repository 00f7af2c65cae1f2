import type { DhcpMessage } from "../model/dhcp.js";
import type { Frame } from "../model/frame.js";
import {
	describeOption,
	listOptions,
	nameOption,
} from "./dhcp-option-values.js";
import type { Field, Layer } from "./field.js";

/** More options than these are not shown. */
const optionLimit = 64;

/** The fields of a DHCP message by the names of RFC 2131, and its options. */
export function listDhcp(
	dhcp: DhcpMessage,
	{ bodyStart, bodyEnd, problem }: Frame,
	bytes: Uint8Array,
): Layer[] {
	const options = listOptions(bytes, bodyStart, bodyEnd);
	const told = options
		.slice(0, optionLimit)
		.map(
			(option): Field => [
				`${option.code} ${nameOption(option.code)}`,
				describeOption(option, dhcp),
			],
		);
	const left = options.length - told.length;
	const fields: Field[] = [
		...told,
		...(left > 0 ? [["…", `${left} more`] as const] : []),
		...(told.length === 0
			? [["none", problem === null ? "plain BOOTP" : "not captured"] as const]
			: []),
	];
	return [
		{ title: "DHCP", fields: listFixed(dhcp) },
		{ title: "DHCP options", fields, isWide: true },
	];
}

function listFixed(dhcp: DhcpMessage): Field[] {
	const op = dhcp.operation === 1 ? "BOOTREQUEST" : "BOOTREPLY";
	const xid = dhcp.transactionId.toString(16).padStart(8, "0");
	return [
		["op", `${dhcp.operation} (${op})`],
		["hops", String(dhcp.hops)],
		["xid", `0x${xid}`],
		["secs", String(dhcp.seconds)],
		["flags", dhcp.broadcast ? "0x8000 (broadcast)" : "0x0000 (unicast)"],
		["ciaddr", dhcp.clientIp],
		["yiaddr", dhcp.yourIp],
		["siaddr", dhcp.serverIp],
		["giaddr", dhcp.relayIp],
		["chaddr", dhcp.clientMac ?? "no Ethernet address"],
	];
}
