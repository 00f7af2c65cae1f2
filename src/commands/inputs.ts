import { createReadStream, existsSync } from "node:fs";
import { open } from "node:fs/promises";
import type { LogFile } from "../capture-file/read-log.js";
import type { Mac } from "../model/address.js";
import { makeSafe, type SafeText } from "../model/safe-text.js";
import type { Topology } from "../model/topology.js";
import { LinksError, parseBridgeMacs, parseLinks } from "../topology/links.js";
import { readRegularFile, readStream } from "./chunks.js";
import { Failure } from "./failure.js";
import { inferInterfaceName } from "./interface-name.js";
import { readText } from "./read-text.js";

/** A capture as named on the command line, opened. */
export interface Input extends LogFile {
	/** In bytes; null where it is not known (standard input, a pipe). */
	readonly size: number | null;
	/** Ends it here: open standard input would keep Node alive. */
	close(): void;
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

async function openInput(
	{ path, interfaceName }: NamedPath,
	onRead: (bytes: number) => void,
): Promise<Input> {
	const isStandardInput = path === "-";
	const name = makeSafe(isStandardInput ? "standard input" : path);
	const { chunks, size, close } = isStandardInput
		? openStandardInput()
		: await openFile(path, name);
	return {
		name,
		interfaceName: interfaceName === null ? null : makeSafe(interfaceName),
		chunks: watchChunks(chunks, name, onRead),
		size,
		close,
	};
}

type Opened = Pick<Input, "chunks" | "size" | "close">;

function openStandardInput(): Opened {
	const { stdin } = process;
	if (stdin.isTTY) {
		throw new Failure(
			"standard input is a terminal: pipe a capture into it, as in `tcpdump -U -w - | vmpath replay -`",
		);
	}
	return { ...readStream(stdin), size: null };
}

/** What `ip -o link` says of the captured host. */
export interface HostLinks {
	/** Names of interface indexes. */
	readonly indexNames: ReadonlyMap<number, SafeText>;
	/** The host's own MAC addresses, by the bridge that has them. */
	readonly hostMacs: ReadonlyMap<SafeText, Mac>;
	/** How the host is made, if someone says so beside the log. */
	readonly topology?: Topology | null;
}

/** In bytes; a host has two lines an interface, of some hundred. */
const linksLimit = 16 << 20;

/**
 * Reads the names of interface indexes from the output of `ip -o link`.
 *
 * @throws {Failure} naming the file and the line
 */
export async function readLinks(path: string | null): Promise<HostLinks> {
	if (path === null) {
		return { indexNames: new Map(), hostMacs: new Map() };
	}
	const name = makeSafe(path);
	try {
		const text = await readText(path, linksLimit);
		return { indexNames: parseLinks(text), hostMacs: parseBridgeMacs(text) };
	} catch (error) {
		throw error instanceof LinksError
			? new Failure(
					`--links ${name}: ${error.message} (make it with \`ip -o link\`)`,
				)
			: fileFailure(name, error);
	}
}

async function openFile(path: string, name: SafeText): Promise<Opened> {
	try {
		const handle = await open(path);
		const stats = await handle.stat();
		if (stats.isDirectory()) {
			await handle.close();
			throw directoryFailure(name);
		}
		return stats.isFile()
			? { ...readRegularFile(handle), size: stats.size }
			: { ...readStream(createReadStream("", { fd: handle })), size: null };
	} catch (error) {
		throw fileFailure(name, error);
	}
}

async function* watchChunks(
	chunks: AsyncIterable<Buffer>,
	name: SafeText,
	onRead: (bytes: number) => void,
): AsyncGenerator<Buffer> {
	try {
		for await (const chunk of chunks) {
			onRead(chunk.length);
			yield chunk;
		}
	} catch (error) {
		throw fileFailure(name, error);
	}
}

const reasons: Readonly<Record<string, string>> = {
	ENOENT: "there is no such file",
	ENOTDIR: "there is no such file",
	EACCES: "permission denied: make it readable for you, or run as its owner",
	EPERM: "permission denied: make it readable for you, or run as its owner",
	ELOOP: "its symbolic links go in a circle",
	ENXIO: "it is a socket or a device, not a file",
};

function directoryFailure(name: SafeText): Failure {
	return new Failure(`${name} is a directory: name a file in it`);
}

/** Turns what the operating system says of a file into one line. */
export function fileFailure(name: SafeText, error: unknown): Failure {
	if (error instanceof Failure) {
		return error;
	}
	const { code, message } = error as NodeJS.ErrnoException;
	if (code === "EISDIR") {
		return directoryFailure(name);
	}
	const reason = reasons[code ?? ""] ?? makeSafe(message);
	return new Failure(`cannot read ${name}: ${reason}`, { cause: error });
}
