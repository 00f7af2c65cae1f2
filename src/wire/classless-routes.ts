import { formatIpv4 } from "../model/address.js";
import type { ClasslessRoute } from "../model/dhcp.js";
import {
	type DhcpOption,
	type DhcpOptions,
	noteOptionProblem,
	optionValue,
} from "./dhcp-options.js";
import { ByteReader } from "./reader.js";

const maxWidth = 32;
const routerLength = 4;

/**
 * Reads classless static routes (RFC 3442): the width of a destination's mask, as many
 * octets of it as that makes significant, and a router; again and again.
 *
 * A malformed route ends the list; those before it are kept.
 */
export function readClasslessRoutes(
	options: DhcpOptions,
	option: DhcpOption,
): readonly ClasslessRoute[] {
	const value = optionValue(options, option);
	if (value === null) {
		return [];
	}
	const routes: ClasslessRoute[] = [];
	const reader = new ByteReader(value);
	while (reader.remaining > 0) {
		const width = reader.u8("width of subnet mask");
		const octets = Math.ceil(width / 8);
		if (width > maxWidth || reader.remaining < octets + routerLength) {
			noteOptionProblem(
				options,
				`dhcp option ${option.code} (${option.name}): no route of mask width ${width} in ${reader.remaining} bytes`,
			);
			break;
		}
		routes.push({
			destination: `${formatIpv4(readDestination(reader, width, octets))}/${width}`,
			router: reader.ipv4("router"),
		});
	}
	return routes;
}

/** Bits beyond the mask carry no meaning, and are shown as zero. */
function readDestination(
	reader: ByteReader,
	width: number,
	octets: number,
): number {
	let destination = 0;
	for (let index = 0; index < octets; index++) {
		destination += reader.u8("destination") * 2 ** (24 - 8 * index);
	}
	return destination - (destination % 2 ** (maxWidth - width));
}
