import type { DhcpMessage } from "../model/dhcp.js";
import { readClasslessRoutes } from "./classless-routes.js";
import type { DhcpOption, DhcpOptions } from "./dhcp-options.js";
import {
	readAddress,
	readAddresses,
	readFlag,
	readHex,
	readNumber,
	readText,
} from "./dhcp-values.js";
import type { Draft } from "./draft.js";
import { readRelayAgentInformation } from "./relay-agent.js";

/** Codes and names: RFC 2132; 80: RFC 4039; 82: RFC 3046; 121: RFC 3442. */
const option = {
	subnetMask: { code: 1, name: "subnet mask" },
	router: { code: 3, name: "router" },
	dns: { code: 6, name: "domain name server" },
	hostName: { code: 12, name: "host name" },
	domainName: { code: 15, name: "domain name" },
	interfaceMtu: { code: 26, name: "interface mtu" },
	requestedIp: { code: 50, name: "requested ip address" },
	leaseTime: { code: 51, name: "ip address lease time" },
	messageType: { code: 53, name: "message type" },
	serverIdentifier: { code: 54, name: "server identifier" },
	message: { code: 56, name: "message" },
	renewalTime: { code: 58, name: "renewal time" },
	rebindingTime: { code: 59, name: "rebinding time" },
	vendorClass: { code: 60, name: "vendor class identifier" },
	clientId: { code: 61, name: "client identifier" },
	rapidCommit: { code: 80, name: "rapid commit" },
	relayAgent: { code: 82, name: "relay agent information" },
	classlessRoutes: { code: 121, name: "classless static route" },
} as const satisfies Record<string, DhcpOption>;

/** A type byte and at least one byte more (RFC 2132 section 9.14). */
const minClientIdLength = 2;

/**
 * Fills in the fields of a message that options give; those of options that are missing
 * or malformed become null or empty.
 */
export function fillOptionFields(
	message: Draft<DhcpMessage>,
	options: DhcpOptions,
): void {
	message.messageType = readNumber(options, option.messageType, 1);
	message.serverIdentifier = readAddress(options, option.serverIdentifier);
	message.requestedIp = readAddress(options, option.requestedIp);
	message.leaseSeconds = readNumber(options, option.leaseTime, 4);
	message.renewalSeconds = readNumber(options, option.renewalTime, 4);
	message.rebindingSeconds = readNumber(options, option.rebindingTime, 4);
	message.subnetMask = readAddress(options, option.subnetMask);
	message.routers = readAddresses(options, option.router);
	message.dns = readAddresses(options, option.dns);
	message.hostName = readText(options, option.hostName);
	message.domainName = readText(options, option.domainName);
	message.vendorClass = readText(options, option.vendorClass);
	message.clientId = readHex(options, option.clientId, minClientIdLength);
	message.message = readText(options, option.message);
	message.interfaceMtu = readNumber(options, option.interfaceMtu, 2);
	message.rapidCommit = readFlag(options, option.rapidCommit);
	message.classlessRoutes = readClasslessRoutes(
		options,
		option.classlessRoutes,
	);
	message.relayAgent = readRelayAgentInformation(options, option.relayAgent);
}
