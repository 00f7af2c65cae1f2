import type { RelayAgentInformation } from "../model/dhcp.js";
import {
	type DhcpOption,
	type DhcpOptions,
	noteOptionProblem,
	optionValue,
} from "./dhcp-options.js";
import { toHex } from "./dhcp-values.js";
import { ByteReader } from "./reader.js";

/** RFC 3046 section 3. */
const subOption = { circuitId: 1, remoteId: 2 } as const;

/** Code and length. */
const subOptionHeaderLength = 2;

/**
 * Reads the relay agent information option (RFC 3046); null when the message lacks it.
 *
 * A malformed sub-option ends the list; those before it are kept.
 */
export function readRelayAgentInformation(
	options: DhcpOptions,
	option: DhcpOption,
): RelayAgentInformation | null {
	const value = optionValue(options, option);
	if (value === null) {
		return null;
	}
	const subOptions = new Map<number, string>();
	const reader = new ByteReader(value);
	while (reader.remaining > 0) {
		const code = reader.peek(0) ?? 0;
		const length = reader.peek(1) ?? 0;
		if (reader.remaining < subOptionHeaderLength + length) {
			noteOptionProblem(
				options,
				`dhcp option ${option.code} (${option.name}): sub-option ${code} is cut short`,
			);
			break;
		}
		reader.skip(subOptionHeaderLength, "sub-option header");
		subOptions.set(code, toHex(reader.take(length, "sub-option")));
	}
	return {
		circuitId: subOptions.get(subOption.circuitId) ?? null,
		remoteId: subOptions.get(subOption.remoteId) ?? null,
	};
}
