/** When a log goes on in a new file, and how many are kept. */
export interface Rotation {
	/** A file ends at this size; null: whatever it is. */
	readonly bytes: number | null;
	/** A file ends at this age; null: whatever it is. */
	readonly ageMs: number | null;
	/** The oldest beyond so many are deleted; null: all are kept. */
	readonly files: number | null;
}

/**
 * The name of a file of a series, as dumpcap gives them: `vm.pcapng` becomes
 * `vm_00001_20261122161500.pcapng`, which sorts by age.
 *
 * @param at when it was begun; local time
 */
export function nameRotated(path: string, number: number, at: Date): string {
	const [, stem = path, extension = ""] =
		/^(.*?[^/])(\.[^./]+)?$/s.exec(path) ?? [];
	const digits = (value: number, count: number) =>
		String(value).padStart(count, "0");
	const time = [
		digits(at.getFullYear(), 4),
		...[at.getMonth() + 1, at.getDate(), at.getHours()].map((value) =>
			digits(value, 2),
		),
		...[at.getMinutes(), at.getSeconds()].map((value) => digits(value, 2)),
	].join("");
	return `${stem}_${digits(number, 5)}_${time}${extension}`;
}
