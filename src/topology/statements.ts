import type {
	HostDocument,
	HostDocumentType,
	Json,
} from "../model/host-document.js";
import { makeSafe } from "../model/safe-text.js";
import type { TopologyGap } from "../model/topology.js";

/** Gaps that another source tells of as well, or that nothing rests on. */
const minor = /^virsh --version$/;

/** Most gaps that are kept; a thousand domains may each have one. */
const gapLimit = 200;

const unexpected = "its output is not as vmpath knows it";

/**
 * Hands out what the host's sources said, and notes what they did not say or what could
 * not be read of it. Of several documents of one type the last one holds.
 */
export class Statements {
	readonly #documents = new Map<HostDocumentType, HostDocument>();
	readonly #gaps: TopologyGap[] = [];

	constructor(documents: readonly HostDocument[]) {
		for (const document of documents) {
			this.#documents.set(document.type, document);
		}
		for (const { statements } of this.#documents.values()) {
			for (const { source, gap } of statements) {
				if (gap !== null && !minor.test(source)) {
					this.#addGap(source, gap.reason, gap.fix);
				}
			}
		}
	}

	get gaps(): readonly TopologyGap[] {
		return this.#gaps;
	}

	/**
	 * What a parser makes of each source of a document that matches; a parser that
	 * returns null, or throws, says that the output is not what it reads: that is a gap.
	 */
	read<T>(
		type: HostDocumentType,
		matches: RegExp,
		parse: (output: Json, source: string) => T | null,
	): T[] {
		const statements = this.#documents.get(type)?.statements ?? [];
		return statements.flatMap(({ source, output }) =>
			output === null || !matches.test(source)
				? []
				: this.attempt(source, () => parse(output, source)),
		);
	}

	/** As `read`, for a part of what a source said. */
	attempt<T>(source: string, parse: () => T | null): T[] {
		let reason = unexpected;
		try {
			const parsed = parse();
			if (parsed !== null) {
				return [parsed];
			}
		} catch (error) {
			reason = error instanceof Error ? error.message : unexpected;
		}
		this.#addGap(source, reason, null);
		return [];
	}

	#addGap(source: string, reason: string, fix: string | null): void {
		if (this.#gaps.length < gapLimit) {
			this.#gaps.push({
				source: makeSafe(source),
				reason: makeSafe(reason),
				fix: fix === null ? null : makeSafe(fix),
			});
		}
	}
}
