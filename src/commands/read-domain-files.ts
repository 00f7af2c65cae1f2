import { readFile, stat } from "node:fs/promises";
import { makeSafe } from "../model/safe-text.js";
import type { DomainFile } from "../topology/domain-files.js";
import { parseDomainXml } from "../topology/domain-xml.js";
import { Failure } from "./failure.js";

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
	const text = await readText(path);
	try {
		parseDomainXml(text);
	} catch (error) {
		throw new Failure(
			`${makeSafe(path)} is not the XML of a domain (\`virsh dumpxml NAME\`): ${explain(error)}`,
		);
	}
	return { path, text };
}

async function readText(path: string): Promise<string> {
	try {
		const { size } = await stat(path);
		if (size > sizeLimit) {
			throw new Error(`it has ${size} bytes`);
		}
		return await readFile(path, "utf8");
	} catch (error) {
		throw new Failure(`cannot read ${makeSafe(path)}: ${explain(error)}`);
	}
}

function explain(error: unknown): string {
	return makeSafe(error instanceof Error ? error.message : String(error));
}
