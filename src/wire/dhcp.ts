import type { DhcpMessage } from "../model/dhcp.js";
import { fillOptionFields } from "./dhcp-option-fields.js";
import { createOptions } from "./dhcp-options.js";
import { collectOptions } from "./dhcp-overload.js";
import { type Draft, type FrameDraft, markBody, noteProblem } from "./draft.js";
import type { ByteReader } from "./reader.js";

/** What stands before the options of a message that has any (RFC 2131 section 3). */
const magicCookie = 0x63825363;
const cookieLength = 4;

/** The BROADCAST bit of `flags`. */
const broadcastFlag = 0x8000;

/** Hardware type and address length of Ethernet. */
const ethernet = { htype: 1, hlen: 6 } as const;

/** Where fields behind chaddr start in the message, in bytes. */
const offset = { sname: 44, file: 108, cookie: 236 } as const;

/**
 * Decodes a DHCP message (RFC 2131 section 2; options: RFC 2132), or one of BOOTP
 * (RFC 951), which has no magic cookie and no message type.
 *
 * Durations are in seconds, as on the wire. A malformed option becomes the problem of
 * the frame, and the others are kept.
 *
 * @throws {DecodeError} when the part before the options is cut short
 */
export function decodeDhcp(reader: ByteReader, frame: FrameDraft): void {
	markBody(frame, reader);
	const start = reader.position;
	const message = readFixedFields(reader);
	frame.dhcp = message;
	const unread = start + offset.cookie - reader.position;
	reader.skip(unread, "dhcp rest of chaddr, sname and file");
	if (!takesCookie(reader)) {
		return;
	}
	const file = reader.window(start + offset.file, offset.cookie - offset.file);
	const sname = reader.window(start + offset.sname, offset.file - offset.sname);
	const options = createOptions();
	collectOptions(options, reader, file, sname);
	fillOptionFields(message, options);
	if (options.problem !== null) {
		noteProblem(frame, options.problem);
	}
}

/**
 * Reads what every message has, up to the client's address if that is one of Ethernet.
 *
 * The fields that options give are empty until fillOptionFields() sets them: a message
 * built in one literal takes a twentieth of the time that spreading two objects does.
 */
function readFixedFields(reader: ByteReader): Draft<DhcpMessage> {
	const operation = reader.u8("dhcp op");
	const htype = reader.u8("dhcp htype");
	const hlen = reader.u8("dhcp hlen");
	const isEthernet = htype === ethernet.htype && hlen === ethernet.hlen;
	return {
		operation,
		hops: reader.u8("dhcp hops"),
		transactionId: reader.u32("dhcp xid"),
		seconds: reader.u16("dhcp secs"),
		broadcast: (reader.u16("dhcp flags") & broadcastFlag) !== 0,
		clientIp: reader.ipv4("dhcp ciaddr"),
		yourIp: reader.ipv4("dhcp yiaddr"),
		serverIp: reader.ipv4("dhcp siaddr"),
		relayIp: reader.ipv4("dhcp giaddr"),
		clientMac: isEthernet ? reader.mac("dhcp chaddr") : null,
		messageType: null,
		serverIdentifier: null,
		requestedIp: null,
		leaseSeconds: null,
		renewalSeconds: null,
		rebindingSeconds: null,
		subnetMask: null,
		routers: [],
		dns: [],
		hostName: null,
		domainName: null,
		vendorClass: null,
		clientId: null,
		message: null,
		interfaceMtu: null,
		rapidCommit: false,
		classlessRoutes: [],
		relayAgent: null,
	};
}

/** Whether the message has a magic cookie; one of BOOTP may even end before it. */
function takesCookie(reader: ByteReader): boolean {
	const endsBefore = reader.remaining < cookieLength && !reader.isCut;
	return !endsBefore && reader.u32("dhcp magic cookie") === magicCookie;
}
