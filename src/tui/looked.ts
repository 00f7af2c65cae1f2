import type { View } from "./view.js";

/** What of a view decides what is true for it. */
export interface Looked {
	readonly vm: string | null;
	readonly filter: string;
	readonly frozen: View["frozen"];
	readonly positionNs: number | null;
	readonly isReplay: boolean;
	/** Of the store, when it was looked at. */
	readonly changes: number;
}

/** Whether the same is true for both. */
export function isSameLook(a: Looked, b: Looked | null): boolean {
	return (
		b !== null &&
		a.vm === b.vm &&
		a.filter === b.filter &&
		a.frozen === b.frozen &&
		a.positionNs === b.positionNs &&
		a.isReplay === b.isReplay &&
		a.changes === b.changes
	);
}
