import type { Finding, Topology } from "../model/topology.js";
import type { Layout } from "./table.js";
import { listRemarks } from "./topology-remarks.js";

/** More findings than these are not told of a log. */
const findingLimit = 50;

/** What is wrong with the host of a log, each thing once, when it comes up. */
export class FindingLines {
	readonly #layout: Layout;
	readonly #told = new Set<string>();

	constructor(layout: Layout) {
		this.#layout = layout;
	}

	/** @returns whole lines on what is wrong now and was not before; none: "" */
	tell({ findings }: Topology): string {
		const news = findings.filter((finding) => this.#isNew(finding));
		const blocks = listRemarks({ findings: news, gaps: [] }, this.#layout);
		const lines = blocks.flatMap(([, ...remarks]) => remarks);
		return lines.map((line) => `${line}\n`).join("");
	}

	#isNew({ isProblem, id, message }: Finding): boolean {
		const key = `${id} ${message}`;
		if (!isProblem || this.#told.has(key) || this.#told.size >= findingLimit) {
			return false;
		}
		this.#told.add(key);
		return true;
	}
}
