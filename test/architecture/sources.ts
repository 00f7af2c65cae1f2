import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../src", import.meta.url));

/** A source file of the program. */
export interface Source {
	/** `wire/dhcp.ts` */
	readonly path: string;
	/** `wire`; `cli.ts` is a room of its own. */
	readonly room: string;
	readonly text: string;
	/** Without comments and without what stands in quotes. */
	readonly code: string;
}

/** An import of a module, written in any way. */
export interface Import {
	readonly from: Source;
	/** `node:fs`, `execa`, or the path of a source. */
	readonly module: string;
	/** Of a source; null for others. */
	readonly room: string | null;
}

/** All files below `src`, of whatever kind. */
export function listFiles(): string[] {
	return readdirSync(root, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name))
		.map((path) => path.slice(root.length + 1));
}

/** All TypeScript below `src`. */
export function readSources(): Source[] {
	return listFiles()
		.filter((path) => /\.tsx?$/.test(path))
		.map((path) => {
			const text = readFileSync(join(root, path), "utf8");
			return { path, room: roomOf(path), text, code: stripText(text) };
		});
}

/** Static and dynamic imports, and re-exports. */
export function findImports(source: Source): Import[] {
	const clauses =
		/(?:^|[\s;}])(?:from|import|import\s*\(|require\s*\()\s*"([^"]+)"/g;
	return [...source.text.matchAll(clauses)].map(([, module = ""]) => {
		const isSource = module.startsWith(".");
		const path = isSource
			? join("/", source.path, "..", module).slice(1)
			: module;
		return { from: source, module: path, room: isSource ? roomOf(path) : null };
	});
}

function roomOf(path: string): string {
	const [first = ""] = path.split("/");
	return first.replace(/\.js$/, ".ts");
}

function stripText(text: string): string {
	return text
		.replaceAll(/\/\*[\s\S]*?\*\//g, "")
		.replaceAll(/"(?:[^"\\\n]|\\.)*"/g, '""')
		.replaceAll(/(^|\s)\/\/.*$/gm, "");
}
