import {
	collectField,
	type DhcpOptions,
	noteOptionProblem,
} from "./dhcp-options.js";
import { readNumber } from "./dhcp-values.js";
import type { ByteReader } from "./reader.js";

const overloadOption = { code: 52, name: "option overload" };

/** Its values: which fields hold options as well (RFC 2132 section 9.3). */
const overloaded = { file: 1, sname: 2, both: 3 } as const;

/**
 * Collects the options of a message: those of the options field, then those that
 * option 52 says are in `file` and `sname`, in the order of RFC 3396 section 5.
 */
export function collectOptions(
	options: DhcpOptions,
	field: ByteReader,
	file: ByteReader,
	sname: ByteReader,
): void {
	collectField(options, field);
	const overload = readNumber(options, overloadOption, 1);
	switch (overload) {
		case null:
			break;
		case overloaded.file:
			collectField(options, file);
			break;
		case overloaded.sname:
			collectField(options, sname);
			break;
		case overloaded.both:
			collectField(options, file);
			collectField(options, sname);
			break;
		default:
			noteOptionProblem(
				options,
				`dhcp option 52 (option overload) is ${overload}, none of 1, 2, 3`,
			);
	}
}
