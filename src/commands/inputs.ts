import { createReadStream, existsSync } from "node:fs";
import { type FileHandle, open, readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { LogFile } from "../capture-file/read-log.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import { LinksError, parseLinks } from "../topology/links.js";
import { Failure } from "./failure.js";

/** Bytes read from a file at a time. */
const chunkLength = 1024 * 1024;
/** IFNAMSIZ - 1: the longest name an interface can have. */
const longestInterfaceName = 15;

/** A capture as named on the command line, opened. */
export interface Input extends LogFile {
	/** In bytes; null where it is not known (standard input, a pipe). */
	readonly size: number | null;
}

/** What a line of arguments says of one capture: `a.pcap`, `vnet0=a.pcap`, `-`. */
interface NamedPath {
	readonly path: string;
	readonly interfaceName: string | null;
}

/**
 * Opens captures before anything is read, so that a wrong name is told at once.
 *
 * @param onRead told of every chunk's length
 * @throws {Failure} naming the file and what is wrong with it
 */
export async function openInputs(
	args: readonly string[],
	onRead: (bytes: number) => void,
): Promise<Input[]> {
	const named = args.map(parseArgument);
	if (named.filter(({ path }) => path === "-").length > 1) {
		throw new Failure("standard input (-) can be read only once");
	}
	return Promise.all(named.map((argument) => openInput(argument, onRead)));
}

function parseArgument(argument: string): NamedPath {
	const match = /^([^\s/=]+)=(.+)$/s.exec(argument);
	const [, interfaceName, path] = match ?? [];
	if (
		interfaceName === undefined ||
		path === undefined ||
		existsSync(argument)
	) {
		return { path: argument, interfaceName: inferInterfaceName(argument) };
	}
	return { path, interfaceName };
}

/** `captures/vnet0.pcap.gz` and `vnet0.pcap3` are of `vnet0`. */
function inferInterfaceName(path: string): string | null {
	const name = basename(path).replace(
		/(\.(pcap|pcapng|cap|dmp|dump|trace))?\d*(\.gz)?$/i,
		"",
	);
	const isName = /^[^\s:]+$/.test(name) && name.length <= longestInterfaceName;
	return isName && path !== "-" ? name : null;
}

async function openInput(
	{ path, interfaceName }: NamedPath,
	onRead: (bytes: number) => void,
): Promise<Input> {
	const name = makeSafe(path === "-" ? "standard input" : path);
	const common = {
		name,
		interfaceName: interfaceName === null ? null : makeSafe(interfaceName),
	};
	if (path === "-") {
		if (process.stdin.isTTY) {
			throw new Failure(
				"standard input is a terminal: pipe a capture into it, as in `tcpdump -U -w - | vmpath replay -`",
			);
		}
		const chunks = readChunks(process.stdin, name, onRead);
		return { ...common, chunks, size: null };
	}
	const handle = await openFile(path, name);
	const size = await findSize(handle, name);
	const stream = createReadStream("", {
		fd: handle,
		highWaterMark: chunkLength,
	});
	const chunks = readChunks(stream, name, onRead);
	return { ...common, chunks, size };
}

/**
 * Reads the names of interface indexes from the output of `ip -o link`.
 *
 * @throws {Failure} naming the file and the line
 */
export async function readLinks(
	path: string | null,
): Promise<ReadonlyMap<number, SafeText>> {
	if (path === null) {
		return new Map();
	}
	const name = makeSafe(path);
	try {
		return parseLinks(await readFile(path, "utf8"));
	} catch (error) {
		throw error instanceof LinksError
			? new Failure(`--links ${name}: ${error.message}`)
			: fileFailure(name, error);
	}
}

async function openFile(path: string, name: SafeText): Promise<FileHandle> {
	try {
		return await open(path);
	} catch (error) {
		throw fileFailure(name, error);
	}
}

/** @returns null for what is no regular file: a pipe has no size */
async function findSize(
	handle: FileHandle,
	name: SafeText,
): Promise<number | null> {
	const stats = await handle.stat();
	if (stats.isDirectory()) {
		await handle.close();
		throw new Failure(`${name} is a directory: name the captures in it`);
	}
	return stats.isFile() ? stats.size : null;
}

async function* readChunks(
	stream: AsyncIterable<unknown>,
	name: SafeText,
	onRead: (bytes: number) => void,
): AsyncGenerator<Buffer> {
	try {
		for await (const chunk of stream) {
			const bytes = chunk as Buffer;
			onRead(bytes.length);
			yield bytes;
		}
	} catch (error) {
		throw fileFailure(name, error);
	}
}

const reasons: Readonly<Record<string, string>> = {
	ENOENT: "there is no such file",
	ENOTDIR: "there is no such file",
	EACCES: "permission denied: make it readable for you, or run as its owner",
	EISDIR: "is a directory: name the captures in it",
	ELOOP: "its symbolic links go in a circle",
};

/** Turns what the operating system says into one line. */
export function fileFailure(name: SafeText, error: unknown): Failure {
	const { code, message } = error as NodeJS.ErrnoException;
	const reason = reasons[code ?? ""] ?? makeSafe(message);
	return new Failure(`cannot read ${name}: ${reason}`, { cause: error });
}
