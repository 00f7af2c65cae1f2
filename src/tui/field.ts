/** A field: its name in the words of its RFC, and its value. */
export type Field = readonly [name: string, value: string];

/** A layer of a frame, or a part of one. */
export interface Layer {
	readonly title: string;
	readonly fields: readonly Field[];
	/** Its names and values are long: it needs the width of a narrow screen. */
	readonly isWide?: boolean;
}

/** Protocols of IPv4 by number (IANA). */
export const ipProtocols: ReadonlyMap<number, string> = new Map([
	[1, "ICMP"],
	[6, "TCP"],
	[17, "UDP"],
]);

/** `17 (UDP)`; a value that has no name alone. */
export function withName(
	value: number,
	names: ReadonlyMap<number, string>,
): string {
	const name = names.get(value);
	return name === undefined ? String(value) : `${value} (${name})`;
}

/** `0x0800` */
export function hex(value: number, digits: number): string {
	return `0x${value.toString(16).padStart(digits, "0")}`;
}
