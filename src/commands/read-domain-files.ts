import { makeSafe } from "../model/safe-text.js";
import type { DomainFile } from "../topology/domain-files.js";
import { parseDomainXml } from "../topology/domain-xml.js";
import { Failure } from "./failure.js";
import { fileFailure } from "./inputs.js";
import { readText } from "./read-text.js";

/** In bytes; domains have some thousands. */
const sizeLimit = 4 << 20;

/**
 * Reads the files of `--domain-xml`.
 *
 * @throws {Failure} when one cannot be read or is no domain XML
 */
export async function readDomainFiles(
	paths: readonly string[],
): Promise<DomainFile[]> {
	return Promise.all(paths.map(readDomainFile));
}

async function readDomainFile(path: string): Promise<DomainFile> {
	const name = makeSafe(path);
	const text = await readText(path, sizeLimit).catch((error) => {
		throw fileFailure(name, error);
	});
	try {
		parseDomainXml(text);
	} catch (error) {
		throw new Failure(
			`${name} is not the XML of a domain (\`virsh dumpxml NAME\`): ${explain(error)}`,
		);
	}
	return { path, text };
}

function explain(error: unknown): string {
	return makeSafe(error instanceof Error ? error.message : String(error));
}
