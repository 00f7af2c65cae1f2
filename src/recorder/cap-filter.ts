import { linkType as link } from "../model/capture.js";

/** pcap-filter expressions of the handles of a port. */
export interface CapFilters {
	readonly all: string;
	/** Of these, the one that lets a frame through tells its direction. */
	readonly inbound: string;
	readonly outbound: string;
}

/** What vmpath follows; RARP is how QEMU announces a VM that has moved. */
const packets = "icmp or (ip and udp and (port 67 or port 68))";
const frames = `arp or rarp or ${packets}`;

/**
 * The filters of a port.
 *
 * The first `vlan` shifts what follows it by a tag only where the tag stands in the
 * frame: one that the kernel keeps beside it shifts nothing. The second finds the inner
 * of two tags. Each shift holds to the end of the expression, hence the nesting.
 *
 * @param linkType LINKTYPE_ number; without Ethernet there is no ARP, and no tag
 * @param extra pcap-filter expression that must hold as well; null: none
 */
export function buildCapFilters(
	linkType: number,
	extra: string | null,
): CapFilters {
	const isEthernet = linkType === link.ethernet;
	const followed = isEthernet ? frames : packets;
	const wanted = extra === null ? followed : `(${followed}) and (${extra})`;
	const all = isEthernet
		? `(${wanted}) or (vlan and ((${wanted}) or (vlan and (${wanted}))))`
		: wanted;
	return {
		all,
		inbound: `inbound and (${all})`,
		outbound: `outbound and (${all})`,
	};
}
