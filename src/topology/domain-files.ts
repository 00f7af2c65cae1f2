import type { HostDocument, HostStatement } from "../model/host-document.js";

/** The source of a statement that holds a file of domain XML. */
export const domainFile = /^domain XML /;

/** A file of domain XML that the user named (`--domain-xml`). */
export interface DomainFile {
	readonly path: string;
	readonly text: string;
}

/** Adds files of domain XML to what the host said of its domains. */
export function addDomainFiles(
	documents: readonly HostDocument[],
	files: readonly DomainFile[],
): HostDocument[] {
	const type = "host-domains";
	const added = files.map(
		({ path, text }): HostStatement => ({
			source: `domain XML ${path}`,
			output: text,
			gap: null,
		}),
	);
	const said = documents.findLast((document) => document.type === type);
	const statements = [...(said?.statements ?? []), ...added];
	return files.length === 0
		? [...documents]
		: [...documents, { type, statements }];
}
