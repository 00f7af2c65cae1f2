/** ICMP types by name: RFC 792, RFC 950. */
export const icmpType = {
	echoReply: 0,
	unreachable: 3,
	sourceQuench: 4,
	redirect: 5,
	echoRequest: 8,
	timeExceeded: 11,
	parameterProblem: 12,
	timestamp: 13,
	timestampReply: 14,
	informationRequest: 15,
	informationReply: 16,
	addressMaskRequest: 17,
	addressMaskReply: 18,
} as const;

/** Whether messages of a type carry an identifier and a sequence number. */
export function hasIdentifier(type: number): boolean {
	return (
		type === icmpType.echoReply ||
		type === icmpType.echoRequest ||
		(type >= icmpType.timestamp && type <= icmpType.addressMaskReply)
	);
}

/**
 * Whether messages of a type say that the packet they quote did not get through. A
 * redirect does not: it is advice, and the packet was sent on (RFC 792; RFC 1812 section
 * 5.2.7.2).
 */
export function isIcmpError(type: number): boolean {
	return quotesPacket(type) && type !== icmpType.redirect;
}

/** Whether messages of a type quote the packet they are about. */
export function quotesPacket(type: number): boolean {
	return (
		(type >= icmpType.unreachable && type <= icmpType.redirect) ||
		type === icmpType.timeExceeded ||
		type === icmpType.parameterProblem
	);
}
