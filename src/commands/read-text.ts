import { createReadStream } from "node:fs";

/**
 * Reads a file of text, or a pipe such as a shell gives for `<(ip -o link)`.
 *
 * @param limit in bytes
 * @throws the operating system's error; an Error when there is more, as in /dev/zero
 */
export async function readText(path: string, limit: number): Promise<string> {
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of createReadStream(path)) {
		chunks.push(chunk);
		length += chunk.length;
		if (length > limit) {
			throw new Error(`it has more than ${limit} bytes`);
		}
	}
	return Buffer.concat(chunks).toString("utf8");
}
